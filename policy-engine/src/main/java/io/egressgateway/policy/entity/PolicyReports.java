package io.egressgateway.policy.entity;

import io.egressgateway.core.model.IpAddress;
import io.egressgateway.core.model.NodeAddressSlot;
import io.egressgateway.core.model.PolicyKey;
import io.egressgateway.policy.domain.Holding;
import io.egressgateway.policy.domain.Policy;
import java.util.Collection;
import java.util.Collections;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.TreeSet;

/** What a policy's status says. */
final class PolicyReports {
  private static final String PENDING = "Pending";
  private static final String RELEASING = "Releasing";
  private static final String PROGRAMMING = "Programming";

  /** Reasons that the next report is expected to change soon. */
  private static final Set<String> UNDERWAY = Set.of(PENDING, RELEASING, PROGRAMMING);

  private PolicyReports() {}

  /** Whether one of the conditions says that the engine is still at it. */
  static boolean areUnderway(Collection<Condition> conditions) {
    return conditions.stream().map(Condition::reason).anyMatch(UNDERWAY::contains);
  }

  /** Nothing while it is not known what Kubernetes says of the policy. */
  static Optional<StatusReport> of(
      PolicyKey key,
      Policy.State state,
      Optional<PolicyEntity.Apply> spec,
      SortedMap<IpAddress, Holding> holdings,
      Optional<PolicyEntity.Refused> refusal) {
    if (spec.isEmpty()) {
      return state instanceof Policy.State.Absent
          ? Optional.of(new StatusReport.PolicyGone(key))
          : Optional.empty();
    }
    return Optional.of(
        new StatusReport.PolicyReport(
            key,
            spec.get().version(),
            addresses(state, holdings),
            new TreeSet<>(List.of(condition(state, spec.get(), holdings, refusal)))));
  }

  private static SortedMap<IpAddress, Holding> addresses(
      Policy.State state, SortedMap<IpAddress, Holding> holdings) {
    if (!(state instanceof Policy.State.Bound bound)) {
      return Collections.emptySortedMap();
    }
    TreeMap<IpAddress, Holding> addresses = new TreeMap<>();
    bound
        .addresses()
        .forEach(
            address ->
                addresses.put(address, holdings.getOrDefault(address, new Holding.Nobody())));
    return addresses;
  }

  private static Condition condition(
      Policy.State state,
      PolicyEntity.Apply spec,
      SortedMap<IpAddress, Holding> holdings,
      Optional<PolicyEntity.Refused> refusal) {
    return switch (state) {
      case Policy.State.Absent ignored -> pending(spec);
      case Policy.State.Seeking ignored ->
          refusal
              .map(refused -> Condition.notReady(refused.reason().reason(), refused.message()))
              .orElseGet(() -> pending(spec));
      case Policy.State.Leaving leaving ->
          Condition.notReady(
              RELEASING,
              "the egress IP of the former spec is being given back to EgressGateway "
                  + leaving.former());
      case Policy.State.Bound ignored ->
          addresses(state, holdings).entrySet().stream()
              .flatMap(entry -> trouble(entry.getKey(), entry.getValue(), spec).stream())
              .findFirst()
              .orElseGet(() -> Condition.ready("Programmed", "every egress IP is in place"));
    };
  }

  private static Condition pending(PolicyEntity.Apply spec) {
    return Condition.notReady(
        PENDING, "EgressGateway " + spec.spec().gateway() + " has not answered yet");
  }

  private static Optional<Condition> trouble(
      IpAddress address, Holding holding, PolicyEntity.Apply spec) {
    String egressIp = NodeAddressSlot.describe(address);
    return switch (holding) {
      case Holding.Programmed ignored -> Optional.empty();
      case Holding.Unplaced ignored ->
          Optional.of(
              Condition.notReady(
                  "NoEligibleNode",
                  "no node can hold %s: see the status of EgressGateway %s, and label a ready node"
                          .formatted(egressIp, spec.spec().gateway())
                      + " so that its spec.nodeSelector matches"));
      case Holding.Nobody ignored ->
          Optional.of(
              Condition.notReady(PROGRAMMING, "%s is not yet on a node".formatted(egressIp)));
      case Holding.Assigned assigned ->
          Optional.of(
              Condition.notReady(
                  PROGRAMMING,
                  "the agent on node %s has not confirmed %s yet"
                      .formatted(assigned.node(), egressIp)));
      case Holding.Leaving leaving ->
          Optional.of(
              Condition.notReady(
                  "Moving",
                  "%s leaves node %s, which has not confirmed that it stopped; if the node is off"
                          .formatted(egressIp, leaving.node())
                      + " for good, delete its Node object"));
      case Holding.Occupied occupied ->
          Optional.of(
              Condition.notReady(
                  "EgressIpConflict",
                  "%s is in use by EgressGateway %s; remove it from one of the two pools"
                      .formatted(egressIp, occupied.gateway())));
    };
  }
}
