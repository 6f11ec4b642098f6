package io.egressgateway.node.netlink.socket;

import java.nio.ByteBuffer;

/**
 * How far the kernel is told to run its clocks off the hardware's rate; that of {@link RawClock} is
 * not affected, the kernel's timers are.
 *
 * <pre>
 *  struct timex of linux/timex.h, on 64 bits:
 * | modes u32 | pad | offset s64 | freq s64: 2^-16 ppm | … at 88: tick s64: us per tick | …
 * </pre>
 */
public final class ClockRate {
  private static final int TIMEX_BYTES = 208;
  private static final int FREQ_OFFSET = 16;
  private static final int TICK_OFFSET = 88;
  private static final double FREQ_UNITS_PER_PPM = 1 << 16;

  /** A tick of USER_HZ 100. */
  private static final long TICK_MICROS = 10_000;

  private static final double PPM_PER_TICK_MICRO = 1e6 / TICK_MICROS;

  private ClockRate() {}

  /**
   * The present rate error in parts per million; above 0 the clocks run fast. NTP may set up to
   * 100,000 of it by the tick and 500 by the frequency.
   */
  public static double ppm() {
    ByteBuffer timex = Descriptor.direct(TIMEX_BYTES);
    SystemCalls.check("read the clock's rate", () -> SystemCalls.PROCESS.adjtimex(timex));
    return timex.getLong(FREQ_OFFSET) / FREQ_UNITS_PER_PPM
        + (timex.getLong(TICK_OFFSET) - TICK_MICROS) * PPM_PER_TICK_MICRO;
  }
}
