package io.egressgateway.node.agent;

import java.time.Duration;

/**
 * Doubling delays.
 *
 * @param first after the first failure
 * @param most never more than this
 */
public record Backoff(Duration first, Duration most) {
  /** Doubling ends here, long after any sensible {@code most}. */
  private static final int DOUBLINGS_MAX = 20;

  /**
   * The delay before the next attempt.
   *
   * @param failures in a row, at least one
   */
  public Duration after(int failures) {
    Duration delay = first.multipliedBy(1L << Math.min(failures - 1, DOUBLINGS_MAX));
    return delay.compareTo(most) > 0 ? most : delay;
  }
}
