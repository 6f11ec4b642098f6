package io.egressgateway.node.netlink.wire.route;

/** RTN_… of linux/rtnetlink.h: what becomes of a packet that takes the route. */
public enum RouteType {
  UNSPECIFIED(RouteConstants.RTN_UNSPEC),
  /** To the gateway or the device. */
  UNICAST(RouteConstants.RTN_UNICAST),
  /** Accepted by this machine. */
  LOCAL(RouteConstants.RTN_LOCAL),
  BROADCAST(RouteConstants.RTN_BROADCAST),
  ANYCAST(RouteConstants.RTN_ANYCAST),
  MULTICAST(RouteConstants.RTN_MULTICAST),
  /** Dropped silently. */
  BLACKHOLE(RouteConstants.RTN_BLACKHOLE),
  /** Dropped with "host unreachable". */
  UNREACHABLE(RouteConstants.RTN_UNREACHABLE),
  /** Dropped with "administratively prohibited". */
  PROHIBIT(RouteConstants.RTN_PROHIBIT),
  /** On to the next routing rule. */
  THROW(RouteConstants.RTN_THROW),
  NAT(RouteConstants.RTN_NAT),
  XRESOLVE(RouteConstants.RTN_XRESOLVE);

  private final int number;

  RouteType(int number) {
    this.number = number;
  }

  /** The value in rtm_type. */
  public int number() {
    return number;
  }

  /** Whether packets are refused, so that the route needs neither device nor gateway. */
  boolean refuses() {
    return switch (this) {
      case BLACKHOLE, UNREACHABLE, PROHIBIT, THROW -> true;
      case UNSPECIFIED, UNICAST, LOCAL, BROADCAST, ANYCAST, MULTICAST, NAT, XRESOLVE -> false;
    };
  }
}
