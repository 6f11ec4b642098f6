package io.egressgateway.node.netlink.wire.route;

/**
 * How far an address or a route's destination is: RT_SCOPE_… of linux/rtnetlink.h.
 *
 * @param value 0 to 255
 */
public record Scope(int value) {
  /** Anywhere. */
  public static final Scope UNIVERSE = new Scope(0);

  /** Within the site; IPv6 only. */
  public static final Scope SITE = new Scope(200);

  /** On the link: no gateway between. */
  public static final Scope LINK = new Scope(253);

  /** In this machine. */
  public static final Scope HOST = new Scope(254);

  /**
   * @throws IllegalArgumentException if the value is no u8
   */
  public Scope {
    if (value < 0 || value > 255) {
      throw new IllegalArgumentException("scope " + value + " is not in 0..255");
    }
  }
}
