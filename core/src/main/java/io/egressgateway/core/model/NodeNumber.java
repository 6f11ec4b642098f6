package io.egressgateway.core.model;

/**
 * The number of a node in the datapath, unique in the cluster while the node exists.
 *
 * @param value 1 to {@value #MAX}
 */
public record NodeNumber(int value) implements Comparable<NodeNumber> {

  public static final int MAX = 65_535;

  /**
   * Checks the range.
   *
   * @throws IllegalArgumentException when the value is outside 1 to {@value #MAX}
   */
  public NodeNumber {
    Limits.requireWithin("node number", value, new Limits.Bounds(1, MAX));
  }

  @Override
  public int compareTo(NodeNumber other) {
    return Integer.compare(value, other.value);
  }

  @Override
  public String toString() {
    return Integer.toString(value);
  }
}
