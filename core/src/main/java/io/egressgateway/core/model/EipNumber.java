package io.egressgateway.core.model;

/**
 * The number that stands for an egress IP in tunnelled packets.
 *
 * @param value 1 to {@value #MAX}
 */
public record EipNumber(int value) implements Comparable<EipNumber> {

  public static final int MAX = 65_535;

  /**
   * Checks the range.
   *
   * @throws IllegalArgumentException when the value is outside 1 to {@value #MAX}
   */
  public EipNumber {
    Limits.requireWithin("egress IP number", value, new Limits.Bounds(1, MAX));
  }

  @Override
  public int compareTo(EipNumber other) {
    return Integer.compare(value, other.value);
  }

  @Override
  public String toString() {
    return Integer.toString(value);
  }
}
