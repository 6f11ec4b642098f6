package io.egressgateway.k8s.status;

import io.egressgateway.core.collection.CompactSet;
import io.egressgateway.core.model.GatewayName;
import io.egressgateway.core.model.IpAddress;
import io.egressgateway.core.model.NodeName;
import io.egressgateway.core.model.PolicyKey;
import io.egressgateway.k8s.crd.EgressTunnel;
import io.egressgateway.policy.domain.Holding;
import io.egressgateway.policy.domain.SpecVersion;
import io.egressgateway.policy.entity.Condition;
import io.egressgateway.policy.entity.StatusReport;
import java.util.Collections;
import java.util.HashMap;
import java.util.HashSet;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.SortedMap;
import java.util.SortedSet;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.stream.Stream;

/**
 * The newest of what the writer was told, and what follows from it for each object. It forgets an
 * object when it is told that the object is gone, so it is as large as the cluster is. Not
 * thread-safe.
 */
final class StatusBoard {

  /** Something that is written at once. */
  sealed interface Target {}

  /** An object's status; for a tunnel the object, too. */
  record StatusOf(ObjectRef.Key object) implements Target {
    @Override
    public String toString() {
      return object.toString();
    }
  }

  /** A policy's slices. */
  record SlicesOf(PolicyKey policy) implements Target {
    @Override
    public String toString() {
      return "slices of " + policy;
    }
  }

  private static final Condition CLUSTER_KNOWN =
      Condition.ready("Detected", "the status shows what no policy takes");

  private final Map<ObjectRef.Key, StatusReport> reports = new HashMap<>();

  /** The nodes that each gateway's report is about, so that not all reports are looked at. */
  private final Map<ObjectRef.Gateway, SortedSet<NodeName>> gatewayNodes = new HashMap<>();

  private final Map<ObjectRef.Key, StatusWriter.Violations> violations = new HashMap<>();
  private final Map<ObjectRef.Key, Condition> remarks = new HashMap<>();
  private final Map<PolicyKey, Wanted.Slices> slices = new HashMap<>();
  private final Set<ObjectRef.Tunnel> removedTunnels = new HashSet<>();
  private Optional<StatusWriter.ClusterInfo> clusterInfo = Optional.empty();
  private SortedSet<NodeName> notReady = Collections.emptySortedSet();
  private final FailoverObstacles obstacles = new FailoverObstacles();
  private final PortShortages shortages = new PortShortages();

  /** Takes a report in; returns what it may concern. */
  Set<Target> report(StatusReport report) {
    return switch (report) {
      case StatusReport.PolicyReport policy -> put(new ObjectRef.Policy(policy.policy()), report);
      case StatusReport.PolicyGone policy -> forget(new ObjectRef.Policy(policy.policy()));
      case StatusReport.GatewayReport gateway -> {
        ObjectRef.Gateway key = new ObjectRef.Gateway(gateway.gateway());
        gatewayNodes.put(key, nodes(gateway));
        yield put(key, report);
      }
      case StatusReport.GatewayRetiring gateway -> {
        ObjectRef.Gateway key = new ObjectRef.Gateway(gateway.gateway());
        gatewayNodes.remove(key);
        yield put(key, report);
      }
      case StatusReport.GatewayGone gateway -> forget(new ObjectRef.Gateway(gateway.gateway()));
      case StatusReport.NodeReport node -> {
        Set<Target> concerned = gatewaysOf(node.node());
        concerned.addAll(usersOf(shortages.told(node)));
        concerned.addAll(put(new ObjectRef.Tunnel(node.node()), report));
        yield concerned;
      }
      case StatusReport.NodeGone node -> forget(new ObjectRef.Tunnel(node.node()));
    };
  }

  private Set<Target> put(ObjectRef.Key key, StatusReport report) {
    reports.put(key, report);
    if (key instanceof ObjectRef.Tunnel tunnel) {
      removedTunnels.remove(tunnel);
    }
    StatusWriter.Violations wrong = violations.get(key);
    if (wrong != null && version(report).filter(version -> isOver(wrong, version)).isPresent()) {
      violations.remove(key);
    }
    return Set.of(new StatusOf(key));
  }

