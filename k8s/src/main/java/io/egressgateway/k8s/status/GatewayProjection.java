package io.egressgateway.k8s.status;

import io.egressgateway.core.model.IpAddress;
import io.egressgateway.core.model.IpFamily;
import io.egressgateway.core.model.NodeAddressSlot;
import io.egressgateway.core.model.NodeName;
import io.egressgateway.core.model.PolicyKey;
import io.egressgateway.k8s.crd.EgressGateway;
import io.egressgateway.k8s.crd.EgressTunnel;
import io.egressgateway.policy.entity.StatusReport.GatewayReport;
import io.egressgateway.policy.entity.StatusReport.Placement;
import io.egressgateway.policy.entity.StatusReport.PoolUsage;
import io.egressgateway.policy.plan.Eligibility;
import java.math.BigInteger;
import java.time.Instant;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.SortedMap;
import java.util.SortedSet;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/** The status of an EgressGateway. */
final class GatewayProjection {
  private static final BigInteger LONG_MAX = BigInteger.valueOf(Long.MAX_VALUE);

  private GatewayProjection() {}

  /**
   * What the status should be.
   *
   * @param before what the object has
   */
  static EgressGateway.Status of(
      Wanted.OfGateway wanted, EgressGateway.@Nullable Status before, Instant now) {
    EgressGateway.Status known =
        before == null ? new EgressGateway.Status(null, null, null, null) : before;
    return new EgressGateway.Status(
        Conditions.project(wanted.verdict(), known.conditions(), now),
        wanted.report().map(GatewayProjection::usage).orElse(known.ipUsage()),
        wanted.report().map(report -> nodes(report, wanted.phases())).orElse(known.nodeList()),
        wanted.verdict().observedGeneration().orElse(known.observedGeneration()));
  }

  private static EgressGateway.IpUsage usage(GatewayReport report) {
    SortedMap<IpFamily, PoolUsage> usage = report.pools().usage();
    PoolUsage none = new PoolUsage(BigInteger.ZERO, BigInteger.ZERO);
    PoolUsage ipv4 = usage.getOrDefault(IpFamily.IPV4, none);
    PoolUsage ipv6 = usage.getOrDefault(IpFamily.IPV6, none);
    return new EgressGateway.IpUsage(
        clamped(ipv4.free()), clamped(ipv4.total()), clamped(ipv6.free()), clamped(ipv6.total()));
  }

  private static long clamped(BigInteger count) {
    return count.min(LONG_MAX).longValueExact();
  }

  /** The members, and the nodes that have an address still. */
  private static List<EgressGateway.NodeStatus> nodes(
      GatewayReport report, SortedMap<NodeName, EgressTunnel.Phase> phases) {
    TreeMap<NodeName, SortedMap<IpAddress, SortedSet<PolicyKey>>> held = new TreeMap<>();
    report.members().keySet().forEach(node -> held.put(node, new TreeMap<>()));
    report
        .pools()
        .placements()
        .forEach(
            (address, placement) ->
                place(placement)
                    .ifPresent(
                        node ->
                            held.computeIfAbsent(node, key -> new TreeMap<>())
                                .put(address, placement.policies())));
    return held.entrySet().stream()
        .map(
            node ->
                new EgressGateway.NodeStatus(
                    eips(node.getValue()),
                    node.getKey().toString(),
                    phase(node.getKey(), report, phases).toString()))
        .toList();
  }

  private static Optional<NodeName> place(Placement placement) {
    return placement.holding().holder().or(placement::intended);
  }

  private static EgressTunnel.Phase phase(
      NodeName node, GatewayReport report, SortedMap<NodeName, EgressTunnel.Phase> phases) {
    return Optional.ofNullable(phases.get(node))
        .or(() -> Optional.ofNullable(report.members().get(node)).map(GatewayProjection::phase))
        .orElse(EgressTunnel.Phase.PENDING);
  }

  private static EgressTunnel.Phase phase(Eligibility eligibility) {
    return switch (eligibility) {
      case ELIGIBLE, UNSCHEDULABLE, DRAINING -> EgressTunnel.Phase.READY;
      case NOT_READY -> EgressTunnel.Phase.NODE_NOT_READY;
      case NO_TUNNEL -> EgressTunnel.Phase.PENDING;
    };
  }

  /**
   * One entry per address; an IPv4 and an IPv6 address that serve exactly the same policies share
   * one. Policies with the node's own address have an entry with empty addresses.
   */
  private static List<EgressGateway.Eip> eips(SortedMap<IpAddress, SortedSet<PolicyKey>> held) {
    Map<SortedSet<PolicyKey>, Deque<IpAddress>> partners = new HashMap<>();
    held.forEach(
        (address, policies) -> {
          if (address.family() == IpFamily.IPV6 && !NodeAddressSlot.is(address)) {
            partners.computeIfAbsent(policies, users -> new ArrayDeque<>()).add(address);
          }
        });
    Set<IpAddress> shown = new HashSet<>();
    List<EgressGateway.Eip> eips = new ArrayList<>();
    // In their order: all of IPv4 come before those of IPv6.
    held.forEach(
        (address, policies) -> {
          if (shown.add(address)) {
            Optional<IpAddress> partner =
                address.family() == IpFamily.IPV4
                    ? Optional.ofNullable(partners.get(policies)).map(Deque::poll)
                    : Optional.empty();
            partner.ifPresent(shown::add);
            eips.add(eip(new Addresses(address, partner), policies));
          }
        });
    return eips;
  }

  /** Of a node: an address, and perhaps one of the other family. */
  private record Addresses(IpAddress first, Optional<IpAddress> second) {
    @Nullable String of(IpFamily family) {
      if (NodeAddressSlot.is(first)) {
        return "";
      }
      return first.family() == family
          ? first.toString()
          : second
              .filter(address -> address.family() == family)
              .map(IpAddress::toString)
              .orElse(null);
    }
  }

  private static EgressGateway.Eip eip(Addresses addresses, SortedSet<PolicyKey> policies) {
    return new EgressGateway.Eip(
        addresses.of(IpFamily.IPV4),
        addresses.of(IpFamily.IPV6),
        policies.stream().map(GatewayProjection::reference).toList());
  }

  private static EgressGateway.PolicyReference reference(PolicyKey policy) {
    return switch (policy) {
      case PolicyKey.Namespaced namespaced ->
          new EgressGateway.PolicyReference(namespaced.name(), namespaced.namespace());
      case PolicyKey.ClusterScoped cluster ->
          new EgressGateway.PolicyReference(cluster.name(), null);
    };
  }
}
