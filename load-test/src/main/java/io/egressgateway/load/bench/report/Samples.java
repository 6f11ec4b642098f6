package io.egressgateway.load.bench.report;

import java.util.Arrays;
import java.util.Collection;

/** Values of one kind, at least one. Percentiles are nearest-rank: always a value that occurred. */
public final class Samples {
  private static final double PERCENT = 100;

  private final double[] sorted;

  private Samples(double[] sorted) {
    this.sorted = sorted;
  }

  /**
   * These values, in any order.
   *
   * @throws IllegalArgumentException if there are none
   */
  public static Samples of(Collection<Double> values) {
    if (values.isEmpty()) {
      throw new IllegalArgumentException("no samples");
    }
    double[] sorted = values.stream().mapToDouble(Double::doubleValue).toArray();
    Arrays.sort(sorted);
    return new Samples(sorted);
  }

  /** How many there are. */
  public int count() {
    return sorted.length;
  }

  /**
   * The smallest value that this share of all does not exceed.
   *
   * @param percent above 0, at most 100
   */
  public double percentile(double percent) {
    if (!(percent > 0 && percent <= PERCENT)) {
      throw new IllegalArgumentException(percent + " is no percentile");
    }
    int rank = (int) Math.ceil(percent / PERCENT * sorted.length);
    return sorted[rank - 1];
  }

  /** The 50th percentile. */
  public double median() {
    return percentile(PERCENT / 2);
  }

  /** The smallest. */
  public double min() {
    return sorted[0];
  }

  /** The largest. */
  public double max() {
    return sorted[sorted.length - 1];
  }
}
