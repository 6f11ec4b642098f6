package io.egressgateway.node.agent;

import io.egressgateway.core.model.IpAddress;
import io.egressgateway.core.model.IpFamily;
import io.egressgateway.node.kernel.KernelFault;
import io.egressgateway.node.kernel.Marks;
import io.egressgateway.node.kernel.Uplink;
import io.egressgateway.node.netlink.RouteNetlink;
import io.egressgateway.node.netlink.wire.route.Address;
import io.egressgateway.node.netlink.wire.route.Link;
import io.egressgateway.node.netlink.wire.route.LinkName;
import io.egressgateway.node.netlink.wire.route.Route;
import io.egressgateway.node.netlink.wire.route.RouteType;
import io.egressgateway.node.netlink.wire.route.RoutingTable;
import io.egressgateway.node.netlink.wire.route.Scope;
import java.util.Comparator;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.SortedSet;
import java.util.TreeSet;

/** Finds the link to the outside: the one that was named, or the one of the best default route. */
record UplinkDiscovery(RouteNetlink routing, Optional<LinkName> name) {

  Uplink find() throws KernelFault {
    Link link = name.isPresent() ? named(name.get()) : ofDefaultRoute();
    SortedSet<IpAddress> addresses = new TreeSet<>();
    for (IpFamily family : IpFamily.values()) {
      routing.addresses(family).stream()
          .filter(address -> address.link() == link.index() && isTheNodes(address))
          .map(Address::ip)
          .forEach(addresses::add);
    }
    return new Uplink(
        link.name().value(),
        link.mtu(),
        link.mac()
            .orElseThrow(
                () -> fault("uplink " + link.name(), "it has no MAC address; name another")),
        addresses);
  }

  private static boolean isTheNodes(Address address) {
    return address.scope().equals(Scope.UNIVERSE)
        && !address.protocol().equals(OptionalInt.of(Marks.PROTOCOL));
  }

  private Link named(LinkName wanted) throws KernelFault {
    return routing
        .link(wanted)
        .orElseThrow(() -> fault("uplink " + wanted, "there is no such link"));
  }

  private Link ofDefaultRoute() throws KernelFault {
    for (IpFamily family : IpFamily.values()) {
      Optional<Link> link =
          routing.routes(family, RoutingTable.MAIN).stream()
              .filter(UplinkDiscovery::isDefault)
              .min(Comparator.comparingLong(Route::metric))
              .flatMap(route -> link(route.nextHop().link().orElseThrow()));
      if (link.isPresent()) {
        return link.get();
      }
    }
    throw fault("uplink", "there is no default route; name the link with --uplink");
  }

  private static boolean isDefault(Route route) {
    return route.destination().prefixLength() == 0
        && route.type() == RouteType.UNICAST
        && route.nextHop().link().isPresent();
  }

  private Optional<Link> link(int index) {
    return routing.links().stream().filter(link -> link.index() == index).findFirst();
  }

  private static KernelFault fault(String subject, String reason) {
    return new KernelFault("find", subject, reason);
  }
}
