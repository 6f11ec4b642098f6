package io.egressgateway.load.sim;

import java.util.List;
import java.util.Random;

/** Everything in a run that is left to chance, from one seed. */
final class Chance {
  static final long MICRO = 1_000;
  static final long MILLI = 1_000_000;
  static final long SECOND = 1_000_000_000;

  // Neighbouring seeds of java.util.Random begin alike; this spreads them.
  private static final long GOLDEN = 0x9E3779B97F4A7C15L;

  private final Random random;

  Chance(long seed) {
    this.random = new Random(seed * GOLDEN + 1);
  }

  /** Evenly between the two, the first included. */
  long between(long from, long to) {
    return from + (long) (random.nextDouble() * (to - from));
  }

  /** Evenly between minus one and one. */
  double signed() {
    return random.nextDouble() * 2 - 1;
  }

  /** Once in so many times. */
  boolean oneIn(int times) {
    return random.nextInt(times) == 0;
  }

  boolean percent(double share) {
    return random.nextDouble() * 100 < share;
  }

  /** Mostly short, at times very long: 50 ms to 12 s, 3 s on average. */
  long outage() {
    return 50 * MILLI + (long) (random.nextDouble() * random.nextDouble() * 12 * SECOND);
  }

  int below(int bound) {
    return random.nextInt(bound);
  }

  <T> T any(List<T> values) {
    return values.get(random.nextInt(values.size()));
  }
}
