package io.egressgateway.node.kernel;

import io.egressgateway.core.model.Cidr;
import io.egressgateway.core.model.ClassNumber;
import io.egressgateway.core.model.IpAddress;
import io.egressgateway.core.model.IpFamily;
import io.egressgateway.core.model.NodeAddressSlot;
import io.egressgateway.core.model.NodeNumber;
import io.egressgateway.core.plan.KernelNumbers;
import io.egressgateway.core.plan.Mesh;
import io.egressgateway.core.plan.NodePlan;
import io.egressgateway.core.plan.Ownership;
import io.egressgateway.core.plan.TunnelEndpoint;
import io.egressgateway.core.plan.TunnelSettings;
import io.egressgateway.node.kernel.KernelObject.ForwardAcceptance;
import io.egressgateway.node.kernel.KernelObject.Forwarding;
import io.egressgateway.node.kernel.KernelObject.HeldAddress;
import io.egressgateway.node.kernel.KernelObject.Neighbour;
import io.egressgateway.node.kernel.KernelObject.Route;
import io.egressgateway.node.kernel.KernelObject.RoutingRule;
import io.egressgateway.node.kernel.KernelObject.Tunnel;
import io.egressgateway.node.kernel.KernelObject.TunnelAddress;
import io.egressgateway.node.kernel.KernelObject.TunnelBackstop;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.SortedMap;
import java.util.SortedSet;
import java.util.TreeMap;
import java.util.TreeSet;

/**
 * What a node's kernel should have.
 *
 * @param state every object, setting and element
 * @param ruleset the chains; present exactly when the state has a table
 * @param basis what the state was made of; empty if nothing is wanted
 */
