package io.egressgateway.core.model;

/**
 * Counts the plans of one node: it grows with every new plan and never repeats.
 *
 * @param value 0 or above
 */
public record Revision(long value) implements Comparable<Revision> {

  /** Before the first. */
  public static final Revision ZERO = new Revision(0);

  /**
   * Checks the range.
   *
   * @throws IllegalArgumentException when the value is negative
   */
  public Revision {
    Limits.requireWithin("revision", value, new Limits.Bounds(0, Long.MAX_VALUE));
  }

  /**
   * The one after this.
   *
   * @throws ArithmeticException after {@link Long#MAX_VALUE}
   */
  public Revision next() {
    return new Revision(Math.addExact(value, 1));
  }

  @Override
  public int compareTo(Revision other) {
    return Long.compare(value, other.value);
  }

  @Override
  public String toString() {
    return Long.toString(value);
  }
}
