package io.egressgateway.core.model;

import java.math.BigInteger;
import java.util.Random;
import java.util.function.Consumer;

/** Runs a law against seeded inputs; a failure names the seed, which alone repeats the run. */
final class Property {

  private static final int RUNS = 500;

  private Property() {}

  static void forAll(Consumer<Random> law) {
    for (long seed = 0; seed < RUNS; seed++) {
      try {
        law.accept(new Random(seed));
      } catch (AssertionError | RuntimeException failure) {
        throw new AssertionError("seed " + seed + ": " + failure.getMessage(), failure);
      }
    }
  }

  static IpFamily family(Random random) {
    return random.nextBoolean() ? IpFamily.IPV4 : IpFamily.IPV6;
  }

  /** Often near an edge of the family or of a power of two, where carries happen. */
  static IpAddress address(Random random, IpFamily family) {
    BigInteger highest = BigInteger.ONE.shiftLeft(family.bits()).subtract(BigInteger.ONE);
    BigInteger near = BigInteger.valueOf(random.nextInt(3));
    return IpAddress.fromBigInteger(
        family,
        switch (random.nextInt(5)) {
          case 0 -> near;
          case 1 -> highest.subtract(near);
          case 2 ->
              BigInteger.ONE.shiftLeft(random.nextInt(family.bits())).subtract(near).max(near);
          case 3 ->
              new BigInteger(family.bits(), random).and(new BigInteger(family.bits(), random));
          default -> new BigInteger(family.bits(), random);
        });
  }

  static IpRange range(Random random, IpFamily family) {
    IpAddress one = address(random, family);
    IpAddress other = address(random, family);
    return one.isAfter(other) ? new IpRange(other, one) : new IpRange(one, other);
  }
}
