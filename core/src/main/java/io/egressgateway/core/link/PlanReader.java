package io.egressgateway.core.link;

import io.egressgateway.core.link.v1.EipRoute;
import io.egressgateway.core.link.v1.Endpoint;
import io.egressgateway.core.link.v1.HeldEip;
import io.egressgateway.core.link.v1.Plan;
import io.egressgateway.core.link.v1.PodClass;
import io.egressgateway.core.link.v1.Tunnel;
import io.egressgateway.core.model.Cidr;
import io.egressgateway.core.model.CidrSet;
import io.egressgateway.core.model.ClassNumber;
import io.egressgateway.core.model.EipNumber;
import io.egressgateway.core.model.IpAddress;
import io.egressgateway.core.model.IpFamily;
import io.egressgateway.core.model.LinkPattern;
import io.egressgateway.core.model.MacAddress;
import io.egressgateway.core.model.NodeName;
import io.egressgateway.core.model.NodeNumber;
import io.egressgateway.core.model.Revision;
import io.egressgateway.core.plan.ClassRule;
import io.egressgateway.core.plan.KernelNumbers;
import io.egressgateway.core.plan.MapDelta;
import io.egressgateway.core.plan.Mesh;
import io.egressgateway.core.plan.NodePlan;
import io.egressgateway.core.plan.Ownership;
import io.egressgateway.core.plan.PlanDelta;
import io.egressgateway.core.plan.Selection;
import io.egressgateway.core.plan.SetDelta;
import io.egressgateway.core.plan.TunnelEndpoint;
import io.egressgateway.core.plan.TunnelSettings;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.SortedMap;
import java.util.SortedSet;

/** Messages to values. */
final class PlanReader {
  private final FieldReader at;
  private final Plan message;

  private PlanReader(FieldReader at, Plan message) {
    this.at = at;
    this.message = message;
  }

  static NodePlan plan(Plan message) throws MalformedLinkMessage {
    PlanReader reader = new PlanReader(FieldReader.ROOT, message);
    return new NodePlan(
        revision(FieldReader.ROOT, "revision", message.getRevision()),
        reader.mesh(),
        new Selection(
            CidrSet.of(reader.clusterCidrs()), reader.endpoints(), reader.unambiguousRules()),
        new Ownership(reader.routes(), reader.held()));
  }

  private Mesh mesh() throws MalformedLinkMessage {
    TunnelEndpoint self =
        self().orElseThrow(() -> at.malformed("self", "missing; a plan names its node"));
    TunnelSettings settings =
        settings().orElseThrow(() -> at.malformed("tunnel", "missing; a plan has a tunnel"));
    SortedMap<NodeNumber, TunnelEndpoint> peers = peers();
    if (peers.containsKey(self.number())) {
      throw at.malformed("peers", "number " + self.number() + " is this node's own");
    }
    return new Mesh(self, settings, peers);
  }

  static PlanDelta delta(io.egressgateway.core.link.v1.PlanDelta message)
      throws MalformedLinkMessage {
    FieldReader root = FieldReader.ROOT;
    PlanReader put = new PlanReader(root.in("put"), message.getPut());
    PlanReader remove = new PlanReader(root.in("remove"), message.getRemove());
    Revision base = revision(root, "base_revision", message.getBaseRevision());
    Revision next = revision(root, "revision", message.getRevision());
    if (next.compareTo(base) < 0) {
      throw root.malformed("revision", next + " is before the base revision " + base);
    }
    try {
      return new PlanDelta(
          base, next, meshDelta(put, remove), selectionDelta(put, remove), ownership(put, remove));
    } catch (IllegalArgumentException contradiction) {
      throw root.malformed("remove", String.valueOf(contradiction.getMessage()));
    }
  }

  private static PlanDelta.MeshDelta meshDelta(PlanReader put, PlanReader remove)
      throws MalformedLinkMessage {
    return new PlanDelta.MeshDelta(
        put.self(), put.settings(), new MapDelta<>(put.peers(), remove.peerNumbers()));
  }

  private static PlanDelta.SelectionDelta selectionDelta(PlanReader put, PlanReader remove)
      throws MalformedLinkMessage {
    return new PlanDelta.SelectionDelta(
        new SetDelta<>(put.clusterCidrs(), remove.clusterCidrs()),
        new MapDelta<>(put.endpoints(), remove.endpointAddresses()),
        new SetDelta<>(put.unambiguousRules(), remove.rules()));
  }