  /** The engine has accepted a later spec than the wrong one. */
  private static boolean isOver(StatusWriter.Violations wrong, SpecVersion accepted) {
    SpecVersion refused = wrong.object().version();
    return refused.uid().equals(accepted.uid())
        && refused.generation().compareTo(accepted.generation()) < 0;
  }

  /** Takes in what is wrong with a spec; returns what it may concern. */
  Set<Target> violations(StatusWriter.Violations wrong) {
    ObjectRef.Key key = wrong.object().key();
    if (wrong.violations().isEmpty()) {
      violations.remove(key);
    } else {
      violations.put(key, wrong);
    }
    return Set.of(new StatusOf(key));
  }

  /** Takes in what else is to be said of an object; returns what it may concern. */
  Set<Target> remark(StatusWriter.Remark remark) {
    ObjectRef.Key key = remark.object();
    remark
        .condition()
        .ifPresentOrElse(condition -> remarks.put(key, condition), () -> remarks.remove(key));
    return Set.of(new StatusOf(key));
  }

  /** Takes a policy's pods in; returns what they may concern. */
  Set<Target> endpoints(StatusWriter.PolicyEndpoints told) {
    PolicyKey policy = told.policy();
    slices.put(policy, new Wanted.Slices(policy, told.uid(), CompactSet.copyOf(told.endpoints())));
    return Set.of(new SlicesOf(policy));
  }

  /** Takes in what is inside the cluster; returns what that concerns. */
  Set<Target> clusterInfo(StatusWriter.ClusterInfo told) {
    clusterInfo = Optional.of(told);
    return Set.of(new StatusOf(told.object().key()));
  }

  /** Takes in which nodes are not ready; returns what that may concern. */
  Set<Target> notReady(SortedSet<NodeName> nodes) {
    TreeSet<NodeName> changed = new TreeSet<>(nodes);
    changed.addAll(notReady);
    changed.removeIf(node -> nodes.contains(node) == notReady.contains(node));
    notReady = nodes;
    Set<Target> concerned = new HashSet<>();
    for (NodeName node : changed) {
      concerned.add(new StatusOf(new ObjectRef.Tunnel(node)));
      concerned.addAll(gatewaysOf(node));
    }
    return concerned;
  }

  /** Takes in what keeps a controller from failing over; returns what that concerns. */
  Set<Target> obstacles(StatusWriter.Obstacles told) {
    Set<Target> concerned = new HashSet<>();
    if (obstacles.told(told.controller(), told.obstacles())) {
      Stream.concat(reports.keySet().stream(), violations.keySet().stream())
          .filter(ObjectRef.Gateway.class::isInstance)
          .forEach(gateway -> concerned.add(new StatusOf(gateway)));
    }
    return concerned;
  }

  /** Forgets an object; returns it, and what it may concern. */
  Set<Target> forget(ObjectRef.Key key) {
    reports.remove(key);
    violations.remove(key);
    remarks.remove(key);
    Set<Target> concerned = new HashSet<>(Set.of(new StatusOf(key)));
    switch (key) {
      case ObjectRef.Gateway gateway -> gatewayNodes.remove(gateway);
      case ObjectRef.Tunnel tunnel -> {
        removedTunnels.add(tunnel);
        concerned.addAll(usersOf(shortages.gone(tunnel.name())));
      }
      case ObjectRef.Policy policy -> {
        if (forgetSlices(policy.name())) {
          concerned.add(new SlicesOf(policy.name()));
        }
      }
      case ObjectRef.ClusterInfo ignored -> clusterInfo = Optional.empty();
    }
    return concerned;
  }

  /** Whether there were any. */
  private boolean forgetSlices(PolicyKey policy) {
    return slices.computeIfPresent(
            policy,
            (key, known) -> new Wanted.Slices(key, known.uid(), Collections.emptySortedSet()))
        != null;
  }

