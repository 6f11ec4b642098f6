package io.egressgateway.load.bench.report;

/** A figure to reach. */
public sealed interface Bar {
  /** What the figure is counted in. */
  Unit unit();

  /** Where the bar lies. */
  double limit();

  /** Whether this value reaches it. */
  boolean isReachedBy(double value);

  /** {@code <= 150 ms}. */
  String text();

  /** Less is better. */
  record AtMost(double limit, Unit unit) implements Bar {
    @Override
    public boolean isReachedBy(double value) {
      return value <= limit;
    }

    @Override
    public String text() {
      return "<= " + unit.format(limit);
    }
  }

  /** More is better. */
  record AtLeast(double limit, Unit unit) implements Bar {
    @Override
    public boolean isReachedBy(double value) {
      return value >= limit;
    }

    @Override
    public String text() {
      return ">= " + unit.format(limit);
    }
  }
}
