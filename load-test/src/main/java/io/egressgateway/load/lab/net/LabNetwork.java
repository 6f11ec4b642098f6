package io.egressgateway.load.lab.net;

import io.egressgateway.core.model.Cidr;
import io.egressgateway.core.model.Ipv4Address;
import io.egressgateway.core.model.Ipv6Address;
import io.egressgateway.core.model.MacAddress;
import io.egressgateway.load.lab.LabNode;
import io.egressgateway.load.lab.Topology;
import io.egressgateway.load.lab.kube.PodNetwork;
import io.egressgateway.load.lab.kube.PodPlacement;
import io.egressgateway.node.netlink.socket.NetlinkException;
import io.egressgateway.node.netlink.socket.NetworkNamespace;
import io.egressgateway.node.netlink.wire.route.LinkName;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.SortedSet;
import java.util.TreeSet;
import java.util.stream.Stream;

/**
 * All of the lab's wires: nodes and router on one bridge, the server behind the router, pods behind
 * their nodes as a routing CNI has them (a /32 host route to each, routes between nodes, masquerade
 * for what leaves the cluster). Methods may be called from any thread, one at a time.
 */
public final class LabNetwork implements PodNetwork, AutoCloseable {
  /** Of the machine that does not belong to the cluster. */
  public static final Ipv4Address STRANGER = Ipv4Address.of("10.6.168.250");

  private static final LinkName UPLINK = LinkName.of("eth0");
  private static final LinkName ROUTER_INSIDE = LinkName.of("eth1");
  private static final LinkName BRIDGE = LinkName.of("br0");
  private static final Ipv4Address POD_GATEWAY = Ipv4Address.of("169.254.1.1");
  private static final Ipv6Address POD_GATEWAY_V6 = Ipv6Address.of("fe80::1");
  private static final int HOST = 32;
  private static final int HOST_V6 = 128;
  private static final long MAC_OF_UNDERLAY = 0x0299_0000_0000L;
  private static final long MAC_OF_PODS = 0x0a58_0000_0000L;
  private static final int BYTE = 0xff;

  private final Topology topology;
  private final SortedSet<NetNamespace> namespaces = new TreeSet<>();
  private final Map<NetNamespace, NamespaceLinks> links = new HashMap<>();

  /** Nothing is made before {@link #build}. */
  public LabNetwork(Topology topology) {
    this.topology = topology;
  }

  /**
   * Removes namespaces that bear the lab's prefix.
   *
   * @throws IOException if one of them cannot be removed
   */
  public static void removeLeftovers() throws IOException {
    if (!Files.isDirectory(NetNamespace.DIRECTORY)) {
      return;
    }
    List<Path> left;
    try (Stream<Path> files = Files.list(NetNamespace.DIRECTORY)) {
      left = files.filter(f -> f.getFileName().toString().startsWith(NetNamespace.PREFIX)).toList();
    }
    for (Path file : left) {
      delete(new NetNamespace(file.getFileName().toString()));
    }
  }

  private static void delete(NetNamespace namespace) throws IOException {
    try {
      NetworkNamespace.named(namespace.name()).delete();
    } catch (NetlinkException e) {
      // A run that was killed between making the file and mounting on it leaves a plain file.
      Files.deleteIfExists(namespace.path());
    }
  }

  /** Makes everything but the pods. */
  public synchronized void build() throws IOException {
    create(NetNamespace.underlay()).addBridge(BRIDGE);
    attach(NetNamespace.router(), Topology.ROUTER);
    links(NetNamespace.router()).routeOnto(Topology.MORE_ADDRESSES, UPLINK);
    connectServer();
    for (LabNode node : topology.nodes()) {
      connect(node);
    }
  }

  private void connect(LabNode node) throws IOException {
    attach(node.namespace(), node.underlay());
    NamespaceLinks inside = links(node.namespace());
    inside.defaultVia(Topology.ROUTER);
    forward(inside);
    for (LabNode other : topology.nodes()) {
      if (!other.equals(node)) {
        inside.routeVia(other.podCidr(), other.underlay());
        if (other.podCidrV6().isPresent() && other.underlayV6().isPresent()) {
          inside.routeVia(other.podCidrV6().get(), other.underlayV6().get());
        }
      }
    }
    defaultV6(inside, Topology.ROUTER);
    masquerade(node);
  }

