package io.egressgateway.node.agent;

import io.egressgateway.node.kernel.DriftKind;
import io.egressgateway.node.kernel.KernelChange;
import java.util.Collection;
import java.util.Collections;
import java.util.EnumMap;
import java.util.Map;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.concurrent.atomic.LongAdder;

/** How often things of ours were put right since the agent started. For any thread. */
public final class DriftRepairs {
  private final Map<DriftKind, LongAdder> repairs = new EnumMap<>(DriftKind.class);

  public DriftRepairs() {
    for (DriftKind kind : DriftKind.values()) {
      repairs.put(kind, new LongAdder());
    }
  }

  void count(Collection<KernelChange> changes) {
    changes.forEach(change -> adder(DriftKind.of(change)).increment());
  }

  /** The number of repairs of a kind. */
  public long count(DriftKind kind) {
    return adder(kind).sum();
  }

  /** All numbers, those that are 0 too. */
  public SortedMap<DriftKind, Long> counts() {
    SortedMap<DriftKind, Long> counts = new TreeMap<>();
    repairs.forEach((kind, adder) -> counts.put(kind, adder.sum()));
    return Collections.unmodifiableSortedMap(counts);
  }

  private LongAdder adder(DriftKind kind) {
    LongAdder adder = repairs.get(kind);
    if (adder == null) {
      throw new IllegalStateException("no counter of " + kind);
    }
    return adder;
  }
}
