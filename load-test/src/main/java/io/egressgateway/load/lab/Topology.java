package io.egressgateway.load.lab;

import io.egressgateway.core.model.Cidr;
import io.egressgateway.core.model.Ipv4Address;
import io.egressgateway.core.model.Ipv6Address;
import io.egressgateway.core.model.NodeName;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * What the lab consists of: the nodes of the guide, two more workers, and around them one L2
 * underlay with a router, behind which the server outside the cluster is.
 *
 * @param nodes in the order in which kubectl lists them
 */
public record Topology(List<LabNode> nodes) {
  /** The L2 segment that nodes share with the egress pool. */
  public static final Cidr UNDERLAY = Cidr.of("10.6.168.0/24");

  /** The router's address on the underlay. */
  public static final Ipv4Address ROUTER = Ipv4Address.of("10.6.168.1");

  /** The router's address on the server's side. */
  public static final Ipv4Address SERVER_ROUTER = Ipv4Address.of("10.6.1.1");

  /** The server outside the cluster, as the guide has it. */
  public static final Ipv4Address SERVER = Ipv4Address.of("10.6.1.92");

  /** The server's network. */
  public static final Cidr SERVER_NETWORK = Cidr.of("10.6.1.0/24");

  /** All pods' addresses. */
  public static final Cidr PODS = Cidr.of("10.244.0.0/16");

  /** What the CNI's masquerade and the product take for inside the cluster. */
  public static final List<Cidr> CLUSTER_CIDRS = List.of(PODS, Cidr.of("10.96.0.0/12"));

  /** More addresses of the underlay's segment, for who needs more than the guide's pool. */
  public static final Cidr MORE_ADDRESSES = Cidr.of("10.7.0.0/16");

  /** The network part of every address of IPv6. */
  public static final int PREFIX_V6 = 64;

  /** All pods' addresses of IPv6. */
  public static final Cidr PODS_V6 = Cidr.of("fd44::/48");

  /** The tunnel's addresses of IPv6. */
  public static final Cidr TUNNEL_V6 = Cidr.of("fd11::/112");

  private static final int PODS_OCTET = 244;
  private static final long PODS_HIGH = 0xfd44_0000_0000_0000L;
  private static final long OTHERS_HIGH = 0xfd06_0000_0000_0000L;
  private static final int OCTET = 0xff;

  private static final int GUIDE_GATEWAYS = 2;
  private static final int GUIDE_WORKERS = 2;
  private static final int NODES_MAX = 90;
  private static final int CONTROL_PLANE_SUBNET = 10;

  /** Makes the list immutable. */
  public Topology {
    nodes = List.copyOf(nodes);
  }

  /** One control plane node, two gateway nodes, two workers. */
  public static Topology guide() {
    return of(GUIDE_GATEWAYS, GUIDE_WORKERS);
  }

  /**
   * One control plane node and as many others as wanted: worker-node-1 and the next are the
   * gateways.
   *
   * @throws IllegalArgumentException if there is none of a kind, or more than 90 in all
   */
  public static Topology of(int gateways, int workers) {
    if (gateways < 1 || workers < 1 || gateways + workers > NODES_MAX) {
      throw new IllegalArgumentException(
          "%d gateway nodes and %d workers: at least 1 of each, at most %d in all"
              .formatted(gateways, workers, NODES_MAX));
    }
    List<LabNode> nodes = new ArrayList<>();
    nodes.add(
        node("controller-node-1", LabNode.Role.CONTROL_PLANE, "10.6.168.10", CONTROL_PLANE_SUBNET));
    for (int n = 1; n <= gateways + workers; n++) {
      nodes.add(
          node(
              "worker-node-" + n,
              n <= gateways ? LabNode.Role.GATEWAY : LabNode.Role.WORKER,
              "10.6.168." + (CONTROL_PLANE_SUBNET + n),
              n));
    }
    return new Topology(nodes);
  }

  /** The same with addresses of both families. */
  public Topology dualStack() {
    return new Topology(
        nodes.stream()
            .map(
                node ->
                    new LabNode(
                        node.name(),
                        node.role(),
                        LabNode.Stack.DUAL,
                        node.underlay(),
                        node.podCidr()))
            .toList());
  }

  /** Which addresses everything has. */
  public LabNode.Stack stack() {
    return nodes.getFirst().stack();
  }

  /**
   * What belongs to an address in a dual stack: {@code 10.6.168.11} and {@code fd06:0:0:a8::b},
   * {@code 10.244.3.5} and {@code fd44:0:0:3::5}.
   */
  public static Optional<Ipv6Address> ipv6Of(LabNode.Stack stack, Ipv4Address address) {
    int bits = address.bits();
    long high = (bits >> 16 & OCTET) == PODS_OCTET ? PODS_HIGH : OTHERS_HIGH;
    return switch (stack) {
      case IPV4 -> Optional.empty();
      case DUAL -> Optional.of(new Ipv6Address(high | (bits >> 8 & OCTET), bits & OCTET));
    };
  }

  private static LabNode node(String name, LabNode.Role role, String underlay, int subnet) {
    return new LabNode(
        new NodeName(name),
        role,
        LabNode.Stack.IPV4,
        Ipv4Address.of(underlay),
        Cidr.of("10.244." + subnet + ".0/24"));
  }

  /**
   * The node with this name.
   *
   * @throws IllegalArgumentException if there is none
   */
  public LabNode node(NodeName name) {
    return nodes.stream()
        .filter(node -> node.name().equals(name))
        .findFirst()
        .orElseThrow(() -> new IllegalArgumentException("no node " + name + " in the lab"));
  }

  /** The nodes with this role. */
  public List<LabNode> nodes(LabNode.Role role) {
    return nodes.stream().filter(node -> node.role() == role).toList();
  }
}
