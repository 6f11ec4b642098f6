package io.egressgateway.policy.domain;

import io.egressgateway.core.lease.LeaseTerms;
import io.egressgateway.core.lease.Rule;
import io.egressgateway.core.lease.Rules;
import java.util.Collections;
import java.util.SortedMap;
import java.util.SortedSet;
import java.util.TreeMap;
import java.util.TreeSet;

/**
 * One round of votes about one session. A round is shorter than half a lease, so that no witness
 * can have forgotten its vote, by a restart, while the others are still voting (R6).
 */
final class VoteRound {
  private final long number;
  private final long startedNanos;
  private final SortedSet<Integer> votes = new TreeSet<>();
  // When those that have not voted will have let go, by their last word.
  private final SortedMap<Integer, Long> freeNanos = new TreeMap<>();
  private long askedNanos;

  VoteRound(long number, long now) {
    this.number = number;
    this.startedNanos = now;
    this.askedNanos = now;
  }

  long number() {
    return number;
  }

  boolean isOver(Rules rules, LeaseTerms terms, long now) {
    return rules.obeys(Rule.R6_VOTES_OF_ONE_ROUND)
        && now - startedNanos >= terms.lease().toNanos() / 2;
  }

  /**
   * When it is time to ask again: as soon as a majority can vote, as far as is known, and never
   * later than after the usual pause.
   */
  long askAgainNanos(int majority) {
    long usual = askedNanos + AuthorityCore.ASK_AGAIN.toNanos();
    int missing = majority - votes.size();
    return freeNanos.values().stream()
        .sorted()
        .skip(Math.max(missing - 1, 0))
        .findFirst()
        .filter(free -> free > askedNanos)
        .map(free -> Math.min(free, usual))
        .orElse(usual);
  }

  void askedAgain(long now) {
    askedNanos = now;
  }

  void held(int witness, long untilNanos) {
    freeNanos.put(witness, untilNanos);
  }

  void vote(int witness) {
    votes.add(witness);
    freeNanos.remove(witness);
  }

  SortedSet<Integer> votes() {
    return Collections.unmodifiableSortedSet(votes);
  }
}
