package io.egressgateway.node.agent;

import io.egressgateway.core.model.Cidr;
import io.egressgateway.core.model.IpAddress;
import io.egressgateway.core.model.IpFamily;
import io.egressgateway.core.model.LinkPattern;
import io.egressgateway.node.kernel.AddressMark;
import io.egressgateway.node.kernel.Uplink;
import io.egressgateway.node.netlink.wire.route.Address;
import io.egressgateway.node.netlink.wire.route.AddressFlag;
import io.egressgateway.node.netlink.wire.route.Link;
import io.egressgateway.node.netlink.wire.route.LinkFlag;
import io.egressgateway.node.netlink.wire.route.Scope;
import java.util.ArrayList;
import java.util.Collections;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.Set;
import java.util.SortedMap;
import java.util.SortedSet;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.function.Function;
import java.util.stream.Collectors;

/**
 * The node's links and their addresses, and which of them egress IPs may be on. Pure.
 *
 * @param addresses of all links
 * @param mark by which egress IPs are known
 */
record NodeLinks(List<Link> links, List<Address> addresses, AddressMark mark) {
  private static final Set<LinkFlag> WITHOUT_NEIGHBOURS =
      Set.of(LinkFlag.LOOPBACK, LinkFlag.NO_ARP, LinkFlag.POINT_TO_POINT);

  private static final Set<AddressFlag> DOUBTFUL =
      Set.of(AddressFlag.TENTATIVE, AddressFlag.DADFAILED);

  NodeLinks {
    links = List.copyOf(links);
    addresses = List.copyOf(addresses);
  }

  Optional<Link> link(int index) {
    return links.stream().filter(link -> link.index() == index).findFirst();
  }

  /** Links with egress IPs of ours; the one with the lowest address first. */
  List<Link> holding() {
    return addresses.stream()
        .filter(mark::isEgressIp)
        .sorted(Comparator.comparing(Address::ip))
        .flatMap(address -> link(address.link()).stream())
        .filter(link -> !KernelReader.isOurs(link))
        .distinct()
        .toList();
  }

  /** The node's own addresses on a link. */
  SortedSet<IpAddress> addresses(Link link) {
    return addresses.stream()
        .filter(address -> address.link() == link.index() && isTheNodes(address))
        .map(Address::ip)
        .collect(Collectors.toCollection(TreeSet::new));
  }

  /**
   * Which of a link's addresses new connections leave with: of each family that which they left
   * with before, while it serves; else the lowest that does. One that is temporary or deprecated
   * does if there is none better; one that another host may have never does.
   *
   * @param before of this or of another link
   */
  SortedMap<IpFamily, IpAddress> sources(Link link, SortedMap<IpFamily, IpAddress> before) {
    SortedMap<IpFamily, IpAddress> sources = new TreeMap<>();
    addresses.stream()
        .filter(address -> address.link() == link.index() && isTheNodes(address))
        .filter(address -> Collections.disjoint(address.flags(), DOUBTFUL))
        .sorted(
            Comparator.comparing(NodeLinks::isPassing)
                .thenComparing(address -> !before.containsValue(address.ip()))
                .thenComparing(Address::ip))
        .map(Address::ip)
        .forEach(address -> sources.putIfAbsent(address.family(), address));
    return sources;
  }

  /** Whether others are to be preferred: temporary, of a prefix that has another, deprecated. */
  private static boolean isPassing(Address address) {
    return address.flags().contains(AddressFlag.SECONDARY)
        || address.lifetime().preferredSeconds().equals(OptionalLong.of(0));
  }

  /** Links that have networks, by index; ours is none of them. */
  Map<Integer, Link> connected() {
    return addresses.stream()
        .filter(this::tellsNetwork)
        .flatMap(address -> link(address.link()).stream())
        .filter(link -> !KernelReader.isOurs(link))
        .distinct()
        .collect(Collectors.toUnmodifiableMap(Link::index, Function.identity()));
  }

  /**
   * The networks whose egress IPs belong to one of the node's links: the uplink's, whatever it is,
   * and those of links that have neighbours and are up, not part of another link, and not excluded.
   */
  List<Uplink.Network> networks(Link uplink, List<LinkPattern> excluded) {
    Map<Integer, Link> connected = connected();
    List<Uplink.Network> networks = new ArrayList<>();
    for (Address address : addresses) {
      Optional.ofNullable(connected.get(address.link()))
          .filter(link -> tellsNetwork(address))
          .filter(link -> link.index() == uplink.index() || mayAnswer(link, excluded))
          .flatMap(link -> link.mac().map(mac -> new Uplink.Port(link.name().value(), mac)))
          .ifPresent(
              port ->
                  networks.add(
                      new Uplink.Network(
                          new Cidr(address.ip(), address.prefixLength()), address.link(), port)));
    }
    return networks;
  }

  private static boolean mayAnswer(Link link, List<LinkPattern> excluded) {
    return link.isUp()
        && link.master().isEmpty()
        && Collections.disjoint(link.flags(), WITHOUT_NEIGHBOURS)
        && excluded.stream().noneMatch(pattern -> pattern.matches(link.name().value()));
  }

  /** An address alone does not say what else is on its link. */
  private boolean tellsNetwork(Address address) {
    return isTheNodes(address) && address.prefixLength() < address.ip().family().bits();
  }

  /**
   * Where the other nodes are, if that is not behind the uplink. An address without a network, as
   * some have on the loopback or on a dummy device, does not say where they are.
   */
  Optional<Uplink.Lower> lower(IpAddress underlay, Uplink uplink) {
    if (uplink.addresses().contains(underlay)) {
      return Optional.empty();
    }
    return addresses.stream()
        .filter(address -> address.ip().equals(underlay) && tellsNetwork(address))
        .findFirst()
        .flatMap(address -> link(address.link()))
        .map(link -> new Uplink.Lower(link.name().value(), link.mtu()));
  }

  private boolean isTheNodes(Address address) {
    return address.scope().equals(Scope.UNIVERSE) && !mark.isEgressIp(address);
  }
}
