package io.egressgateway.node.kernel;

import io.egressgateway.core.model.Cidr;
import io.egressgateway.core.model.IpAddress;
import io.egressgateway.core.model.IpFamily;
import io.egressgateway.core.model.MacAddress;
import java.util.Collection;
import java.util.Collections;
import java.util.Comparator;
import java.util.List;
import java.util.SortedMap;
import java.util.SortedSet;
import java.util.TreeMap;
import java.util.TreeSet;

/**
 * The node's link to the outside, and further links of its that are connected to networks. An
 * egress IP is answered for on the link whose network it is of; on this one if it is of none.
 *
 * @param name the link's name
 * @param mtu bytes
 * @param mac sender of our announcements
 * @param addresses the node's own addresses on it; egress IPs are not among them
 * @param sources those of them that new connections leave with where nothing better is known
 * @param lower the link that the tunnel's packets leave by; mostly this one
 * @param networks of this link and of all others that may answer; in the order in which they are
 *     asked: longer prefixes first, then this link's, then by the links' indexes
 */
public record Uplink(
    String name,
    int mtu,
    MacAddress mac,
    SortedSet<IpAddress> addresses,
    SortedMap<IpFamily, IpAddress> sources,
    Lower lower,
    List<Network> networks) {

  /**
   * The link to the other nodes.
   *
   * @param mtu bytes
   */
  public record Lower(String name, int mtu) {}

  /**
   * A link as it answers for egress IPs.
   *
   * @param mac sender of announcements
   */
  public record Port(String name, MacAddress mac) {}

  /**
   * A network that a link is connected to.
   *
   * @param index of the link
   */
  public record Network(Cidr cidr, int index, Port port) {}

  /** A link that leads to the other nodes, too, and alone answers for egress IPs. */
  public Uplink(String name, int mtu, MacAddress mac, SortedSet<IpAddress> addresses) {
    this(name, mtu, mac, addresses, lowest(addresses), new Lower(name, mtu), List.of());
  }

  public Uplink {
    addresses = Collections.unmodifiableSortedSet(new TreeSet<>(addresses));
    sources = Collections.unmodifiableSortedMap(new TreeMap<>(sources));
    Comparator<Network> preference =
        Comparator.<Network>comparingInt(network -> -network.cidr().prefixLength())
            .thenComparing(network -> !network.port().name().equals(name))
            .thenComparingInt(Network::index)
            .thenComparing(Network::cidr);
    networks = networks.stream().distinct().sorted(preference).toList();
  }

  private static SortedMap<IpFamily, IpAddress> lowest(SortedSet<IpAddress> addresses) {
    SortedMap<IpFamily, IpAddress> lowest = new TreeMap<>();
    addresses.forEach(address -> lowest.putIfAbsent(address.family(), address));
    return lowest;
  }

  /** The same, but new connections leave with these of its addresses. */
  public Uplink from(SortedMap<IpFamily, IpAddress> chosen) {
    return new Uplink(name, mtu, mac, addresses, chosen, lower, networks);
  }

  /** The same with another way to the other nodes. */
  public Uplink over(Lower link) {
    return new Uplink(name, mtu, mac, addresses, sources, link, networks);
  }

  /** The same beside links with these networks. */
  public Uplink connectedTo(Collection<Network> all) {
    return new Uplink(name, mtu, mac, addresses, sources, lower, List.copyOf(all));
  }

  /** Where this egress IP is answered for. */
  public Port portOf(IpAddress egressIp) {
    return networks.stream()
        .filter(network -> network.cidr().contains(egressIp))
        .map(Network::port)
        .findFirst()
        .orElseGet(() -> new Port(name, mac));
  }
}
