package io.egressgateway.core.model;

/** The range check of the numbered values. */
final class Limits {

  private Limits() {}

  static void requireWithin(String what, long value, Bounds bounds) {
    if (value < bounds.min() || value > bounds.max()) {
      throw new IllegalArgumentException(
          what + " " + value + " is outside " + bounds.min() + ".." + bounds.max());
    }
  }

  record Bounds(long min, long max) {}
}
