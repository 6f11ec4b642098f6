package io.egressgateway.load.api.fault;

import java.util.Optional;
import java.util.concurrent.atomic.AtomicInteger;

/** What is done to which calls, and how often. Thread-safe. */
final class Rule {
  static final int ALWAYS = Integer.MAX_VALUE;

  private final ApiCall.Which which;
  private final Treatment treatment;
  private final AtomicInteger left;
  private final int times;

  Rule(ApiCall.Which which, Treatment treatment, int times) {
    this.which = which;
    this.treatment = treatment;
    this.times = times;
    this.left = new AtomicInteger(times);
  }

  /** What to do to this call. */
  Optional<Treatment> strike(ApiCall call) {
    return which.test(call) && left.getAndUpdate(n -> Math.max(0, n - 1)) > 0
        ? Optional.of(treatment)
        : Optional.empty();
  }

  /** How many calls it has struck. */
  int hits() {
    return times - left.get();
  }

  boolean isSpent() {
    return left.get() == 0;
  }

  /** Strikes no more. */
  void lift() {
    left.set(0);
  }
}