  /** Puts the CNI's masquerade in place, again after somebody has removed it. */
  public void masquerade(LabNode node) throws IOException {
    CniMasquerade.install(node.namespace(), node.podCidr(), Topology.CLUSTER_CIDRS);
    if (node.podCidrV6().isPresent()) {
      CniMasquerade.install(node.namespace(), node.podCidrV6().get(), List.of(Topology.PODS_V6));
    }
  }

  /** Removes the node's wire and with it its uplink: nothing of it is heard any more. */
  public synchronized void unplug(LabNode node) throws IOException {
    links(NetNamespace.underlay()).deleteLink(port(node.underlay()));
  }

  /**
   * Has an unplugged node come back with an empty kernel, as after a boot. It must have no pods,
   * and none of its processes may run.
   */
  public synchronized void boot(LabNode node) throws IOException {
    destroy(node.namespace());
    connect(node);
  }

  /** Takes the carrier from the node's uplink. */
  public synchronized void carrierDown(LabNode node) throws IOException {
    links(NetNamespace.underlay()).down(port(node.underlay()));
  }

  /** Gives the carrier back. */
  public synchronized void carrierUp(LabNode node) throws IOException {
    links(NetNamespace.underlay()).up(port(node.underlay()));
  }

  /** Takes the node's wire out of the switch: the carrier stays, nobody answers. */
  public synchronized void silence(LabNode node) throws IOException {
    links(NetNamespace.underlay()).release(port(node.underlay()));
  }

  /** Puts it back. */
  public synchronized void unsilence(LabNode node) throws IOException {
    links(NetNamespace.underlay()).enslave(port(node.underlay()), BRIDGE);
  }

  /**
   * Puts a machine on the underlay that does not belong to the cluster and has this address too.
   */
  public synchronized void addStranger(Ipv4Address address) throws IOException {
    attach(NetNamespace.stranger(), STRANGER);
    links(NetNamespace.stranger()).addAddress(UPLINK, address, HOST);
  }

  /** Takes it away with its wire. */
  public synchronized void removeStranger() throws IOException {
    links(NetNamespace.underlay()).deleteLink(port(STRANGER));
    destroy(NetNamespace.stranger());
  }

  /** The MAC of a node's or the router's link to the underlay. */
  public static MacAddress underlayMac(Ipv4Address address) {
    return mac(MAC_OF_UNDERLAY, address);
  }

  private static LinkName port(Ipv4Address address) {
    return LinkName.of("port" + (address.bits() & BYTE));
  }

  private void connectServer() throws IOException {
    NamespaceLinks router = links(NetNamespace.router());
    NamespaceLinks server = create(NetNamespace.server());
    server.addVeth(
        UPLINK, mac(MAC_OF_UNDERLAY, Topology.SERVER), ROUTER_INSIDE, NetNamespace.router());
    router.up(ROUTER_INSIDE);
    int length = Topology.SERVER_NETWORK.prefixLength();
    router.addAddress(ROUTER_INSIDE, Topology.SERVER_ROUTER, length);
    server.addAddress(UPLINK, Topology.SERVER, length);
    server.defaultVia(Topology.SERVER_ROUTER);
    addV6(router, ROUTER_INSIDE, Topology.SERVER_ROUTER);
    addV6(server, UPLINK, Topology.SERVER);
    defaultV6(server, Topology.SERVER_ROUTER);
    forward(router);
  }

  /** Puts a new namespace on the underlay. */
  private void attach(NetNamespace namespace, Ipv4Address address) throws IOException {
    NamespaceLinks inside = create(namespace);
    LinkName port = port(address);
    inside.addVeth(UPLINK, mac(MAC_OF_UNDERLAY, address), port, NetNamespace.underlay());
    links(NetNamespace.underlay()).enslave(port, BRIDGE);
    inside.addAddress(UPLINK, address, Topology.UNDERLAY.prefixLength());
    addV6(inside, UPLINK, address);
  }

