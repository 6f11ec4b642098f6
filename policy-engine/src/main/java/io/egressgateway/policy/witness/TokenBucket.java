package io.egressgateway.policy.witness;

import java.time.Duration;

/**
 * Lets things happen at a rate, and some of them at once. Not thread-safe.
 *
 * <p>Counted in the time that the tokens are worth, so that no rounding adds up.
 */
final class TokenBucket {
  private final Rate rate;
  private long emptyUntil;

  /**
   * How often something may happen.
   *
   * @param interval between two in the long run
   * @param burst how many at once after a rest
   */
  record Rate(Duration interval, int burst) {
    private long fullNanos() {
      return interval.toNanos() * burst;
    }
  }

  /** A full bucket. */
  TokenBucket(Rate rate, long nowNanos) {
    this.rate = rate;
    this.emptyUntil = nowNanos - rate.fullNanos();
  }

  /** Whether it may happen now; if so, it has. */
  boolean take(long nowNanos) {
    long start = Math.max(0, nowNanos - rate.fullNanos() - emptyUntil) + emptyUntil;
    long after = start + rate.interval().toNanos();
    if (after - nowNanos > 0) {
      return false;
    }
    emptyUntil = after;
    return true;
  }
}
