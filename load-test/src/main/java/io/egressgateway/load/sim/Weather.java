package io.egressgateway.load.sim;

/**
 * How bad a network is.
 *
 * @param lossPercent messages that never arrive
 * @param duplicatePercent messages that arrive twice; the second time up to eight seconds late
 * @param latePercent messages that are up to 0.4 s late; one in five of them up to eight seconds
 */
record Weather(double lossPercent, double duplicatePercent, double latePercent) {
  private static final long BASE_MIN = 200 * Chance.MICRO;
  private static final long BASE_MAX = 2 * Chance.MILLI;
  private static final long LATE_MAX = 400 * Chance.MILLI;
  private static final long VERY_LATE_MAX = 8 * Chance.SECOND;

  /** Nothing is lost, nothing late. */
  static Weather calm() {
    return new Weather(0, 0, 0);
  }

  /** What the protocol has to live with. */
  static Weather rough() {
    return new Weather(1, 0.5, 0.6);
  }

  long delay(Chance chance) {
    long delay = chance.between(BASE_MIN, BASE_MAX);
    if (chance.percent(latePercent)) {
      delay += chance.oneIn(5) ? chance.between(0, VERY_LATE_MAX) : chance.between(0, LATE_MAX);
    }
    return delay;
  }

  long secondDelay(Chance chance) {
    return chance.between(BASE_MIN, VERY_LATE_MAX);
  }
}
