package io.egressgateway.policy.domain;

import io.egressgateway.core.lease.LeaseTerms;
import io.egressgateway.core.lease.Rule;
import io.egressgateway.core.lease.Rules;
import java.util.Collections;
import java.util.SortedSet;
import java.util.TreeSet;

/**
 * One round of votes about one session. A round is shorter than half a lease, so that no witness
 * can have forgotten its vote, by a restart, while the others are still voting (R6).
 */
final class VoteRound {
  private final long number;
  private final long startedNanos;
  private final SortedSet<Integer> votes = new TreeSet<>();
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

  long askedNanos() {
    return askedNanos;
  }

  void askedAgain(long now) {
    askedNanos = now;
  }

  void vote(int witness) {
    votes.add(witness);
  }

  SortedSet<Integer> votes() {
    return Collections.unmodifiableSortedSet(votes);
  }
}
