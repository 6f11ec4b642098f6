package io.egressgateway.load.bench.failover;

import java.time.Duration;

/** Pauses of different length, so that no timer of the product is always met in one phase. */
final class Spread {
  private static final Duration STEP = Duration.ofMillis(73);
  private static final int STEPS = 11;

  private Spread() {}

  static void pause(int run) throws InterruptedException {
    Thread.sleep(STEP.multipliedBy(run % STEPS));
  }
}
