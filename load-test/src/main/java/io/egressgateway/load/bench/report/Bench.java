package io.egressgateway.load.bench.report;

import java.util.Optional;
import java.util.function.Consumer;

/** A benchmark with its options set. Not thread-safe. */
public interface Bench {
  /** The name by which it is started. */
  String name();

  /** What this machine lacks for it, and the remedy, as a sentence; empty if nothing. */
  Optional<String> missing();

  /**
   * Measures.
   *
   * @param progress receives a line now and then, so that nobody waits before a silent screen; from
   *     any thread
   * @throws Exception if it cannot be measured
   */
  Findings run(Consumer<String> progress) throws Exception;
}
