package io.egressgateway.node.netlink.wire.route;

import io.egressgateway.core.model.Cidr;
import io.egressgateway.core.model.IpAddress;
import io.egressgateway.core.model.IpFamily;
import java.util.Optional;

/**
 * One route with at most one next hop. Of a foreign route with several only the rest is read.
 *
 * @param destination {@code 0.0.0.0/0} or {@code ::/0} for the default route
 * @param scope always {@link Scope#UNIVERSE} for IPv6
 * @param preferredSource the source address of packets that have none yet
 * @param metric lower wins; 0 to 2^32 - 1. IPv6 has no 0: the kernel makes it 1024
 */
public record Route(
    RoutingTable table,
    Cidr destination,
    RouteType type,
    NextHop nextHop,
    Scope scope,
    RouteProtocol protocol,
    Optional<IpAddress> preferredSource,
    long metric) {

  /** What the kernel makes of an IPv6 route without a metric: IP6_RT_PRIO_USER. */
  public static final long IPV6_METRIC = 1024;

  /**
   * A unicast route in the main table, with the scope and metric that {@code ip route} gives it.
   */
  public static Route to(Cidr destination, NextHop nextHop) {
    boolean direct = nextHop.gateway().isEmpty() && destination.family() == IpFamily.IPV4;
    return new Route(
        RoutingTable.MAIN,
        destination,
        RouteType.UNICAST,
        nextHop,
        direct ? Scope.LINK : Scope.UNIVERSE,
        RouteProtocol.BOOT,
        Optional.empty(),
        defaultMetric(destination));
  }

  /** A route in the main table that refuses packets: {@code ip route add blackhole …}. */
  public static Route blackhole(Cidr destination) {
    return new Route(
        RoutingTable.MAIN,
        destination,
        RouteType.BLACKHOLE,
        NextHop.NONE,
        Scope.UNIVERSE,
        RouteProtocol.BOOT,
        Optional.empty(),
        defaultMetric(destination));
  }

  private static long defaultMetric(Cidr destination) {
    return switch (destination.family()) {
      case IPV4 -> 0;
      case IPV6 -> IPV6_METRIC;
    };
  }

  /** In another table. */
  public Route in(RoutingTable newTable) {
    return new Route(
        newTable, destination, type, nextHop, scope, protocol, preferredSource, metric);
  }

  /** Marked as installed by {@code newProtocol}. */
  public Route by(RouteProtocol newProtocol) {
    return new Route(
        table, destination, type, nextHop, scope, newProtocol, preferredSource, metric);
  }

  /** Of another type. */
  public Route withType(RouteType newType) {
    return new Route(
        table, destination, newType, nextHop, scope, protocol, preferredSource, metric);
  }

  /** With another scope. */
  public Route withScope(Scope newScope) {
    return new Route(
        table, destination, type, nextHop, newScope, protocol, preferredSource, metric);
  }

  /** With another metric. */
  public Route withMetric(long newMetric) {
    return new Route(
        table, destination, type, nextHop, scope, protocol, preferredSource, newMetric);
  }

  /** Packets that have no source address yet get this one. */
  public Route withPreferredSource(IpAddress source) {
    return new Route(
        table, destination, type, nextHop, scope, protocol, Optional.of(source), metric);
  }
}
