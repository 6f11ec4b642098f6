package io.egressgateway.policy.domain;

import java.time.Duration;

/**
 * Keeps addresses away from a node that loses one session after the other. The first lost session
 * costs {@link #FIRST_HOLD}, each further one twice the former, up to {@link #HOLD_MAX}; after
 * {@link #CALM} without loss all is forgiven.
 */
final class Damping {
  static final Duration FIRST_HOLD = Duration.ofSeconds(5);
  static final Duration HOLD_MAX = Duration.ofMinutes(5);
  static final Duration CALM = Duration.ofMinutes(10);

  /** Enough doublings to reach the longest hold. */
  private static final int DOUBLINGS_MAX = 6;

  private int losses;
  private long lastLossNanos;
  private long heldUntilNanos = Long.MIN_VALUE;

  /** The node went silent and its session had to be voted dead. */
  void lost(long now) {
    count(now);
    hold(now);
  }

  /** The node's agent began anew by itself: once in a while that is no reason to avoid the node. */
  void restarted(long now) {
    count(now);
    if (losses > 1) {
      hold(now);
    }
  }

  /** Whether the node is to get nothing now. */
  boolean isHolding(long now) {
    return now < heldUntilNanos;
  }

  long heldUntilNanos() {
    return heldUntilNanos;
  }

  private void count(long now) {
    if (losses > 0 && now - lastLossNanos >= CALM.toNanos()) {
      losses = 0;
    }
    losses++;
    lastLossNanos = now;
  }

  private void hold(long now) {
    long hold = FIRST_HOLD.toNanos() << Math.min(losses - 1, DOUBLINGS_MAX);
    heldUntilNanos = now + Math.min(hold, HOLD_MAX.toNanos());
  }
}
