package io.egressgateway.node.agent;

import io.egressgateway.core.model.IpAddress;
import io.egressgateway.core.model.IpFamily;
import io.egressgateway.core.model.LinkPattern;
import io.egressgateway.core.plan.Mesh;
import io.egressgateway.node.kernel.AddressMark;
import io.egressgateway.node.kernel.KernelFault;
import io.egressgateway.node.kernel.Uplink;
import io.egressgateway.node.netlink.KernelNotice;
import io.egressgateway.node.netlink.RouteNetlink;
import io.egressgateway.node.netlink.wire.route.Address;
import io.egressgateway.node.netlink.wire.route.Link;
import io.egressgateway.node.netlink.wire.route.LinkName;
import io.egressgateway.node.netlink.wire.route.Route;
import io.egressgateway.node.netlink.wire.route.RouteType;
import io.egressgateway.node.netlink.wire.route.RoutingTable;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.SortedMap;
import java.util.TreeMap;

/**
 * Finds the link to the outside. In this order: the one that the plan names for this node, the one
 * that the agent was started with, the one of the best default route. A link that was named and is
 * not there is a fault: nothing is put in its place. Beside it are the links whose networks egress
 * IPs may be of.
 *
 * <p>For the kernel's thread, {@link #isNews} excepted.
 */
final class UplinkDiscovery {
  private final RouteNetlink routing;
  private final AddressMark mark;
  private final Optional<LinkName> own;

  /** The uplink and all links with networks, as they were when they were last read, by index. */
  private volatile Map<Integer, Link> seen = Map.of();

  /** With what new connections leave that have the node's own address. */
  private SortedMap<IpFamily, IpAddress> sources = new TreeMap<>();

  /**
   * @param mark by which egress IPs are known
   * @param own that the agent was started with
   */
  UplinkDiscovery(RouteNetlink routing, AddressMark mark, Optional<LinkName> own) {
    this.routing = routing;
    this.mark = mark;
    this.own = own;
  }

  /** As the plan wants it. */
  Uplink find(Mesh mesh) throws KernelFault {
    Optional<String> named = mesh.settings().uplink();
    NodeLinks links = read();
    Link link = named.isPresent() ? planned(LinkName.of(named.get())) : ofAgent(links);
    Uplink uplink = uplink(link, links, mesh.settings().excluded());
    return links.lower(mesh.self().addresses().underlay(), uplink).map(uplink::over).orElse(uplink);
  }

  /**
   * Without a plan. What an agent before this one put somewhere is best watched and announced
   * there.
   */
  Uplink find() throws KernelFault {
    NodeLinks links = read();
    List<Link> holding = links.holding();
    if (holding.isEmpty()) {
      return uplink(ofAgent(links), links, List.of());
    }
    Optional<Link> usual = own.isPresent() ? routing.link(own.get()) : ofDefaultRoute(links);
    return uplink(usual.filter(holding::contains).orElse(holding.getFirst()), links, List.of());
  }

  /**
   * From any thread: whether this is news of a link that egress IPs may be on, in more than what
   * changes with every cable and counter.
   */
  boolean isNews(KernelNotice.Change change, Link link) {
    Optional<Link> before = Optional.ofNullable(seen.get(link.index()));
    return before
        .filter(known -> change == KernelNotice.Change.REMOVED || !isAsBefore(known, link))
        .isPresent();
  }

  private static boolean isAsBefore(Link before, Link now) {
    return before.name().equals(now.name())
        && before.isUp() == now.isUp()
        && before.mac().equals(now.mac())
        && before.mtu() == now.mtu()
        && before.master().equals(now.master());
  }

  private NodeLinks read() {
    List<Address> addresses = new ArrayList<>();
    List<Link> present = routing.links();
    for (IpFamily family : IpFamily.values()) {
      addresses.addAll(routing.addresses(family));
    }
    return new NodeLinks(present, addresses, mark);
  }

  private Uplink uplink(Link link, NodeLinks links, List<LinkPattern> excluded) throws KernelFault {
    Map<Integer, Link> watched = new HashMap<>(links.connected());
    watched.put(link.index(), link);
    seen = Map.copyOf(watched);
    sources = links.sources(link, sources);
    return new Uplink(
            link.name().value(),
            link.mtu(),
            link.mac()
                .orElseThrow(
                    () -> fault("uplink " + link.name(), "it has no MAC address; name another")),
            links.addresses(link))
        .from(sources)
        .connectedTo(links.networks(link, excluded));
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

  private Link ofAgent(NodeLinks links) throws KernelFault {
    if (own.isEmpty()) {
      return ofDefaultRoute(links)
          .orElseThrow(
              () -> fault("uplink", "there is no default route; name the link with --uplink"));
    }
    return routing
        .link(own.get())
        .orElseThrow(() -> fault("uplink " + own.get(), "there is no such link"));
  }

  private Optional<Link> ofDefaultRoute(NodeLinks links) {
    for (IpFamily family : IpFamily.values()) {
      Optional<Link> link =
          routing.routes(family, RoutingTable.MAIN).stream()
              .filter(UplinkDiscovery::isDefault)
              .min(Comparator.comparingLong(Route::metric))
              .flatMap(route -> links.link(route.nextHop().link().orElseThrow()));
      if (link.isPresent()) {
        return link;
      }
    }
    return Optional.empty();
  }

  private static boolean isDefault(Route route) {
    return route.destination().prefixLength() == 0
        && route.type() == RouteType.UNICAST
        && route.nextHop().link().isPresent();
  }

  private static KernelFault fault(String subject, String reason) {
    return new KernelFault("find", subject, reason);
  }
}
