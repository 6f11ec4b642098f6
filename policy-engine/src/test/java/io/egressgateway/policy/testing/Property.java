package io.egressgateway.policy.testing;

import java.util.List;
import java.util.Random;
import java.util.function.Consumer;

/** Runs a law against seeded inputs; a failure names the seed, which alone repeats the run. */
public final class Property {
  private static final int RUNS = 300;

  private Property() {}

  /** Checks the law for every seed. */
  public static void forAll(Consumer<Random> law) {
    for (long seed = 0; seed < RUNS; seed++) {
      try {
        law.accept(new Random(seed));
      } catch (AssertionError | RuntimeException failure) {
        throw new AssertionError("seed " + seed + ": " + failure.getMessage(), failure);
      }
    }
  }

  /** One of the values. */
  public static <T> T any(Random random, List<T> values) {
    return values.get(random.nextInt(values.size()));
  }
}