public record DesiredKernel(
    KernelState state, Optional<Ruleset> ruleset, Optional<PlanElements> basis) {
  /**
   * A way that stands ready costs packets the look at one more rule: of more, only what is used.
   */
  private static final int READY_WAYS_MAX = 16;

  /** Set only on nodes that have IPv6 packets to forward. */
  public static final String IPV6_FORWARDING = "net/ipv6/conf/all/forwarding";

  /** Nothing of ours. */
  public static DesiredKernel none() {
    return new DesiredKernel(KernelState.empty(), Optional.empty(), Optional.empty());
  }

  /** What the plan asks of a node with this uplink and this right to hold addresses. */
  public static DesiredKernel of(NodePlan planned, Uplink uplink, Tenure tenure) {
    NodePlan plan = permitted(planned, tenure);
    Tunnel tunnel = tunnel(plan.mesh(), uplink);
    Ruleset ruleset =
        Ruleset.of(
            tunnel.device(),
            plan.mesh().settings().port(),
            tunnel.operation().mtu(),
            plan.mesh().settings().numbers());
    PlanElements basis = new PlanElements(plan, uplink, tenure);
    KernelState state =
        KernelState.empty()
            .withObjects(objects(basis, tunnel))
            .withTable(Optional.of(new TableState(ruleset.fingerprint(), basis.all())))
            .withSettings(settings(basis, tunnel.device()));
    return new DesiredKernel(state, Optional.of(ruleset), Optional.of(basis));
  }

  /**
   * The same as {@link #of}, for about the cost of what differs from this. Not after {@link
   * #passing}.
   */
  public DesiredKernel next(NodePlan planned, Uplink uplink, Tenure tenure) {
    NodePlan plan = permitted(planned, tenure);
    return basis
        .filter(
            before ->
                before.uplink().equals(uplink)
                    && before.tenure() == tenure
                    && before.plan().mesh().equals(plan.mesh()))
        .map(before -> after(before, plan))
        .orElseGet(() -> of(planned, uplink, tenure));
  }

  private DesiredKernel after(PlanElements before, NodePlan plan) {
    PlanElements next = new PlanElements(plan, before.uplink(), before.tenure());
    Tunnel tunnel = tunnel(plan.mesh(), before.uplink());
    KernelState changed =
        before.plan().ownership().equals(plan.ownership())
            ? state
            : state.withObjects(objects(next, tunnel));
    return new DesiredKernel(
        changed
            .withTable(
                state
                    .table()
                    .map(
                        table ->
                            new TableState(
                                table.fingerprint(), next.allAfter(before, table.elements()))))
            .withSettings(settings(next, tunnel.device())),
        ruleset,
        Optional.of(next));
  }

  private static NodePlan permitted(NodePlan planned, Tenure tenure) {
    return switch (tenure) {
      case LEASED -> planned;
      case ENLISTED, UNLEASED -> holdingNothing(planned);
    };
  }

  private static List<KernelObject> objects(PlanElements basis, Tunnel tunnel) {
    NodePlan plan = basis.plan();
    Tenure tenure = basis.tenure();
    Mesh mesh = plan.mesh();
    KernelNumbers numbers = mesh.settings().numbers();
    List<KernelObject> objects = new ArrayList<>();
    objects.add(tunnel);
    for (IpFamily family : IpFamily.values()) {
      addTunnelAddress(mesh, family, objects);
      if (mesh.self().tunnelAddress(family).isPresent()) {
        // The kernel may not know the other family.
        objects.add(new TunnelBackstop(family, tunnel.device()));
      }
      for (TunnelEndpoint peer : mesh.peers().values()) {
        addNeighbour(tunnel, peer, family, objects);
      }
      for (NodeNumber gateway : remoteGateways(plan, tenure)) {
        Lane lane = new Lane(numbers.gatewayPriority(), numbers.toGateway(gateway), family);
        addLane(mesh, gateway, lane, objects);
      }
      for (TunnelEndpoint peer : repliesTo(plan, tenure)) {
        Lane lane = new Lane(numbers.replyPriority(), numbers.replyTo(peer.number()), family);
        addLane(mesh, peer.number(), lane, objects);
      }
    }
    for (TunnelEndpoint peer : mesh.peers().values()) {
      objects.add(new Forwarding(tunnel.device(), peer.mac(), peer.addresses().underlay()));
    }
    for (IpAddress address : plan.ownership().held().values()) {
      if (!NodeAddressSlot.is(address)) {
        objects.add(new HeldAddress(basis.uplink().portOf(address).name(), address));
      }
    }
    return objects;
  }

  /** The same beside these closed chains of iptables: a rule of ours has to stand in each. */
  public DesiredKernel passing(SortedSet<IpFamily> closedForwards) {
    if (closedForwards.isEmpty()) {
      return this;
    }
    List<KernelObject> objects = new ArrayList<>(state.objects().values());
    for (IpFamily family : closedForwards) {
      ruleset.map(rules -> ForwardAcceptance.last(family, rules.numbers())).ifPresent(objects::add);
    }
    return new DesiredKernel(
        state.withObjects(objects).withClosedForwards(closedForwards), ruleset, basis);
  }

  /** Packets that were to leave here find no translation and are dropped. */
  private static NodePlan holdingNothing(NodePlan plan) {
    Ownership nothingHeld = new Ownership(plan.ownership().routes(), new TreeMap<>());
    return new NodePlan(plan.revision(), plan.mesh(), plan.selection(), nothingHeld);
  }

  /** The elements of the table. */
  public Elements elements() {
    return state.table().map(TableState::elements).orElse(Elements.NONE);
  }

  private static Tunnel tunnel(Mesh mesh, Uplink uplink) {
    TunnelSettings settings = mesh.settings();
    IpAddress local = mesh.self().addresses().underlay();
    return new Tunnel(
        settings.device(),
        mesh.self().mac(),
        new Tunnel.Outer(
            new Tunnel.Header(settings.vni(), settings.port(), Tunnel.Extension.GROUP_POLICY),
            Optional.of(local),
            uplink.lower().name()),
        new Tunnel.Operation(uplink.lower().mtu() - overhead(local.family()), Tunnel.LinkState.UP));
  }

  /** Outer IP, UDP and VXLAN headers and the inner Ethernet header, in bytes. */
  private static int overhead(IpFamily underlay) {
    return switch (underlay) {
      case IPV4 -> 20 + 8 + 8 + 14;
      case IPV6 -> 40 + 8 + 8 + 14;
    };
  }

  private static void addTunnelAddress(Mesh mesh, IpFamily family, List<KernelObject> objects) {
    Optional<Cidr> subnet =
        switch (family) {
          case IPV4 -> mesh.settings().subnets().ipv4();
          case IPV6 -> mesh.settings().subnets().ipv6();
        };
    mesh.self()
        .tunnelAddress(family)
        .ifPresent(
            address ->
                objects.add(
                    new TunnelAddress(
                        mesh.settings().device(),
                        address,
                        subnet.map(Cidr::prefixLength).orElse(family.bits()))));
  }

  private static void addNeighbour(
      Tunnel tunnel, TunnelEndpoint peer, IpFamily family, List<KernelObject> objects) {
    peer.tunnelAddress(family)
        .ifPresent(address -> objects.add(new Neighbour(tunnel.device(), address, peer.mac())));
  }

  /** Packets with a mark leave through the tunnel to one peer. */
  private record Lane(int priority, int mark, IpFamily family) {}

  /** A peer without an address in the family gets nothing, so its packets are dropped. */
  private static void addLane(Mesh mesh, NodeNumber peer, Lane lane, List<KernelObject> objects) {
    Optional.ofNullable(mesh.peers().get(peer))
        .flatMap(endpoint -> endpoint.tunnelAddress(lane.family()))
        .ifPresent(
            address -> {
              Cidr everything = Cidr.everything(lane.family());
              String device = mesh.settings().device();
              int table = mesh.settings().numbers().table(lane.mark());
              objects.add(new Route(table, everything, Optional.of(address), device));
              objects.add(new RoutingRule(lane.family(), lane.priority(), lane.mark(), table));
            });
  }

  /**
   * All peers of a node that cannot hold anything are gateway nodes. If it sends to one of them,
   * the ways to the others stand ready: an egress IP that moves is one element of a map then.
   */
  private static SortedSet<NodeNumber> remoteGateways(NodePlan plan, Tenure tenure) {
    SortedSet<NodeNumber> gateways = new TreeSet<>(plan.ownership().routes().values());
    gateways.remove(plan.mesh().self().number());
    Set<NodeNumber> peers = plan.mesh().peers().keySet();
    if (tenure == Tenure.UNLEASED && !gateways.isEmpty() && peers.size() <= READY_WAYS_MAX) {
      gateways.addAll(peers);
    }
    return gateways;
  }

  /** A node that cannot hold anything gets no packets from others, so it has no replies to send. */
  static Collection<TunnelEndpoint> repliesTo(NodePlan plan, Tenure tenure) {
    return switch (tenure) {
      case LEASED, ENLISTED -> plan.mesh().peers().values();
      case UNLEASED -> List.of();
    };
  }

  private static SortedMap<String, String> settings(PlanElements basis, String device) {
    SortedMap<String, String> settings = new TreeMap<>();
    settings.put("net/ipv4/ip_forward", "1");
    if (forwardsIpv6(basis)) {
      settings.put(IPV6_FORWARDING, "1");
    }
    // Packets come out of the tunnel from sources that are routed elsewhere: loose, not strict.
    settings.put("net/ipv4/conf/" + device + "/rp_filter", "2");
    return settings;
  }

  /**
   * A node that forwards drops the default route that a router advertised to it, unless its uplink
   * has accept_ra 2; so this is asked only of nodes that carry IPv6 packets.
   */
  private static boolean forwardsIpv6(PlanElements basis) {
    SortedMap<IpAddress, ClassNumber> endpoints = basis.plan().selection().endpoints();
    // In the order of addresses IPv6 comes last.
    return (!endpoints.isEmpty() && endpoints.lastKey().family() == IpFamily.IPV6)
        || basis.plan().ownership().held().values().stream()
            .anyMatch(
                address ->
                    NodeAddressSlot.is(address)
                        ? carriesOwnIpv6(basis)
                        : address.family() == IpFamily.IPV6);
  }

  /** Whether IPv6 packets come out of the tunnel that may leave with the node's own address. */
  private static boolean carriesOwnIpv6(PlanElements basis) {
    return basis.plan().mesh().self().tunnelAddress(IpFamily.IPV6).isPresent()
        && basis.uplink().addresses().stream().anyMatch(own -> own.family() == IpFamily.IPV6);
  }
}
