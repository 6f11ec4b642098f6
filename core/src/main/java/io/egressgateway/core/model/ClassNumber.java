package io.egressgateway.core.model;

/**
 * The number of a traffic class, the unit that the datapath marks packets with; 20 bits.
 *
 * @param value 1 to {@value #MAX}
 */
public record ClassNumber(int value) implements Comparable<ClassNumber> {

  public static final int MAX = 1_048_575;

  /**
   * Checks the range.
   *
   * @throws IllegalArgumentException when the value is outside 1 to {@value #MAX}
   */
  public ClassNumber {
    Limits.requireWithin("class number", value, new Limits.Bounds(1, MAX));
  }

  @Override
  public int compareTo(ClassNumber other) {
    return Integer.compare(value, other.value);
  }

  @Override
  public String toString() {
    return Integer.toString(value);
  }
}