  /** In a dual stack, what belongs to an address of IPv4. */
  private void addV6(NamespaceLinks inside, LinkName link, Ipv4Address address) throws IOException {
    Optional<Ipv6Address> partner = Topology.ipv6Of(topology.stack(), address);
    if (partner.isPresent()) {
      inside.addAddress(link, partner.get(), Topology.PREFIX_V6);
    }
  }

  private void defaultV6(NamespaceLinks inside, Ipv4Address gateway) throws IOException {
    Optional<Ipv6Address> partner = Topology.ipv6Of(topology.stack(), gateway);
    if (partner.isPresent()) {
      inside.defaultVia(partner.get());
    }
  }

  private void forward(NamespaceLinks router) throws IOException {
    if (topology.stack() == LabNode.Stack.DUAL) {
      router.sysctl("ipv6/conf/all/forwarding", "1");
    }
    router.sysctl("ipv4/ip_forward", "1");
    router.sysctl("ipv4/conf/all/rp_filter", "0");
    router.sysctl("ipv4/conf/default/rp_filter", "0");
  }

  @Override
  public synchronized void add(PodPlacement pod) throws IOException {
    NamespaceLinks inside = create(pod.netNamespace());
    LinkName onNode = linkOnNode(pod);
    inside.addVeth(UPLINK, mac(MAC_OF_PODS, pod.address()), onNode, pod.node().namespace());
    inside.addAddress(UPLINK, pod.address(), HOST);
    inside.routeOnto(Cidr.ofAddress(POD_GATEWAY), UPLINK);
    inside.defaultVia(POD_GATEWAY);
    NamespaceLinks node = links(pod.node().namespace());
    node.up(onNode);
    node.addAddress(onNode, POD_GATEWAY, HOST);
    node.routeOnto(Cidr.ofAddress(pod.address()), onNode);
    if (pod.addressV6().isPresent()) {
      inside.addAddress(UPLINK, pod.addressV6().get(), HOST_V6);
      inside.defaultVia(POD_GATEWAY_V6, UPLINK);
      node.addAddress(onNode, POD_GATEWAY_V6, HOST_V6);
      node.routeOnto(Cidr.ofAddress(pod.addressV6().get()), onNode);
    }
  }

  @Override
  public synchronized void remove(PodPlacement pod) throws IOException {
    if (namespaces.contains(pod.netNamespace())) {
      links(pod.node().namespace()).deleteLink(linkOnNode(pod));
      destroy(pod.netNamespace());
    }
  }

  private static LinkName linkOnNode(PodPlacement pod) {
    return LinkName.of("pod" + (pod.address().bits() & BYTE));
  }

  private static MacAddress mac(long prefix, Ipv4Address address) {
    return new MacAddress(prefix | Integer.toUnsignedLong(address.bits()));
  }

  private NamespaceLinks create(NetNamespace namespace) throws IOException {
    NetworkNamespace.create(namespace.name());
    namespaces.add(namespace);
    NamespaceLinks opened = new NamespaceLinks(namespace);
    links.put(namespace, opened);
    return opened;
  }

  private NamespaceLinks links(NetNamespace namespace) {
    NamespaceLinks found = links.get(namespace);
    if (found == null) {
      throw new IllegalStateException("namespace " + namespace + " is not made yet");
    }
    return found;
  }

  private void destroy(NetNamespace namespace) throws IOException {
    NamespaceLinks opened = links.remove(namespace);
    if (opened != null) {
      opened.close();
    }
    delete(namespace);
    namespaces.remove(namespace);
  }

  /** Removes all namespaces, and with them every link, route and rule. */
  @Override
  public synchronized void close() throws IOException {
    for (NetNamespace namespace : new ArrayList<>(namespaces)) {
      destroy(namespace);
    }
  }
}
