package io.egressgateway.node.uplink;

import io.egressgateway.core.model.IpAddress;
import io.egressgateway.core.model.IpFamily;
import io.egressgateway.core.model.Ipv4Address;
import io.egressgateway.core.model.Ipv6Address;
import io.egressgateway.core.model.MacAddress;
import io.egressgateway.node.kernel.AddressMark;
import io.egressgateway.node.netlink.RouteNetlink;
import io.egressgateway.node.netlink.wire.Bytes;
import io.egressgateway.node.netlink.wire.frame.ArpFrame;
import io.egressgateway.node.netlink.wire.frame.NeighbourSolicitation;
import io.egressgateway.node.netlink.wire.route.Address;
import io.egressgateway.node.netlink.wire.route.Link;
import io.egressgateway.node.netlink.wire.route.LinkFlag;
import io.egressgateway.node.netlink.wire.route.LinkName;
import io.egressgateway.node.netlink.wire.route.Route;
import io.egressgateway.node.netlink.wire.route.RoutingTable;
import io.egressgateway.node.netlink.wire.route.Scope;
import io.egressgateway.node.uplink.UplinkHealth.Carrier;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.SortedSet;
import java.util.TreeSet;

/**
 * What the kernel says about the uplink.
 *
 * @param mac what our frames come from
 * @param sources the node's own addresses on it, to ask from
 * @param hops the gateways of its default routes
 */
record UplinkFacts(
    int linkIndex,
    Carrier carrier,
    MacAddress mac,
    List<IpAddress> sources,
    SortedSet<IpAddress> hops) {
  private static final MacAddress EVERYBODY = new MacAddress(0xffff_ffff_ffffL);
  private static final MacAddress NOBODY = new MacAddress(0);

  UplinkFacts {
    sources = List.copyOf(sources);
    hops = Collections.unmodifiableSortedSet(new TreeSet<>(hops));
  }

  /** Empty if there is no such link, or it has no MAC. */
  static Optional<UplinkFacts> read(RouteNetlink routing, LinkName name) {
    return routing.link(name).flatMap(link -> link.mac().map(mac -> read(routing, link, mac)));
  }

  private static UplinkFacts read(RouteNetlink routing, Link link, MacAddress mac) {
    List<IpAddress> sources = new ArrayList<>();
    SortedSet<IpAddress> hops = new TreeSet<>();
    for (IpFamily family : IpFamily.values()) {
      routing.addresses(family).stream()
          .filter(address -> address.link() == link.index() && isOwn(address))
          .map(Address::ip)
          .forEach(sources::add);
      routing.routes(family, RoutingTable.MAIN).stream()
          .filter(route -> isDefaultOf(route, link.index()))
          .flatMap(route -> route.nextHop().gateway().stream())
          .forEach(hops::add);
    }
    boolean carrier = link.isUp() && link.flags().contains(LinkFlag.LOWER_UP);
    return new UplinkFacts(
        link.index(), carrier ? Carrier.PRESENT : Carrier.ABSENT, mac, sources, hops);
  }

  /** What may be an egress IP is none to ask from, whatever this kernel tells of it. */
  private static boolean isOwn(Address address) {
    boolean usable = address.scope().equals(Scope.UNIVERSE) || address.scope().equals(Scope.LINK);
    return usable
        && Arrays.stream(AddressMark.values()).noneMatch(mark -> mark.isEgressIp(address));
  }

  static boolean isDefaultOf(Route route, int link) {
    return route.destination().prefixLength() == 0
        && route.nextHop().link().equals(OptionalInt.of(link));
  }

  /** Asks for a neighbour from an address of the node; from none if it has none. */
  Bytes question(IpAddress neighbour) {
    return switch (neighbour) {
      case Ipv4Address ip ->
          sources.stream()
              .filter(Ipv4Address.class::isInstance)
              .map(Ipv4Address.class::cast)
              .findFirst()
              .map(
                  source ->
                      new ArpFrame(EVERYBODY, ArpFrame.Operation.REQUEST, mac, source, NOBODY, ip)
                          .encode())
              .orElseGet(() -> probe(ip));
      case Ipv6Address ip ->
          sources.stream()
              .filter(Ipv6Address.class::isInstance)
              .map(Ipv6Address.class::cast)
              .findFirst()
              .map(source -> new NeighbourSolicitation(mac, source, ip).encode())
              .orElseGet(() -> probe(ip));
    };
  }

  /** Asks who has an address without claiming any. */
  Bytes probe(IpAddress address) {
    return switch (address) {
      case Ipv4Address ip -> ArpFrame.probe(mac, ip).encode();
      case Ipv6Address ip -> NeighbourSolicitation.probe(mac, ip).encode();
    };
  }
}