  private static PlanDelta.OwnershipDelta ownership(PlanReader put, PlanReader remove)
      throws MalformedLinkMessage {
    return new PlanDelta.OwnershipDelta(
        new MapDelta<>(put.routes(), remove.routeEips()),
        new MapDelta<>(put.held(), remove.heldEips()));
  }

  private static Revision revision(FieldReader at, String field, long value)
      throws MalformedLinkMessage {
    if (value == 0) {
      throw at.malformed(field, "missing; revisions start at 1");
    }
    return at.counter(field, value, Revision::new);
  }

  private Optional<TunnelEndpoint> self() throws MalformedLinkMessage {
    return message.hasSelf()
        ? Optional.of(endpoint(at.in("self"), message.getSelf()))
        : Optional.empty();
  }

  private Optional<TunnelSettings> settings() throws MalformedLinkMessage {
    return message.hasTunnel()
        ? Optional.of(settings(at.in("tunnel"), message.getTunnel()))
        : Optional.empty();
  }

  private static TunnelSettings settings(FieldReader at, Tunnel tunnel)
      throws MalformedLinkMessage {
    TunnelSettings.Subnets subnets =
        new TunnelSettings.Subnets(
            subnet(at, "ipv4_subnet", tunnel.getIpv4Subnet(), IpFamily.IPV4),
            subnet(at, "ipv6_subnet", tunnel.getIpv6Subnet(), IpFamily.IPV6));
    KernelNumbers numbers = numbers(at, tunnel);
    Optional<String> uplink = Optional.of(tunnel.getUplink()).filter(name -> !name.isEmpty());
    List<LinkPattern> excluded = new ArrayList<>();
    for (String links : tunnel.getExcludedLinksList()) {
      excluded.add(at.text("excluded_links", links, LinkPattern::new));
    }
    // The value checks its numbers and the link, and names the wrong one in its refusal.
    return at.text(
        "device",
        tunnel.getDevice(),
        device ->
            new TunnelSettings(
                device, tunnel.getVni(), tunnel.getPort(), subnets, numbers, uplink, excluded));
  }

  /** A controller of an earlier version says nothing of them. */
  private static KernelNumbers numbers(FieldReader at, Tunnel tunnel) throws MalformedLinkMessage {
    if (tunnel.getMarkMask() == 0) {
      return KernelNumbers.USUAL;
    }
    return at.text(
        "mark",
        "",
        ignored ->
            new KernelNumbers(
                tunnel.getMark(),
                tunnel.getMarkMask(),
                Integer.toUnsignedLong(tunnel.getRoutingTables()),
                tunnel.getRulePriority()));
  }

  private static Optional<Cidr> subnet(FieldReader at, String field, String text, IpFamily family)
      throws MalformedLinkMessage {
    if (text.isEmpty()) {
      return Optional.empty();
    }
    Cidr subnet = at.text(field, text, Cidr::of);
    if (subnet.family() != family) {
      throw at.malformed(field, subnet + " is not " + family);
    }
    return Optional.of(subnet);
  }

  private SortedMap<NodeNumber, TunnelEndpoint> peers() throws MalformedLinkMessage {
    return peerEntries().toMap(PlanReader::nodeNumber, PlanReader::endpoint);
  }

  private SortedSet<NodeNumber> peerNumbers() throws MalformedLinkMessage {
    return peerEntries().toSet(PlanReader::nodeNumber);
  }

  private FieldReader.Entries<Endpoint> peerEntries() throws MalformedLinkMessage {
    return at.entries("peers", message.getPeersList(), PlanLimits.PEERS_MAX);
  }

  private static NodeNumber nodeNumber(FieldReader at, Endpoint endpoint)
      throws MalformedLinkMessage {
    return at.number("number", endpoint.getNumber(), NodeNumber::new);
  }

  private static TunnelEndpoint endpoint(FieldReader at, Endpoint endpoint)
      throws MalformedLinkMessage {
    return new TunnelEndpoint(
        at.text("node", endpoint.getNode(), NodeName::new),
        nodeNumber(at, endpoint),
        at.bytes("mac", endpoint.getMac(), MacAddress::fromBytes),
        new TunnelEndpoint.Addresses(
            at.address("underlay", endpoint.getUnderlay()),
            at.optionalIpv4("ipv4", endpoint.getIpv4()),
            at.optionalIpv6("ipv6", endpoint.getIpv6())));
  }

