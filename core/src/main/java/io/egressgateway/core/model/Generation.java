package io.egressgateway.core.model;

/**
 * The version of a Kubernetes object's spec, {@code metadata.generation}.
 *
 * @param value 0 or above
 */
public record Generation(long value) implements Comparable<Generation> {

  /**
   * Checks the range.
   *
   * @throws IllegalArgumentException when the value is negative
   */
  public Generation {
    Limits.requireWithin("generation", value, new Limits.Bounds(0, Long.MAX_VALUE));
  }

  @Override
  public int compareTo(Generation other) {
    return Long.compare(value, other.value);
  }

  @Override
  public String toString() {
    return Long.toString(value);
  }
}
