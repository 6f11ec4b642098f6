package io.egressgateway.policy.history;

import io.egressgateway.core.event.PolicyEvent;
import io.egressgateway.core.event.PolicyEvent.EgressIpBound;
import io.egressgateway.core.event.PolicyEvent.EgressIpUnbound;
import io.egressgateway.core.event.PolicyEvent.PolicyAccepted;
import io.egressgateway.core.event.PolicyEvent.PolicyWithdrawn;
import io.egressgateway.core.model.EgressIpRequest;
import io.egressgateway.core.model.IpAddress;
import io.egressgateway.core.model.NodeAddressSlot;
import io.egressgateway.core.model.PolicyKey;
import io.egressgateway.policy.history.HistoryFact.Kind;
import io.egressgateway.policy.history.HistoryFact.Step;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.SortedSet;
import java.util.TreeSet;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/** What became of a policy, and who held its egress IPs while they were its own. */
public final class PolicyHistory {
  private PolicyHistory() {}

  /** The time during which a policy had these addresses; without an end it still has them. */
  private record Tenancy(SortedSet<IpAddress> addresses, Instant from, Optional<Instant> until) {
    boolean covers(Instant time) {
      return !time.isBefore(from) && until.filter(end -> !time.isBefore(end)).isEmpty();
    }
  }

  /** Every address that the policy has ever had, as far as these events tell. */
  public static SortedSet<IpAddress> addresses(List<PolicyEvent> journal) {
    TreeSet<IpAddress> addresses = new TreeSet<>();
    for (PolicyEvent event : journal) {
      if (event instanceof EgressIpBound bound) {
        addresses.addAll(bound.addresses());
      }
    }
    return addresses;
  }

  /**
   * The facts, the oldest first.
   *
   * @param journal the policy's events, the oldest first
   * @param holders what became of each of its {@link #addresses}
   */
  public static List<HistoryFact> of(
      PolicyKey policy, List<PolicyEvent> journal, Map<IpAddress, List<HistoryFact>> holders) {
    Stream<HistoryFact> own = journal.stream().map(event -> fact(policy, event));
    Stream<HistoryFact> held =
        tenancies(journal).stream()
            .flatMap(
                tenancy ->
                    tenancy.addresses().stream()
                        .flatMap(
                            address ->
                                during(tenancy, holders.getOrDefault(address, List.of())).stream()))
            .distinct();
    return Stream.concat(own, held).sorted(Comparator.comparing(HistoryFact::at)).toList();
  }

  /** The facts of the time, and who held the address when it began. */
  private static List<HistoryFact> during(Tenancy tenancy, List<HistoryFact> facts) {
    List<HistoryFact> during = new ArrayList<>();
    facts.stream()
        .takeWhile(fact -> fact.at().isBefore(tenancy.from()))
        .reduce((former, later) -> later)
        .filter(fact -> fact.kind() == Kind.ASSIGNED)
        .ifPresent(during::add);
    facts.stream().filter(fact -> tenancy.covers(fact.at())).forEach(during::add);
    return during;
  }

  private static List<Tenancy> tenancies(List<PolicyEvent> journal) {
    List<Tenancy> tenancies = new ArrayList<>();
    Optional<EgressIpBound> open = Optional.empty();
    for (PolicyEvent event : journal) {
      if (!(event instanceof PolicyAccepted)) {
        open.ifPresent(
            bound ->
                tenancies.add(new Tenancy(bound.addresses(), bound.at(), Optional.of(event.at()))));
        open = event instanceof EgressIpBound bound ? Optional.of(bound) : Optional.empty();
      }
    }
    open.ifPresent(
        bound -> tenancies.add(new Tenancy(bound.addresses(), bound.at(), Optional.empty())));
    return tenancies;
  }

  private static HistoryFact fact(PolicyKey policy, PolicyEvent event) {
    return switch (event) {
      case PolicyAccepted accepted ->
          fact(
              policy,
              event,
              Kind.ACCEPTED,
              "generation %s asks EgressGateway %s for %s"
                  .formatted(accepted.generation(), accepted.gateway(), wish(accepted.request())));
      case EgressIpBound bound ->
          fact(
              policy,
              event,
              Kind.BOUND,
              bound.addresses().stream()
                  .map(NodeAddressSlot::describe)
                  .collect(Collectors.joining(", ")));
      case EgressIpUnbound ignored -> fact(policy, event, Kind.UNBOUND, "");
      case PolicyWithdrawn ignored -> fact(policy, event, Kind.WITHDRAWN, "");
    };
  }

  private static HistoryFact fact(PolicyKey policy, PolicyEvent event, Kind kind, String why) {
    return new HistoryFact(event.at(), policy.toString(), kind, Step.none(), why);
  }

  private static String wish(EgressIpRequest request) {
    return switch (request) {
      case EgressIpRequest.Default ignored -> "its default egress IP";
      case EgressIpRequest.RoundRobin ignored -> "an egress IP that no policy has";
      case EgressIpRequest.NodeAddress ignored -> "the node's own address";
      case EgressIpRequest.Explicit explicit ->
          Stream.concat(explicit.ipv4().stream(), explicit.ipv6().stream())
              .map(Object::toString)
              .collect(Collectors.joining(" and "));
    };
  }
}
