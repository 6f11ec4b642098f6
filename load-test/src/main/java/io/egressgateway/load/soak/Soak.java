package io.egressgateway.load.soak;

import io.egressgateway.load.failover.Scene;
import io.egressgateway.load.fault.Breakage;
import io.egressgateway.load.oracle.UdpStream.Gap;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.SortedMap;
import java.util.SplittableRandom;
import java.util.TreeMap;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;

/** Breaks things in a scene for a while and judges by the oracles. For one thread. */
final class Soak {
  private static final Duration HOLD_MIN = Duration.ofMillis(200);
  private static final Duration HOLD_MAX = Duration.ofSeconds(6);
  private static final Duration REST_MAX = Duration.ofSeconds(3);
  private static final int SECOND_FAULT_ONE_IN = 4;
  private static final int SETTLE_EVERY = 5;
  private static final int TRACE_MAX = 40;

  private final Scene scene;
  private final List<FaultKind> kinds;
  private final SplittableRandom random;
  private final Consumer<String> progress;
  private final List<String> trace = new ArrayList<>();

  Soak(Scene scene, List<FaultKind> kinds, long seed, Consumer<String> progress) {
    this.scene = scene;
    this.kinds = kinds;
    this.random = new SplittableRandom(seed);
    this.progress = progress;
  }

  /**
   * How it ended.
   *
   * @param faults how many things were broken
   * @param gaps how many times without a datagram, by their upper bound in milliseconds
   * @param violations of what must never be; empty is good
   * @param trace the last faults before the first violation
   */
  record Verdict(
      int faults, SortedMap<Long, Integer> gaps, List<String> violations, List<String> trace) {}

  Verdict run(Duration length) throws Exception {
    long end = System.nanoTime() + length.toNanos();
    long began = System.nanoTime();
    int faults = 0;
    while (System.nanoTime() < end && scene.violations().isEmpty()) {
      faults += round();
      if (faults % SETTLE_EVERY == 0) {
        scene.settle();
      }
      progress.accept(
          "%d s left, %d faults, %d of %d datagrams arrived, violations: %d"
              .formatted(
                  Math.max(0, TimeUnit.NANOSECONDS.toSeconds(end - System.nanoTime())),
                  faults,
                  scene.stream().arrived(),
                  scene.stream().sent(),
                  scene.violations().size()));
    }
    if (scene.violations().isEmpty()) {
      scene.settle();
    }
    return new Verdict(faults, histogram(began), scene.violations(), List.copyOf(trace));
  }

  /** One fault, sometimes with another on top of it, mended after a while. */
  private int round() throws Exception {
    List<Breakage> broken = new ArrayList<>();
    try {
      strike(broken);
      if (random.nextInt(SECOND_FAULT_ONE_IN) == 0) {
        strike(broken);
      }
      Thread.sleep(random.nextLong(HOLD_MIN.toMillis(), HOLD_MAX.toMillis()));
    } finally {
      for (Breakage breakage : broken.reversed()) {
        breakage.mend();
      }
    }
    Thread.sleep(random.nextLong(REST_MAX.toMillis()));
    return broken.size();
  }

  private void strike(List<Breakage> broken) throws Exception {
    FaultKind kind = kinds.get(random.nextInt(kinds.size()));
    Breakage breakage = kind.strike(scene, random);
    broken.add(breakage);
    if (trace.size() == TRACE_MAX) {
      trace.removeFirst();
    }
    trace.add("%d ms: %s".formatted(System.nanoTime() / 1_000_000, breakage.name()));
  }

  /** Upper bounds double from 25 ms. */
  private SortedMap<Long, Integer> histogram(long sinceNanos) {
    SortedMap<Long, Integer> bins = new TreeMap<>();
    for (Gap gap : scene.stream().gapsSince(sinceNanos)) {
      long bound = 25;
      while (bound < gap.length().toMillis()) {
        bound *= 2;
      }
      bins.merge(bound, 1, Integer::sum);
    }
    return bins;
  }
}