  /** The API shows this; what is known of an object that is gone can go, too. */
  void settled(Wanted wanted) {
    switch (wanted) {
      case Wanted.NoTunnel gone -> removedTunnels.remove(new ObjectRef.Tunnel(gone.name()));
      case Wanted.Slices last -> {
        if (last.endpoints().isEmpty() && !isKnown(new ObjectRef.Policy(last.policy()))) {
          slices.remove(last.policy(), last);
        }
      }
      case Wanted.OfGateway ignored -> {}
      case Wanted.OfPolicy ignored -> {}
      case Wanted.OfTunnel ignored -> {}
      case Wanted.OfClusterInfo ignored -> {}
    }
  }

  private boolean isKnown(ObjectRef.Key key) {
    return reports.containsKey(key) || violations.containsKey(key);
  }

  /** What the API should show; nothing if the target is not ours to write. */
  Optional<Wanted> wanted(Target target) {
    return switch (target) {
      case SlicesOf of -> Optional.ofNullable(slices.get(of.policy()));
      case StatusOf of ->
          switch (of.object()) {
            case ObjectRef.Gateway gateway -> gateway(gateway);
            case ObjectRef.Policy policy -> policy(policy);
            case ObjectRef.Tunnel tunnel -> tunnel(tunnel);
            case ObjectRef.ClusterInfo ignored -> clusterInfo.map(StatusBoard::wantedInfo);
          };
    };
  }

  private Optional<Wanted> gateway(ObjectRef.Gateway key) {
    if (!isKnown(key)) {
      return Optional.empty();
    }
    Optional<StatusReport.GatewayReport> report =
        reports.get(key) instanceof StatusReport.GatewayReport known
            ? Optional.of(known)
            : Optional.empty();
    TreeMap<NodeName, EgressTunnel.Phase> phases = new TreeMap<>();
    for (NodeName node : gatewayNodes.getOrDefault(key, Collections.emptySortedSet())) {
      if (reports.get(new ObjectRef.Tunnel(node)) instanceof StatusReport.NodeReport known) {
        phases.put(node, phase(known));
      }
    }
    GatewayName name = key.name();
    return Optional.of(new Wanted.OfGateway(name, verdict(key), report, phases));
  }

  private Optional<Wanted> policy(ObjectRef.Policy key) {
    if (!isKnown(key)) {
      return Optional.empty();
    }
    Optional<StatusReport.PolicyReport> report =
        reports.get(key) instanceof StatusReport.PolicyReport known
            ? Optional.of(known)
            : Optional.empty();
    return Optional.of(new Wanted.OfPolicy(key.name(), verdict(key), report));
  }

  private Optional<Wanted> tunnel(ObjectRef.Tunnel key) {
    if (reports.get(key) instanceof StatusReport.NodeReport report) {
      return Optional.of(new Wanted.OfTunnel(report, phase(report)));
    }
    return removedTunnels.contains(key)
        ? Optional.of(new Wanted.NoTunnel(key.name()))
        : Optional.empty();
  }

  private static Wanted wantedInfo(StatusWriter.ClusterInfo told) {
    SortedSet<Condition> conditions =
        told.violations().isEmpty()
            ? new TreeSet<>(Set.of(CLUSTER_KNOWN))
            : Conditions.invalid(told.violations(), Collections.emptySortedSet());
    return new Wanted.OfClusterInfo(
        verdict(Optional.of(told.object().version()), conditions), told.networks());
  }

  private EgressTunnel.Phase phase(StatusReport.NodeReport report) {
    return TunnelProjection.phase(
        report.phase(),
        notReady.contains(report.node())
            ? TunnelProjection.Readiness.NOT_READY
            : TunnelProjection.Readiness.READY);
  }

  private Wanted.Verdict verdict(ObjectRef.Key key) {
    Optional<StatusReport> report = Optional.ofNullable(reports.get(key));
    SortedSet<Condition> reported =
        report.map(StatusReport::conditions).orElseGet(Collections::emptySortedSet);
    SortedSet<Condition> known =
        shortages.over(
            reported,
            () -> report.map(StatusBoard::holdings).orElseGet(Collections::emptySortedMap));
    SortedSet<Condition> conditions =
        remarked(key, key instanceof ObjectRef.Gateway ? obstacles.over(known) : known);
    StatusWriter.Violations wrong = violations.get(key);
    if (wrong != null) {
      return verdict(
          Optional.of(wrong.object().version()),
          Conditions.invalid(wrong.violations(), conditions));
    }
    return verdict(report.flatMap(StatusBoard::version), conditions);
  }

