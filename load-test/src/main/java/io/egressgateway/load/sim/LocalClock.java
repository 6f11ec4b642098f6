package io.egressgateway.load.sim;

/**
 * The clock of one machine: it starts anywhere, and its rate is a little wrong.
 *
 * @param rate of this clock to true time, near 1
 * @param origin what it shows at the start of the run, in nanoseconds
 */
record LocalClock(double rate, long origin) {

  /** What it shows at a true time. */
  long at(long trueNanos) {
    return origin + (long) (trueNanos * rate);
  }

  /** How much true time such a span of local time takes, rounded up. */
  long trueSpan(long localNanos) {
    return (long) Math.ceil(localNanos / rate);
  }

  /** The first true time at which it shows at least this. */
  long trueTime(long localNanos) {
    long guess = (long) Math.ceil((localNanos - origin) / rate);
    while (at(guess) < localNanos) {
      guess++;
    }
    return guess;
  }
}
