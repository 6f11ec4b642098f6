package io.egressgateway.node.netlink.socket;

import java.nio.ByteBuffer;

/**
 * CLOCK_MONOTONIC_RAW: nanoseconds since some moment of this boot, at the rate of the hardware.
 * Nobody sets it and NTP does not slew it, as it does {@code System.nanoTime}; so two machines
 * differ by what their quartzes do and no more. It stands still while the machine is suspended.
 *
 * <p>Any thread may read it; one reading costs well below a microsecond.
 *
 * <pre>
 *  struct timespec: | tv_sec s64 | tv_nsec s64 |
 * </pre>
 */
public final class RawClock {
  private static final int CLOCK_MONOTONIC_RAW = 4;
  private static final long NANOS_PER_SECOND = 1_000_000_000L;
  private static final ThreadLocal<ByteBuffer> TIMESPEC =
      ThreadLocal.withInitial(() -> Descriptor.direct(16));

  private RawClock() {}

  /** Now. Only differences mean anything. */
  public static long nanos() {
    ByteBuffer timespec = TIMESPEC.get();
    SystemCalls.check(
        "read CLOCK_MONOTONIC_RAW",
        () -> SystemCalls.PROCESS.clock_gettime(CLOCK_MONOTONIC_RAW, timespec));
    return timespec.getLong(0) * NANOS_PER_SECOND + timespec.getLong(8);
  }
}