  /** Nothing is added to what is not known. */
  private SortedSet<Condition> remarked(ObjectRef.Key key, SortedSet<Condition> known) {
    Condition remark = remarks.get(key);
    if (remark == null || known.isEmpty()) {
      return known;
    }
    TreeSet<Condition> all = new TreeSet<>(known);
    all.add(remark);
    return all;
  }

  private static Wanted.Verdict verdict(
      Optional<SpecVersion> version, SortedSet<Condition> conditions) {
    return new Wanted.Verdict(
        version.map(SpecVersion::uid), version.map(of -> of.generation().value()), conditions);
  }

  private static Optional<SpecVersion> version(StatusReport report) {
    return switch (report) {
      case StatusReport.PolicyReport policy -> Optional.of(policy.version());
      case StatusReport.GatewayReport gateway -> Optional.of(gateway.version());
      case StatusReport.PolicyGone ignored -> Optional.empty();
      case StatusReport.GatewayRetiring ignored -> Optional.empty();
      case StatusReport.GatewayGone ignored -> Optional.empty();
      case StatusReport.NodeReport ignored -> Optional.empty();
      case StatusReport.NodeGone ignored -> Optional.empty();
    };
  }

  /** The egress IPs of a gateway or policy, and who holds each. */
  private static SortedMap<IpAddress, Holding> holdings(StatusReport report) {
    return switch (report) {
      case StatusReport.PolicyReport policy -> policy.addresses();
      case StatusReport.GatewayReport gateway -> {
        TreeMap<IpAddress, Holding> holdings = new TreeMap<>();
        gateway
            .pools()
            .placements()
            .forEach((address, placement) -> holdings.put(address, placement.holding()));
        yield holdings;
      }
      case StatusReport.PolicyGone ignored -> Collections.emptySortedMap();
      case StatusReport.GatewayRetiring ignored -> Collections.emptySortedMap();
      case StatusReport.GatewayGone ignored -> Collections.emptySortedMap();
      case StatusReport.NodeReport ignored -> Collections.emptySortedMap();
      case StatusReport.NodeGone ignored -> Collections.emptySortedMap();
    };
  }

  private Set<Target> usersOf(SortedSet<IpAddress> addresses) {
    Set<Target> concerned = new HashSet<>();
    if (!addresses.isEmpty()) {
      reports.forEach(
          (key, report) -> {
            if (holdings(report).keySet().stream().anyMatch(addresses::contains)) {
              concerned.add(new StatusOf(key));
            }
          });
    }
    return concerned;
  }

  private Set<Target> gatewaysOf(NodeName node) {
    Set<Target> concerned = new HashSet<>();
    gatewayNodes.forEach(
        (gateway, nodes) -> {
          if (nodes.contains(node)) {
            concerned.add(new StatusOf(gateway));
          }
        });
    return concerned;
  }

  /** The members, and the nodes that have an address still. */
  private static SortedSet<NodeName> nodes(StatusReport.GatewayReport gateway) {
    TreeSet<NodeName> nodes = new TreeSet<>(gateway.members().keySet());
    gateway
        .pools()
        .placements()
        .values()
        .forEach(
            placement ->
                placement.holding().holder().or(placement::intended).ifPresent(nodes::add));
    return nodes;
  }

  /** For each kind of thing how much is known; for tests of what is forgotten. */
  SortedMap<String, Integer> sizes() {
    return new TreeMap<>(
        Map.of(
            "reports", reports.size(),
            "gatewayNodes", gatewayNodes.size(),
            "violations", violations.size(),
            "remarks", remarks.size(),
            "slices", slices.size(),
            "removedTunnels", removedTunnels.size(),
            "shortages", shortages.size()));
  }
}