  private SortedSet<Cidr> clusterCidrs() throws MalformedLinkMessage {
    List<String> texts = message.getClusterCidrsList();
    return at.entries("cluster_cidrs", texts, PlanLimits.CLUSTER_CIDRS_MAX)
        .toSet((entry, text) -> entry.text("cidr", text, Cidr::of));
  }

  private SortedMap<IpAddress, ClassNumber> endpoints() throws MalformedLinkMessage {
    return podEntries()
        .toMap(
            PlanReader::address,
            (entry, pod) ->
                entry.number("endpoint_class", pod.getEndpointClass(), ClassNumber::new));
  }

  private SortedSet<IpAddress> endpointAddresses() throws MalformedLinkMessage {
    return podEntries().toSet(PlanReader::address);
  }

  private FieldReader.Entries<PodClass> podEntries() throws MalformedLinkMessage {
    return at.entries("pods", message.getPodsList(), PlanLimits.PODS_MAX);
  }

  private static IpAddress address(FieldReader at, PodClass pod) throws MalformedLinkMessage {
    return at.address("address", pod.getAddress());
  }

  /** One destination of one class cannot have two egress IPs. */
  private SortedSet<ClassRule> unambiguousRules() throws MalformedLinkMessage {
    SortedSet<ClassRule> rules = rules();
    Optional<ClassRule> previous = Optional.empty();
    for (ClassRule rule : rules) {
      if (previous.filter(other -> sameMatch(other, rule)).isPresent()) {
        throw at.malformed(
            "rules",
            "class " + rule.endpointClass() + " has two egress IPs for " + rule.destination());
      }
      previous = Optional.of(rule);
    }
    return rules;
  }

  private static boolean sameMatch(ClassRule one, ClassRule other) {
    return one.endpointClass().equals(other.endpointClass())
        && one.destination().equals(other.destination());
  }

  private SortedSet<ClassRule> rules() throws MalformedLinkMessage {
    return at.entries("rules", message.getRulesList(), PlanLimits.RULES_MAX)
        .toSet(PlanReader::rule);
  }

  private static ClassRule rule(FieldReader at, io.egressgateway.core.link.v1.ClassRule rule)
      throws MalformedLinkMessage {
    IpAddress destination = at.address("destination", rule.getDestination());
    Cidr cidr =
        at.number("prefix_length", rule.getPrefixLength(), length -> new Cidr(destination, length));
    if (!cidr.address().equals(destination)) {
      throw at.malformed(
          "destination", destination + " has bits set below /" + cidr.prefixLength());
    }
    return new ClassRule(
        at.number("endpoint_class", rule.getEndpointClass(), ClassNumber::new),
        cidr,
        eip(at, rule.getEip()));
  }

  private SortedMap<EipNumber, NodeNumber> routes() throws MalformedLinkMessage {
    return routeEntries()
        .toMap(
            (entry, route) -> eip(entry, route.getEip()),
            (entry, route) -> entry.number("node", route.getNode(), NodeNumber::new));
  }

  private SortedSet<EipNumber> routeEips() throws MalformedLinkMessage {
    return routeEntries().toSet((entry, route) -> eip(entry, route.getEip()));
  }

  private FieldReader.Entries<EipRoute> routeEntries() throws MalformedLinkMessage {
    return at.entries("routes", message.getRoutesList(), PlanLimits.ROUTES_MAX);
  }

  private SortedMap<EipNumber, IpAddress> held() throws MalformedLinkMessage {
    return heldEntries()
        .toMap(
            (entry, held) -> eip(entry, held.getEip()),
            (entry, held) -> entry.address("address", held.getAddress()));
  }

  private SortedSet<EipNumber> heldEips() throws MalformedLinkMessage {
    return heldEntries().toSet((entry, held) -> eip(entry, held.getEip()));
  }

  private FieldReader.Entries<HeldEip> heldEntries() throws MalformedLinkMessage {
    return at.entries("held", message.getHeldList(), PlanLimits.HELD_MAX);
  }

  private static EipNumber eip(FieldReader at, int value) throws MalformedLinkMessage {
    return at.number("eip", value, EipNumber::new);
  }
}
