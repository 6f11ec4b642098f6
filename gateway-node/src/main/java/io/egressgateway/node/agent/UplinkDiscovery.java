package io.egressgateway.node.agent;

import io.egressgateway.core.model.IpAddress;
import io.egressgateway.core.model.IpFamily;
import io.egressgateway.core.plan.Mesh;
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
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.SortedSet;
import java.util.TreeSet;
import java.util.stream.Collectors;

/**
 * Finds the link to the outside. In this order: the one that the plan names for this node, the one
 * that the agent was started with, the one of the best default route. A link that was named and is
 * not there is a fault: nothing is put in its place.
 *
 * @param own that the agent was started with
 */
record UplinkDiscovery(RouteNetlink routing, Optional<LinkName> own) {

  /** As the plan wants it. */
  Uplink find(Mesh mesh) throws KernelFault {
    Optional<String> named = mesh.settings().uplink();
    Link link = named.isPresent() ? planned(LinkName.of(named.get())) : ofAgent();
    List<Address> addresses = addresses();
    Uplink uplink = uplink(link, addresses);
    return lower(mesh.self().addresses().underlay(), uplink, addresses)
        .map(
            lower ->
                new Uplink(uplink.name(), uplink.mtu(), uplink.mac(), uplink.addresses(), lower))
        .orElse(uplink);
  }

  /**
   * Without a plan. What an agent before this one put somewhere is best watched and announced
   * there.
   */
  Uplink find() throws KernelFault {
    List<Address> addresses = addresses();
    SortedSet<Integer> ofOurs =
        routing.links().stream()
            .filter(KernelReader::isOurs)
            .map(Link::index)
            .collect(Collectors.toCollection(TreeSet::new));
    Optional<Link> holding =
        addresses.stream()
            .filter(address -> isOurs(address) && !ofOurs.contains(address.link()))
            .findFirst()
            .flatMap(address -> link(address.link()));
    return uplink(holding.isPresent() ? holding.get() : ofAgent(), addresses);
  }

  private List<Address> addresses() {
    List<Address> addresses = new ArrayList<>();
    for (IpFamily family : IpFamily.values()) {
      addresses.addAll(routing.addresses(family));
    }
    return addresses;
  }

  private static Uplink uplink(Link link, List<Address> all) throws KernelFault {
    SortedSet<IpAddress> addresses =
        all.stream()
            .filter(address -> address.link() == link.index() && isTheNodes(address))
            .map(Address::ip)
            .collect(Collectors.toCollection(TreeSet::new));
    return new Uplink(
        link.name().value(),
        link.mtu(),
        link.mac()
            .orElseThrow(
                () -> fault("uplink " + link.name(), "it has no MAC address; name another")),
        addresses);
  }

  /**
   * Where the other nodes are, if that is not behind the uplink. An address without a network, as
   * some have on the loopback or on a dummy device, does not say where they are.
   */
  private Optional<Uplink.Lower> lower(IpAddress underlay, Uplink uplink, List<Address> all) {
    if (uplink.addresses().contains(underlay)) {
      return Optional.empty();
    }
    return all.stream()
        .filter(
            address ->
                address.ip().equals(underlay)
                    && address.prefixLength() < underlay.family().bits()
                    && isTheNodes(address))
        .findFirst()
        .flatMap(address -> link(address.link()))
        .map(link -> new Uplink.Lower(link.name().value(), link.mtu()));
  }

  private static boolean isTheNodes(Address address) {
    return address.scope().equals(Scope.UNIVERSE) && !isOurs(address);
  }

  private static boolean isOurs(Address address) {
    return address.protocol().equals(OptionalInt.of(Marks.PROTOCOL));
  }

  private Link planned(LinkName wanted) throws KernelFault {
    return routing
        .link(wanted)
        .orElseThrow(
            () ->
                fault(
                    "uplink " + wanted,
                    "there is no such link, and tunnelDetectCustomInterface names it for a node with"
                        + " these labels: correct either"));
  }

  private Link ofAgent() throws KernelFault {
    if (own.isEmpty()) {
      return ofDefaultRoute();
    }
    return routing
        .link(own.get())
        .orElseThrow(() -> fault("uplink " + own.get(), "there is no such link"));
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
