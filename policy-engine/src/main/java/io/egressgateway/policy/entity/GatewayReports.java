package io.egressgateway.policy.entity;

import io.egressgateway.core.collection.Few;
import io.egressgateway.core.model.EgressGatewaySpec;
import io.egressgateway.core.model.GatewayName;
import io.egressgateway.core.model.IpAddress;
import io.egressgateway.core.model.IpFamily;
import io.egressgateway.core.model.NodeAddressSlot;
import io.egressgateway.core.model.NodeName;
import io.egressgateway.policy.domain.Gateway;
import io.egressgateway.policy.domain.Holding;
import io.egressgateway.policy.domain.Member;
import io.egressgateway.policy.domain.NodeStanding;
import io.egressgateway.policy.plan.EgressIpAllocator;
import io.egressgateway.policy.plan.Eligibility;
import io.egressgateway.policy.plan.Fitness;
import java.util.List;
import java.util.Optional;
import java.util.SortedMap;
import java.util.SortedSet;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.stream.Collectors;

/** What a gateway's status says. */
final class GatewayReports {
  private static final int NAMED_MAX = 10;

  private GatewayReports() {}

  /** What was found out besides what was decided. */
  record Findings(GatewayLedgers ledgers, GatewayTroubles troubles, GatewayHolds holds) {

    /** One of each type: what is held needs another remedy than a certificate that is missing. */
    List<Condition> conditions() {
      TreeMap<String, Condition> byType = new TreeMap<>();
      troubles
          .conditions(ledgers.holders())
          .forEach(condition -> byType.put(condition.type(), condition));
      holds.conditions().forEach(condition -> byType.put(condition.type(), condition));
      return List.copyOf(byType.values());
    }
  }

  /** Nothing while it is not known what Kubernetes says of the gateway. */
  static Optional<StatusReport> of(
      Gateway.State state, Gateway.Observed observed, Findings findings) {
    if (observed.isRetiring() && state.uid().isEmpty() && state.isIdle()) {
      return Optional.of(new StatusReport.GatewayGone(state.name()));
    }
    return switch (observed) {
      case Gateway.Observed.Unknown ignored -> Optional.empty();
      case Gateway.Observed.Retiring ignored -> Optional.of(retiring(state));
      case Gateway.Observed.Present seen -> Optional.of(present(state, seen, findings));
    };
  }

  /** Who holds each of a policy's addresses, as the policy is told. */
  static SortedMap<IpAddress, Holding> holdings(
      Gateway.State state, SortedMap<IpAddress, Holding> ledgers, SortedSet<IpAddress> addresses) {
    TreeMap<IpAddress, Holding> holdings = new TreeMap<>();
    for (IpAddress address : addresses) {
      holdings.put(address, holding(state, ledgers, address));
    }
    return holdings;
  }

  static Holding holding(
      Gateway.State state, SortedMap<IpAddress, Holding> ledgers, IpAddress address) {
    Holding told = ledgers.getOrDefault(address, new Holding.Nobody());
    return told instanceof Holding.Nobody && !state.placements().containsKey(address)
        ? new Holding.Unplaced()
        : told;
  }

  private static StatusReport retiring(Gateway.State state) {
    return new StatusReport.GatewayRetiring(
        state.name(), new TreeSet<>(state.allocations().keySet()), conditions(inUse(state)));
  }

  private static Condition inUse(Gateway.State state) {
    String message =
        state.allocations().isEmpty()
            ? "its addresses are being withdrawn from the nodes"
            : "in use by %s; delete these policies first"
                .formatted(Few.of(new TreeSet<>(state.allocations().keySet()), NAMED_MAX));
    return Condition.notReady("Retiring", message);
  }

  private static StatusReport present(
      Gateway.State state, Gateway.Observed.Present seen, Findings findings) {
    SortedMap<IpAddress, Holding> holdings = findings.ledgers().holdings();
    SortedMap<NodeName, Eligibility> members = eligibilities(seen.members());
    SortedSet<Condition> conditions =
        conditions(seen.isRetiring() ? inUse(state) : ready(members, seen));
    conditions.addAll(findings.conditions());
    outsidePool(state, seen.spec()).ifPresent(conditions::add);
    conflict(state, holdings).ifPresent(conditions::add);
    return new StatusReport.GatewayReport(
        state.name(),
        seen.version(),
        members,
        standings(seen.members()),
        new StatusReport.Pools(
            EgressIpAllocator.defaults(seen.spec()),
            placements(state, holdings),
            usage(state, seen.spec())),
        conditions);
  }

