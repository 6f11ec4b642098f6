package io.egressgateway.node.lease;

import java.time.Duration;
import java.util.Optional;
import java.util.function.LongSupplier;

/**
 * How far one clock runs off another, by their differences over some time. Leases are measured by
 * the hardware's clock and ended by the kernel's timers, which follow the one that time
 * synchronisation steers; where the two part by more than 0.1 % one of them is not what leases rely
 * on. For one thread.
 */
public final class ClockComparison {
  /** Over which a rate is measured: a microsecond of inaccuracy is a fraction of a ppm. */
  public static final Duration WINDOW = Duration.ofSeconds(30);

  /** A thread that is stopped between two readings spoils a pair of them; hardly so many. */
  private static final int READINGS = 5;

  private static final double PPM = 1e6;

  private final LongSupplier hardware;
  private final LongSupplier steered;
  private Optional<Pair> before = Optional.empty();

  /**
   * Readings of both clocks at the same moment, as far as that can be had.
   *
   * @param apart for how long the moment lasted, by the hardware's clock
   */
  private record Pair(long hardware, long steered, long apart) {}

  /**
   * Of these clocks, in nanoseconds.
   *
   * @param hardware at the rate of the hardware
   * @param steered that time synchronisation slews
   */
  public ClockComparison(LongSupplier hardware, LongSupplier steered) {
    this.hardware = hardware;
    this.steered = steered;
  }

  /**
   * Reads both. The rate of the steered clock off the hardware's since the last reading, in parts
   * per million; above 0 the steered one runs fast. Empty for the first reading, and if less than
   * half a {@link #WINDOW} has gone by.
   */
  public Optional<Double> read() {
    Pair now = pair();
    if (before.isEmpty()) {
      before = Optional.of(now);
      return Optional.empty();
    }
    double ran = now.hardware() - before.get().hardware();
    if (ran < WINDOW.toNanos() / 2.0) {
      return Optional.empty();
    }
    double off = now.steered() - before.get().steered() - ran;
    before = Optional.of(now);
    return Optional.of(off / ran * PPM);
  }

  private Pair pair() {
    Pair best = reading();
    for (int reading = 1; reading < READINGS; reading++) {
      Pair other = reading();
      best = other.apart() < best.apart() ? other : best;
    }
    return best;
  }

  private Pair reading() {
    long first = hardware.getAsLong();
    long between = steered.getAsLong();
    long apart = hardware.getAsLong() - first;
    return new Pair(first + apart / 2, between, apart);
  }
}
