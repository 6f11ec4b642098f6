package io.egressgateway.k8s.admission;

import io.egressgateway.core.collection.Few;
import io.egressgateway.core.model.EgressGatewaySpec;
import io.egressgateway.core.model.GatewayName;
import io.egressgateway.core.model.IpAddress;
import io.egressgateway.k8s.crd.EgressGateway;
import io.egressgateway.k8s.translate.GatewayConflicts;
import io.egressgateway.k8s.translate.GatewayTranslator;
import io.egressgateway.k8s.translate.NetworkConflicts;
import io.egressgateway.k8s.translate.Translation;
import io.egressgateway.k8s.translate.UntunnelledPools;
import io.egressgateway.k8s.translate.Violation;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.SortedMap;
import java.util.SortedSet;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/** Judges an EgressGateway. */
final class GatewayJudge {
  private static final int NAMED_MAX = 5;

  private GatewayJudge() {}

  /**
   * Judges the object by itself, against other gateways, and against what it was.
   *
   * @param name empty if the API server is to choose it
   * @param before absent on CREATE
   */
  static Verdict judge(
      String name, EgressGateway gateway, Optional<EgressGateway> before, ClusterFacts facts) {
    return switch (GatewayTranslator.translate(gateway)) {
      case Translation.Invalid<EgressGatewaySpec> invalid ->
          Verdict.denied(invalid.violations(), Verdict.Basis.OBJECT);
      case Translation.Valid<EgressGatewaySpec> valid -> judge(name, valid.spec(), before, facts);
    };
  }

  private static Verdict judge(
      String name, EgressGatewaySpec spec, Optional<EgressGateway> before, ClusterFacts facts) {
    List<Violation> leaving = before.map(old -> leaving(spec, old)).orElse(List.of());
    if (!leaving.isEmpty()) {
      return Verdict.denied(leaving, Verdict.Basis.OBJECT);
    }
    EgressGatewaySpec added = added(spec, before);
    List<Violation> untunnelled = UntunnelledPools.of(added, facts.tunnelled());
    if (!untunnelled.isEmpty()) {
      return Verdict.denied(untunnelled, Verdict.Basis.OBJECT);
    }
    SortedMap<GatewayName, EgressGatewaySpec> others = new TreeMap<>(facts.goodGateways());
    others.keySet().removeIf(other -> other.value().equals(name));
    List<Violation> conflicts = new ArrayList<>(GatewayConflicts.pools(spec, others));
    conflicts.addAll(GatewayConflicts.clusterDefault(spec, others));
    conflicts.addAll(NetworkConflicts.between(added, facts.networks()));
    return conflicts.isEmpty()
        ? new Verdict.Allowed(before.map(old -> warnings(spec, old)).orElse(List.of()))
        : Verdict.denied(conflicts, Verdict.Basis.CLUSTER);
  }

  /** What it has not got already: who has been given an address of a later node keeps it. */
  private static EgressGatewaySpec added(EgressGatewaySpec spec, Optional<EgressGateway> before) {
    return before
        .map(GatewayTranslator::translate)
        .flatMap(GatewayJudge::valid)
        .map(
            old -> spec.withPools(spec.ipv4().without(old.ipv4()), spec.ipv6().without(old.ipv6())))
        .orElse(spec);
  }

  private static Optional<EgressGatewaySpec> valid(Translation<EgressGatewaySpec> translation) {
    return translation instanceof Translation.Valid<EgressGatewaySpec>(EgressGatewaySpec spec)
        ? Optional.of(spec)
        : Optional.empty();
  }

  /** Addresses that policies have may not go: a policy keeps its address. */
  private static List<Violation> leaving(EgressGatewaySpec spec, EgressGateway before) {
    TreeMap<IpAddress, SortedSet<String>> gone = new TreeMap<>();
    inUse(before)
        .forEach(
            (address, policies) -> {
              if (!spec.pool(address.family()).contains(address)) {
                gone.put(address, policies);
              }
            });
    return gone.entrySet().stream()
        .limit(NAMED_MAX)
        .map(
            entry ->
                new Violation(
                    "spec.ippools." + field(entry.getKey()),
                    entry.getKey().toString(),
                    "in use by "
                        + Few.of(entry.getValue(), NAMED_MAX)
                        + ", so it cannot leave the pool",
                    "keep the address, or delete these policies first"))
        .toList();
  }

  /** Not a violation: who has an address keeps it. */
  private static List<String> warnings(EgressGatewaySpec spec, EgressGateway before) {
    return valid(GatewayTranslator.translate(before))
        .map(old -> warnings(spec, old, before))
        .orElse(List.of());
  }

  private static List<String> warnings(
      EgressGatewaySpec spec, EgressGatewaySpec old, EgressGateway before) {
    Map<IpAddress, SortedSet<String>> used = inUse(before);
    List<String> warnings = new ArrayList<>();
    Stream.of(
            old.ipv4Default()
                .filter(was -> !spec.ipv4Default().equals(Optional.of(was)))
                .map(IpAddress.class::cast),
            old.ipv6Default()
                .filter(was -> !spec.ipv6Default().equals(Optional.of(was)))
                .map(IpAddress.class::cast))
        .flatMap(Optional::stream)
        .filter(used::containsKey)
        .forEach(
            was ->
                warnings.add(
                    "spec.ippools."
                        + field(was)
                        + "DefaultEIP: policies that have "
                        + was
                        + " keep it; the new default is for policies to come"));
    return warnings;
  }

  /** The addresses that the status shows, and the policies that have each. */
  private static Map<IpAddress, SortedSet<String>> inUse(EgressGateway gateway) {
    TreeMap<IpAddress, SortedSet<String>> used = new TreeMap<>();
    EgressGateway.Status status = gateway.getStatus();
    for (EgressGateway.NodeStatus node : items(status == null ? null : status.nodeList())) {
      for (EgressGateway.Eip eip : items(node.eips())) {
        Stream.of(Optional.ofNullable(eip.ipv4()), Optional.ofNullable(eip.ipv6()))
            .flatMap(Optional::stream)
            .flatMap(text -> IpAddress.parse(text).stream())
            .forEach(
                address ->
                    items(eip.policies())
                        .forEach(
                            policy ->
                                used.computeIfAbsent(address, unused -> new TreeSet<>())
                                    .add(text(policy))));
      }
    }
    return used;
  }

  private static String text(EgressGateway.PolicyReference policy) {
    return policy.namespace() == null
        ? "EgressClusterPolicy " + policy.name()
        : "EgressPolicy " + policy.namespace() + "/" + policy.name();
  }

  private static String field(IpAddress address) {
    return switch (address.family()) {
      case IPV4 -> "ipv4";
      case IPV6 -> "ipv6";
    };
  }

  private static <T> List<T> items(@Nullable List<T> list) {
    return list == null ? List.of() : list;
  }
}
