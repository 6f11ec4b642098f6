package io.egressgateway.load.bench.cluster;

import io.egressgateway.core.model.Cidr;
import io.egressgateway.core.model.CidrSet;
import io.egressgateway.core.model.ClassNumber;
import io.egressgateway.core.model.EipNumber;
import io.egressgateway.core.model.Epoch;
import io.egressgateway.core.model.FailMode;
import io.egressgateway.core.model.IpAddress;
import io.egressgateway.core.model.Ipv4Address;
import io.egressgateway.core.model.NodeName;
import io.egressgateway.core.model.NodeNumber;
import io.egressgateway.core.model.PolicyKey;
import io.egressgateway.core.model.Priority;
import io.egressgateway.core.model.Revision;
import io.egressgateway.core.plan.NodePlan;
import io.egressgateway.core.plan.Selection;
import io.egressgateway.core.plan.TunnelEndpoint;
import io.egressgateway.core.plan.TunnelSettings;
import io.egressgateway.load.lab.LabNode;
import io.egressgateway.load.lab.Topology;
import io.egressgateway.policy.plan.Binding;
import io.egressgateway.policy.plan.ClassTable;
import io.egressgateway.policy.plan.EipRoute;
import io.egressgateway.policy.plan.NodeInventory;
import io.egressgateway.policy.plan.NodePlanner;
import io.egressgateway.policy.plan.TunnelAddressing;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.SortedMap;
import java.util.SortedSet;
import java.util.TreeMap;
import java.util.TreeSet;

/**
 * A cluster of which only two nodes are there: what the planner gives them. Each policy selects ten
 * pods, on as many nodes, and has four destinations; egress IPs are shared by policies.
 *
 * @param gateway a gateway node that is there
 * @param worker another node that is there
 */
record LargeCluster(LabNode gateway, LabNode worker) {
  /** How many policies there are. */
  static final int POLICIES = 10_000;

  /** How many pods there are. */
  static final int PODS = 100_000;

  /** As many as the kubelet lets a node have. */
  static final int PODS_OF_NODE = 110;

  /** How many egress IPs a gateway node holds. */
  static final int EGRESS_IPS_OF_NODE = 250;

  /** How many nodes there are. */
  static final int NODES = Math.ceilDiv(PODS, PODS_OF_NODE);

  /** How many of them are gateway nodes. */
  static final int GATEWAYS = 16;

  private static final int DESTINATIONS = 4;
  private static final int DESTINATION_PREFIX = 28;
  private static final int DESTINATION_SIZE = 16;
  private static final int DESTINATIONS_OF_POLICY = 256;
  private static final int FIRST_DESTINATION = Ipv4Address.of("11.0.0.0").bits();
  private static final int FIRST_NODE = Ipv4Address.of("10.8.0.0").bits();
  private static final int FIRST_POD = 5;
  private static final int SECOND_NODE = 2;
  private static final TunnelSettings TUNNEL =
      new TunnelSettings(
          "egress.vxlan",
          100,
          7789,
          new TunnelSettings.Subnets(
              Optional.of(Cidr.of("172.31.0.0/16")), Optional.of(Cidr.of("fd11::/112"))));

  /**
   * Of the gateway node, which holds its share of the egress IPs and exchanges packets with all.
   */
  NodePlan ofGateway() {
    SortedMap<EipNumber, IpAddress> held = new TreeMap<>();
    for (int i = 0; i < EGRESS_IPS_OF_NODE; i++) {
      held.put(number(i * GATEWAYS), address(i * GATEWAYS));
    }
    return plan(gateway, new NodeNumber(1), peers(NODES), held);
  }

  /** Of the other node, which sends to the gateway nodes. */
  NodePlan ofWorker() {
    return plan(worker, new NodeNumber(SECOND_NODE), peers(GATEWAYS + 1), new TreeMap<>());
  }

  /** The same plan a revision later, with one pod of another address. */
  static NodePlan withPodReplaced(NodePlan plan) {
    SortedMap<IpAddress, ClassNumber> endpoints = new TreeMap<>(plan.selection().endpoints());
    ClassNumber number = endpoints.firstEntry().getValue();
    endpoints.remove(endpoints.firstKey());
    int last = ((Ipv4Address) endpoints.lastKey()).bits();
    endpoints.put(new Ipv4Address(last + 1), number);
    return new NodePlan(
        plan.revision().next(),
        plan.mesh(),
        new Selection(plan.selection().clusterCidrs(), endpoints, plan.selection().rules()),
        plan.ownership());
  }

