package io.egressgateway.load.sim;

import java.io.PrintStream;
import java.time.Duration;
import java.util.Locale;
import java.util.function.LongSupplier;

/** One line that grows in place; on a terminal only, for whoever waits. */
final class ProgressLine {
  private static final long PERIOD = Duration.ofMillis(250).toNanos();
  private static final double HOUR = Duration.ofHours(1).toNanos();

  private final PrintStream out;
  private final LongSupplier clock;
  private final long runs;
  private final long runNanos;
  private final long startedNanos;
  private long shownNanos;

  /**
   * Begins to count time.
   *
   * @param runs how many there will be
   * @param runNanos virtual length of each
   */
  ProgressLine(PrintStream out, LongSupplier clock, long runs, long runNanos) {
    this.out = out;
    this.clock = clock;
    this.runs = runs;
    this.runNanos = runNanos;
    this.startedNanos = clock.getAsLong();
    this.shownNanos = startedNanos;
  }

  /** Shows how far it is, not more often than somebody can read. */
  synchronized void show(Tally tally) {
    long now = clock.getAsLong();
    if (now - shownNanos < PERIOD) {
      return;
    }
    shownNanos = now;
    double seconds = (now - startedNanos) / (double) Chance.SECOND;
    double rate = tally.runs() / seconds;
    out.printf(
        Locale.ROOT,
        "\r%,.1f of %,.1f simulated hours, %,d runs, %d overlaps, %.0f runs/s, %s left   ",
        tally.runs() * runNanos / HOUR,
        runs * runNanos / HOUR,
        tally.runs(),
        tally.broken(Invariant.I1),
        rate,
        left((runs - tally.runs()) / rate));
    out.flush();
  }

  /** Takes the line away. */
  synchronized void clear() {
    out.print("\r" + " ".repeat(100) + "\r");
    out.flush();
  }

  private static String left(double seconds) {
    Duration left = Duration.ofSeconds(Math.round(seconds));
    return left.toMinutes() > 0
        ? left.toMinutes() + " min " + left.toSecondsPart() + " s"
        : left.toSeconds() + " s";
  }
}
