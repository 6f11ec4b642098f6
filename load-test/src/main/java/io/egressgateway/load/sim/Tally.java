package io.egressgateway.load.sim;

import java.util.ArrayList;
import java.util.Collections;
import java.util.EnumMap;
import java.util.EnumSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.SortedMap;
import java.util.TreeMap;

/** What many runs came to. Threads may add at the same time; the result does not depend on how. */
final class Tally {
  private final Map<Invariant, SortedMap<Long, Violation>> broken = new EnumMap<>(Invariant.class);
  private final SortedMap<Long, Violation> failed = new TreeMap<>();
  private long runs;
  private long heldNanos;
  private long longestOverlapNanos;

  synchronized void add(Simulation.Outcome outcome) {
    runs++;
    heldNanos += outcome.heldNanos();
    Set<Invariant> seen = EnumSet.noneOf(Invariant.class);
    for (Violation violation : outcome.violations()) {
      failed.putIfAbsent(outcome.seed(), violation);
      longestOverlapNanos = Math.max(longestOverlapNanos, violation.lengthNanos());
      if (seen.add(violation.invariant())) {
        broken
            .computeIfAbsent(violation.invariant(), key -> new TreeMap<>())
            .put(outcome.seed(), violation);
      }
    }
  }

  synchronized long runs() {
    return runs;
  }

  /** Runs in which any invariant was broken. */
  synchronized int broken() {
    return failed.size();
  }

  /** Runs in which an invariant was broken. */
  synchronized int broken(Invariant invariant) {
    return broken.getOrDefault(invariant, Collections.emptySortedMap()).size();
  }

  /** The first seed that broke anything, with what it broke. */
  synchronized List<Map.Entry<Long, Violation>> firstFailures(int most) {
    return failed.entrySet().stream().limit(most).map(Map.Entry::copyOf).toList();
  }

  /** Each invariant that was broken, with the first seed. */
  synchronized List<Map.Entry<Invariant, Long>> firstSeeds() {
    List<Map.Entry<Invariant, Long>> seeds = new ArrayList<>();
    broken.forEach((invariant, runs) -> seeds.add(Map.entry(invariant, runs.firstKey())));
    return seeds;
  }

  synchronized long heldNanos() {
    return heldNanos;
  }

  synchronized long longestOverlapNanos() {
    return longestOverlapNanos;
  }
}