  private NodePlan plan(
      LabNode node,
      NodeNumber number,
      SortedMap<NodeName, TunnelEndpoint> peers,
      SortedMap<EipNumber, IpAddress> held) {
    SortedMap<IpAddress, SortedSet<PolicyKey>> policiesByPod = new TreeMap<>();
    SortedMap<PolicyKey, Binding> bindings = new TreeMap<>();
    SortedMap<IpAddress, EipRoute> routes = new TreeMap<>();
    int first = ((Ipv4Address) node.podCidr().first()).bits() + FIRST_POD;
    for (int i = 0; i < PODS_OF_NODE; i++) {
      int policy = i * (POLICIES / PODS_OF_NODE);
      int eip = policy % (GATEWAYS * EGRESS_IPS_OF_NODE);
      PolicyKey key = new PolicyKey.Namespaced("tenant-" + policy % 100, "policy-" + policy);
      policiesByPod.put(new Ipv4Address(first + i), new TreeSet<>(List.of(key)));
      bindings.put(key, binding(policy, eip));
      routes.put(
          address(eip),
          new EipRoute(number(eip), Optional.of(gatewayName(eip % GATEWAYS)), new Epoch(1)));
    }
    NodeInventory inventory =
        new NodeInventory("uid-" + node.name(), number, node.underlay(), TUNNEL, peers, inside());
    return NodePlanner.plan(
            new NodePlanner.Input(
                new NodePlanner.Place(
                    node.name(), TunnelAddressing.identity(number, TUNNEL.subnets()), inventory),
                policiesByPod,
                new NodePlanner.Answers(bindings, routes, NodePlanner.Unanswered.nothing()),
                held),
            ClassTable.empty())
        .plan()
        .at(new Revision(1));
  }

  private static Binding binding(int policy, int eip) {
    List<Cidr> destinations = new ArrayList<>();
    for (int i = 0; i < DESTINATIONS; i++) {
      int first = FIRST_DESTINATION + policy * DESTINATIONS_OF_POLICY + i * DESTINATION_SIZE;
      destinations.add(new Cidr(new Ipv4Address(first), DESTINATION_PREFIX));
    }
    return new Binding(
        CidrSet.of(destinations.toArray(Cidr[]::new)),
        Priority.NAMESPACED_DEFAULT,
        new TreeSet<>(List.of(address(eip))),
        FailMode.CLOSED);
  }

  private static CidrSet inside() {
    return CidrSet.of(Topology.CLUSTER_CIDRS.toArray(Cidr[]::new)).plus(Topology.UNDERLAY);
  }

  /** The first so many nodes: gateway nodes first, the two that are there among them. */
  private SortedMap<NodeName, TunnelEndpoint> peers(int count) {
    SortedMap<NodeName, TunnelEndpoint> peers = new TreeMap<>();
    for (int i = 1; i <= count; i++) {
      NodeNumber number = new NodeNumber(i);
      IpAddress underlay =
          switch (i) {
            case 1 -> gateway.underlay();
            case SECOND_NODE -> worker.underlay();
            default -> new Ipv4Address(FIRST_NODE + i);
          };
      NodeName name = name(i);
      peers.put(
          name,
          TunnelAddressing.endpoint(
              name, underlay, TunnelAddressing.identity(number, TUNNEL.subnets())));
    }
    return peers;
  }

  private NodeName name(int number) {
    return switch (number) {
      case 1 -> gateway.name();
      case SECOND_NODE -> worker.name();
      default -> new NodeName("elsewhere-" + number);
    };
  }

  /** The gateway nodes' numbers are 1 and 3 and those that follow. */
  private NodeName gatewayName(int index) {
    return name(index == 0 ? 1 : index + SECOND_NODE);
  }

  private static EipNumber number(int eip) {
    return new EipNumber(eip + 1);
  }

  private static IpAddress address(int eip) {
    return new Ipv4Address(((Ipv4Address) Topology.MORE_ADDRESSES.first()).bits() + 1 + eip);
  }
}
