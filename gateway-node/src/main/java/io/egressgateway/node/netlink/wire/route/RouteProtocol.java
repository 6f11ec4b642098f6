package io.egressgateway.node.netlink.wire.route;

/**
 * Who installed a route or a rule: RTPROT_… of linux/rtnetlink.h. From 5 on the number is an
 * agreement between programs.
 *
 * @param value 0 to 255
 */
public record RouteProtocol(int value) {
  /** Nobody said. */
  public static final RouteProtocol UNSPECIFIED = new RouteProtocol(0);

  /** The kernel itself. */
  public static final RouteProtocol KERNEL = new RouteProtocol(2);

  /** What {@code ip route add} writes. */
  public static final RouteProtocol BOOT = new RouteProtocol(3);

  /** The administrator. */
  public static final RouteProtocol STATIC = new RouteProtocol(4);

  /**
   * @throws IllegalArgumentException if the value is no u8
   */
  public RouteProtocol {
    if (value < 0 || value > 255) {
      throw new IllegalArgumentException("route protocol " + value + " is not in 0..255");
    }
  }
}
