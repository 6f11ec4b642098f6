package io.egressgateway.node.netlink.socket;

import java.time.Duration;

/**
 * What one socket may use.
 *
 * @param receiveBufferBytes of the kernel: how much may lie unread before it drops messages
 * @param sendBytesMax of one send: a larger transaction is refused before it is sent
 * @param receiveTimeout how long an answer may take; netlink answers come at once unless the kernel
 *     waits for a lock
 * @param dumpAttemptsMax how often a dump that the kernel marks as interrupted is tried
 */
public record SocketLimits(
    int receiveBufferBytes, int sendBytesMax, Duration receiveTimeout, int dumpAttemptsMax) {
  /** For requests: 1 MiB unread, 64 MiB (about two million map elements) at once, 5 s, 10 dumps. */
  public static final SocketLimits REQUESTS =
      new SocketLimits(1 << 20, 64 << 20, Duration.ofSeconds(5), 10);

  /** For notifications: 8 MiB unread, and a look at the clock four times a second. */
  public static final SocketLimits NOTIFICATIONS =
      new SocketLimits(8 << 20, 1 << 16, Duration.ofMillis(250), 1);

  /**
   * @throws IllegalArgumentException if a limit is not positive
   */
  public SocketLimits {
    boolean positive = receiveBufferBytes > 0 && sendBytesMax > 0 && dumpAttemptsMax > 0;
    if (!positive || receiveTimeout.isNegative() || receiveTimeout.isZero()) {
      throw new IllegalArgumentException("socket limits must be positive");
    }
  }

  /** With another time-out. */
  public SocketLimits withReceiveTimeout(Duration timeout) {
    return new SocketLimits(receiveBufferBytes, sendBytesMax, timeout, dumpAttemptsMax);
  }

  /** With another receive buffer. */
  public SocketLimits withReceiveBufferBytes(int bytes) {
    return new SocketLimits(bytes, sendBytesMax, receiveTimeout, dumpAttemptsMax);
  }
}
