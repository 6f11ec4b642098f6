package io.egressgateway.load.bench.datapath;

import io.egressgateway.core.model.Cidr;
import io.egressgateway.core.model.CidrSet;
import io.egressgateway.core.model.ClassNumber;
import io.egressgateway.core.model.EipNumber;
import io.egressgateway.core.model.IpAddress;
import io.egressgateway.core.model.Ipv4Address;
import io.egressgateway.core.model.MacAddress;
import io.egressgateway.core.model.NodeName;
import io.egressgateway.core.model.NodeNumber;
import io.egressgateway.core.model.Revision;
import io.egressgateway.core.plan.ClassRule;
import io.egressgateway.core.plan.Mesh;
import io.egressgateway.core.plan.NodePlan;
import io.egressgateway.core.plan.Ownership;
import io.egressgateway.core.plan.Selection;
import io.egressgateway.core.plan.TunnelEndpoint;
import io.egressgateway.core.plan.TunnelSettings;
import io.egressgateway.load.lab.LabNode;
import io.egressgateway.load.lab.Topology;
import java.util.List;
import java.util.Optional;
import java.util.SortedMap;
import java.util.SortedSet;
import java.util.TreeMap;
import java.util.TreeSet;

/** The plans that the nodes of a chain would be given. */
record NodePlans(Chain chain) {
  private static final int TUNNEL_PORT = 7789;
  private static final TunnelSettings TUNNEL =
      new TunnelSettings(
          "egress.vxlan",
          100,
          TUNNEL_PORT,
          new TunnelSettings.Subnets(Optional.of(Cidr.of("172.31.0.0/16")), Optional.empty()));
  private static final NodeNumber WORKER = new NodeNumber(1);
  private static final NodeNumber GATEWAY = new NodeNumber(2);

  /** A gateway node that is in the mesh and holds nothing. */
  private static final NodeNumber OTHER_GATEWAY = new NodeNumber(3);

  /**
   * Of the pod's node.
   *
   * @param local how many pods of the whole are on it; the sender always is
   */
  NodePlan worker(PolicyScale scale, int local) {
    SortedMap<IpAddress, ClassNumber> endpoints = new TreeMap<>();
    SortedSet<ClassRule> rules = new TreeSet<>();
    SortedMap<EipNumber, NodeNumber> routes = new TreeMap<>();
    // From the end: the sender is last.
    for (int policy = scale.policies() - 1; policy >= 0 && endpoints.size() < local; policy--) {
      ClassNumber number = new ClassNumber(policy + 1);
      EipNumber eip = new EipNumber(scale.egressIpOf(policy));
      for (Ipv4Address pod : scale.podsOf(policy, chain.sender().address()).reversed()) {
        if (endpoints.size() < local) {
          endpoints.put(pod, number);
        }
      }
      for (Cidr destination : scale.destinationsOf(policy)) {
        rules.add(new ClassRule(number, destination, eip));
      }
      routes.put(eip, GATEWAY);
    }
    return new NodePlan(
        new Revision(1),
        Mesh.of(
            endpoint(chain.worker(), WORKER),
            TUNNEL,
            List.of(endpoint(chain.gateway(), GATEWAY), elsewhere())),
        new Selection(inside(), endpoints, rules),
        new Ownership(routes, new TreeMap<>()));
  }

  /** Of the gateway node, which holds every egress IP. */
  NodePlan gateway(PolicyScale scale) {
    SortedMap<EipNumber, NodeNumber> routes = new TreeMap<>();
    SortedMap<EipNumber, IpAddress> held = new TreeMap<>();
    for (int i = 1; i <= scale.egressIps(); i++) {
      routes.put(new EipNumber(i), GATEWAY);
      held.put(new EipNumber(i), chain.egressIp(i));
    }
    return new NodePlan(
        new Revision(1),
        Mesh.of(
            endpoint(chain.gateway(), GATEWAY), TUNNEL, List.of(endpoint(chain.worker(), WORKER))),
        Selection.none(inside()),
        new Ownership(routes, held));
  }

  /** The plan with one more pod, whose address follows on the last, of the last policy's class. */
  static NodePlan withPod(NodePlan plan) {
    Selection before = plan.selection();
    SortedMap<IpAddress, ClassNumber> endpoints = new TreeMap<>(before.endpoints());
    Ipv4Address last = (Ipv4Address) endpoints.lastKey();
    endpoints.put(new Ipv4Address(last.bits() + 1), before.rules().last().endpointClass());
    return new NodePlan(
        plan.revision(),
        plan.mesh(),
        new Selection(before.clusterCidrs(), endpoints, before.rules()),
        plan.ownership());
  }

  /** The plan with one egress IP at the other gateway node, or back from there. */
  static NodePlan withMove(NodePlan plan) {
    SortedMap<EipNumber, NodeNumber> routes = new TreeMap<>(plan.ownership().routes());
    routes.compute(
        routes.lastKey(), (eip, holder) -> GATEWAY.equals(holder) ? OTHER_GATEWAY : GATEWAY);
    return new NodePlan(
        plan.revision(),
        plan.mesh(),
        plan.selection(),
        new Ownership(routes, plan.ownership().held()));
  }

  /** The gateway node's plan with every egress IP, if it had none, or without any. */
  NodePlan withTakeover(NodePlan plan, PolicyScale scale) {
    return new NodePlan(
        plan.revision(),
        plan.mesh(),
        plan.selection(),
        plan.ownership().held().isEmpty() ? gateway(scale).ownership() : Ownership.none());
  }

  private static CidrSet inside() {
    return CidrSet.of(Topology.CLUSTER_CIDRS.toArray(Cidr[]::new)).plus(Topology.UNDERLAY);
  }

  private static TunnelEndpoint endpoint(LabNode node, NodeNumber number) {
    return new TunnelEndpoint(
        node.name(),
        number,
        mac(number),
        new TunnelEndpoint.Addresses(
            node.underlay(), Optional.of(tunnelAddress(number)), Optional.empty()));
  }

  private static TunnelEndpoint elsewhere() {
    return new TunnelEndpoint(
        new NodeName("elsewhere"),
        OTHER_GATEWAY,
        mac(OTHER_GATEWAY),
        new TunnelEndpoint.Addresses(
            Ipv4Address.of("10.6.168.250"),
            Optional.of(tunnelAddress(OTHER_GATEWAY)),
            Optional.empty()));
  }

  private static MacAddress mac(NodeNumber number) {
    return new MacAddress(0x66_00_00_00_00_00L | number.value());
  }

  private static Ipv4Address tunnelAddress(NodeNumber number) {
    return new Ipv4Address(Ipv4Address.of("172.31.0.0").bits() + number.value());
  }
}
