package io.egressgateway.policy.entity;

import io.egressgateway.core.model.NodeName;
import io.egressgateway.core.model.NodeSession;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.SortedSet;
import java.util.TreeMap;
import java.util.TreeSet;

/** What is held whatever becomes of the lease, where that is more than what is wanted at rest. */
final class GatewayHolds {
  private final TreeMap<NodeName, Long> unheardSince = new TreeMap<>();
  private SortedSet<NodeName> unheard = Collections.emptySortedSet();
  private SortedSet<NodeName> holding = Collections.emptySortedSet();

  /**
   * Looks at who holds; whether there is news.
   *
   * @param patience a holder that is not heard of for longer is told about
   */
  boolean look(GatewayNodes nodes, GatewayLedgers ledgers, Duration patience, long nowNanos) {
    TreeSet<NodeName> unheardNow = new TreeSet<>();
    TreeSet<NodeName> holdingNow = new TreeSet<>();
    for (NodeSession holder : ledgers.heldOn()) {
      if (!nodes.isHeard(holder)) {
        unheardNow.add(holder.node());
      } else if (nodes.isHolding(holder)) {
        holdingNow.add(holder.node());
      }
    }
    unheardSince.keySet().retainAll(unheardNow);
    unheardNow.forEach(node -> unheardSince.putIfAbsent(node, nowNanos));
    unheardNow.removeIf(
        node -> nowNanos - unheardSince.getOrDefault(node, nowNanos) <= patience.toNanos());
    boolean news = !unheardNow.equals(unheard) || !holdingNow.equals(holding);
    unheard = unheardNow;
    holding = holdingNow;
    return news;
  }

  /** What there is to tell; at most one of each type. */
  List<Condition> conditions() {
    List<Condition> conditions = new ArrayList<>();
    if (!unheard.isEmpty()) {
      conditions.add(
          new Condition(
              FailoverObstacle.CONDITION,
              Condition.Status.TRUE,
              "OnWitnessLossHold",
              "no controller hears the agent of "
                  + unheard
                  + ", and with spec.onWitnessLoss Hold no certificate frees the egress IPs that it"
                  + " may hold on to: they move when it speaks again, or when somebody who knows"
                  + " says that the machine is off, with 'egctl fence NODE --machine-is-off'"));
    }
    if (!holding.isEmpty()) {
      conditions.add(
          new Condition(
              "HeldWithoutLease",
              Condition.Status.TRUE,
              "OnWitnessLossHold",
              "the agent of "
                  + holding
                  + " reaches no majority of the witnesses and goes on with its egress IPs; there is"
                  + " no failover for them until it does; see that the witnesses run"));
    }
    return conditions;
  }
}
