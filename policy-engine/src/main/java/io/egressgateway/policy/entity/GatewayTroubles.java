package io.egressgateway.policy.entity;

import io.egressgateway.core.model.IpAddress;
import io.egressgateway.core.model.NodeName;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.SortedSet;
import java.util.TreeMap;
import java.util.TreeSet;

/** What stands in the way of a gateway's addresses, for its conditions. */
final class GatewayTroubles {
  /** Agents report a conflict as long as it lasts, more often than this. */
  private static final Duration CONFLICT_LASTS = Duration.ofSeconds(90);

  /** A certificate takes a lease and a round of votes; one that takes longer is worth a word. */
  static final Duration CERTIFICATE_MARGIN = Duration.ofSeconds(1);

  private record Conflict(GatewayEntity.ConflictSeen seen, long atNanos) {}

  private final TreeMap<IpAddress, Conflict> conflicts = new TreeMap<>();
  private SortedSet<NodeName> uncertified = Collections.emptySortedSet();

  /** Takes a conflict up; whether it is news. */
  boolean conflict(GatewayEntity.ConflictSeen seen, long nowNanos) {
    Conflict before = conflicts.put(seen.address(), new Conflict(seen, nowNanos));
    return before == null || !before.seen().equals(seen);
  }

  /** Looks after what lasts or is over; whether there is news. */
  boolean look(GatewayNodes nodes, EntityEnvironment environment) {
    long now = environment.nanoClock().getAsLong();
    boolean cleared =
        conflicts
            .values()
            .removeIf(conflict -> now - conflict.atNanos() > CONFLICT_LASTS.toNanos());
    SortedSet<NodeName> silent =
        nodes.silentFor(environment.leaseTerms().lease().plus(CERTIFICATE_MARGIN), now);
    boolean changed = !silent.equals(uncertified);
    uncertified = silent;
    return cleared || changed;
  }

  /**
   * @param holders the nodes that hold addresses of the gateway
   */
  List<Condition> conditions(SortedSet<NodeName> holders) {
    List<Condition> conditions = new ArrayList<>();
    TreeSet<NodeName> blocked = new TreeSet<>(uncertified);
    blocked.retainAll(holders);
    if (!blocked.isEmpty()) {
      conditions.add(
          new Condition(
              FailoverObstacle.CONDITION,
              Condition.Status.TRUE,
              "NoCertificate",
              "no controller hears the agent of "
                  + blocked
                  + ", and no majority of the witnesses says that its lease is over: either it"
                  + " still renews, or the controllers cannot reach the witnesses; the egress IPs"
                  + " stay where they are, at least until --control-stale-timeout is over, if that"
                  + " is set"));
    }
    conflicts.values().stream()
        .findFirst()
        .map(Conflict::seen)
        .ifPresent(
            seen ->
                conditions.add(
                    new Condition(
                        "AddressConflict",
                        Condition.Status.TRUE,
                        "ForeignMachineAnswers",
                        "the machine with MAC address %s answers for %s on the network of node %s;"
                                .formatted(seen.mac(), seen.address(), seen.node())
                            + " take the address away from it, or out of spec.ippools")));
    return conditions;
  }
}
