package io.egressgateway.core.model;

/**
 * Which policy wins when several match a packet: the lower value does, and sorts first.
 *
 * @param value 1 to {@value #MAX}
 */
public record Priority(int value) implements Comparable<Priority> {

  public static final int MAX = 65_536;

  /** Of an EgressPolicy that names none. */
  public static final Priority NAMESPACED_DEFAULT = new Priority(1_000);

  /** Of an EgressClusterPolicy that names none. */
  public static final Priority CLUSTER_DEFAULT = new Priority(32_768);

  /**
   * Checks the range.
   *
   * @throws IllegalArgumentException when the value is outside 1 to {@value #MAX}
   */
  public Priority {
    Limits.requireWithin("priority", value, new Limits.Bounds(1, MAX));
  }

  @Override
  public int compareTo(Priority other) {
    return Integer.compare(value, other.value);
  }

  @Override
  public String toString() {
    return Integer.toString(value);
  }
}
