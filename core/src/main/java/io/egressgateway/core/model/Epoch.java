package io.egressgateway.core.model;

/**
 * Counts the assignments of one egress IP: it grows with every new holder and never repeats.
 *
 * @param value 0 or above
 */
public record Epoch(long value) implements Comparable<Epoch> {

  /** Before the first. */
  public static final Epoch ZERO = new Epoch(0);

  /**
   * Checks the range.
   *
   * @throws IllegalArgumentException when the value is negative
   */
  public Epoch {
    Limits.requireWithin("epoch", value, new Limits.Bounds(0, Long.MAX_VALUE));
  }

  /**
   * The one after this.
   *
   * @throws ArithmeticException after {@link Long#MAX_VALUE}
   */
  public Epoch next() {
    return new Epoch(Math.addExact(value, 1));
  }

  @Override
  public int compareTo(Epoch other) {
    return Long.compare(value, other.value);
  }

  @Override
  public String toString() {
    return Long.toString(value);
  }
}