  private static SortedMap<NodeName, Eligibility> eligibilities(
      SortedMap<NodeName, Member> members) {
    TreeMap<NodeName, Eligibility> eligibilities = new TreeMap<>();
    members.forEach((node, member) -> eligibilities.put(node, member.eligibility()));
    return eligibilities;
  }

  private static SortedMap<NodeName, NodeStanding.Kind> standings(
      SortedMap<NodeName, Member> members) {
    TreeMap<NodeName, NodeStanding.Kind> standings = new TreeMap<>();
    members.forEach(
        (node, member) -> member.standing().ifPresent(told -> standings.put(node, told.kind())));
    return standings;
  }

  private static Condition ready(
      SortedMap<NodeName, Eligibility> members, Gateway.Observed.Present seen) {
    if (members.isEmpty()) {
      return Condition.notReady(
          "NoNodeSelected", "spec.nodeSelector matches no node; label a node so that it does");
    }
    if (!members.containsValue(Eligibility.ELIGIBLE)) {
      return Condition.notReady(
          "NoEligibleNode",
          "none of the nodes that spec.nodeSelector matches can be given an address: "
              + members.entrySet().stream()
                  .limit(NAMED_MAX)
                  .map(entry -> entry.getKey() + " is " + entry.getValue())
                  .collect(Collectors.joining(", ")));
    }
    boolean someFit =
        seen.members().values().stream()
            .map(member -> member.fitness(seen.spec().onWitnessLoss()))
            .anyMatch(fitness -> fitness == Fitness.GOOD || fitness == Fitness.RESERVE);
    if (!someFit) {
      return Condition.notReady(
          "NoLeasedNode",
          "the agent of no eligible node has a lease: "
              + seen.members().entrySet().stream()
                  .limit(NAMED_MAX)
                  .map(entry -> entry.getKey() + " is " + lease(entry.getValue()))
                  .collect(Collectors.joining(", "))
              + "; the logs of the agents and of the witnesses say why");
    }
    return Condition.ready("NodesEligible", "addresses can be placed");
  }

  private static String lease(Member member) {
    return member.standing().map(standing -> standing.kind().toString()).orElse("not heard of");
  }

  private static Optional<Condition> outsidePool(Gateway.State state, EgressGatewaySpec spec) {
    TreeSet<IpAddress> outside = new TreeSet<>(state.used());
    outside.removeIf(
        address -> NodeAddressSlot.is(address) || spec.pool(address.family()).contains(address));
    return outside.isEmpty()
        ? Optional.empty()
        : Optional.of(
            new Condition(
                "AddressesOutsidePool",
                Condition.Status.TRUE,
                "PoolShrunk",
                "still in use but in no pool: %s; add them to spec.ippools again, or delete the"
                        .formatted(Few.of(outside, NAMED_MAX))
                    + " policies that use them"));
  }

  private static Optional<Condition> conflict(
      Gateway.State state, SortedMap<IpAddress, Holding> holdings) {
    return state.used().stream()
        .flatMap(
            address ->
                holdings.get(address) instanceof Holding.Occupied occupied
                    ? Optional.of(conflict(address, occupied.gateway())).stream()
                    : Optional.<Condition>empty().stream())
        .findFirst();
  }

  private static Condition conflict(IpAddress address, GatewayName other) {
    return new Condition(
        "EgressIpConflict",
        Condition.Status.TRUE,
        "InUseByOtherGateway",
        "%s is in use by EgressGateway %s; remove it from one of the two pools"
            .formatted(address, other));
  }

  private static SortedMap<IpAddress, StatusReport.Placement> placements(
      Gateway.State state, SortedMap<IpAddress, Holding> holdings) {
    TreeMap<IpAddress, StatusReport.Placement> placements = new TreeMap<>();
    for (IpAddress address : state.concerned()) {
      placements.put(
          address,
          new StatusReport.Placement(
              Optional.ofNullable(state.placements().get(address)),
              holding(state, holdings, address),
              state.given().users(address)));
    }
    return placements;
  }

  private static SortedMap<IpFamily, StatusReport.PoolUsage> usage(
      Gateway.State state, EgressGatewaySpec spec) {
    TreeMap<IpFamily, StatusReport.PoolUsage> usage = new TreeMap<>();
    SortedSet<IpAddress> used = state.used();
    for (IpFamily family : IpFamily.values()) {
      if (!spec.pool(family).isEmpty()) {
        usage.put(
            family,
            new StatusReport.PoolUsage(spec.pool(family).size(), spec.pool(family).free(used)));
      }
    }
    return usage;
  }

  private static SortedSet<Condition> conditions(Condition first) {
    TreeSet<Condition> conditions = new TreeSet<>();
    conditions.add(first);
    return conditions;
  }
}
