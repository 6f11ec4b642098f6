package io.egressgateway.policy.entity;

import io.egressgateway.core.model.NodeName;
import io.egressgateway.policy.domain.Node;
import io.egressgateway.policy.plan.NodeInventory;
import java.util.Collections;
import java.util.List;
import java.util.Optional;
import java.util.SortedSet;
import java.util.TreeSet;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/** What a node's status says. */
final class NodeReports {
  private static final int NAMED_MAX = 5;

  /** The 0.1 % of {@code core.lease} that witnesses add to what they promise. */
  private static final int CLOCK_PPM_MAX = 1000;

  private NodeReports() {}

  /** How the agent is doing. */
  enum Agent {
    /** It has a session, or lost it a moment ago. */
    HEARD,
    /** It has no session and the grace period is over. */
    SILENT
  }

  static StatusReport of(
      NodeName node,
      Node.State state,
      NodeKnowledge knowledge,
      AgentSlot slot,
      Situation situation) {
    return switch (state.membership()) {
      case Node.Membership.Unseen ignored ->
          report(
              node,
              situation,
              StatusReport.Phase.PENDING,
              Optional.empty(),
              conditions(pending(), List.of(clock(node, situation))));
      case Node.Membership.Removed ignored -> new StatusReport.NodeGone(node);
      case Node.Membership.Registered registered -> {
        StatusReport.Phase phase = phase(slot, situation);
        yield report(
            node,
            situation,
            phase,
            Optional.of(registered),
            conditions(
                incomplete(knowledge)
                    .or(() -> subnetTooSmall(registered, knowledge.inventory()))
                    .orElseGet(() -> condition(node, phase, slot)),
                List.of(
                    clock(node, situation),
                    LostPaths.condition(node, knowledge.inventory(), situation),
                    NodeFindings.collision(node, situation),
                    NodeFindings.portShortage(situation))));
      }
    };
  }

  /** What is known of the agent besides its plans. */
  record Situation(Optional<AgentFacts> facts, Agent agent) {}

  private static StatusReport report(
      NodeName node,
      Situation situation,
      StatusReport.Phase phase,
      Optional<Node.Membership.Registered> registered,
      SortedSet<Condition> conditions) {
    return new StatusReport.NodeReport(
        node,
        registered.map(Node.Membership.Registered::tunnel),
        situation.facts(),
        phase,
        conditions);
  }

  private static SortedSet<Condition> conditions(
      Condition ready, List<Optional<Condition>> others) {
    TreeSet<Condition> conditions = new TreeSet<>(List.of(ready));
    others.stream().flatMap(Optional::stream).forEach(conditions::add);
    return Collections.unmodifiableSortedSet(conditions);
  }

  /** Leases rely on it as long as the node holds anything, so it is said of every node. */
  private static Optional<Condition> clock(NodeName node, Situation situation) {
    return situation
        .facts()
        .filter(facts -> Math.abs(facts.clockPpm()) > CLOCK_PPM_MAX)
        .map(
            facts ->
                new Condition(
                    "ClockRate",
                    Condition.Status.TRUE,
                    "ClocksDiffer",
                    "the synchronised clock of node %s runs %+d ppm off its hardware's, leases rely on"
                            .formatted(node, facts.clockPpm())
                        + " %d at most: let time synchronisation step the clock instead of slewing it;"
                            .formatted(CLOCK_PPM_MAX)
                        + " if it stays so the hardware's clock is wrong, and the node should hold no"
                        + " egress IPs"));
  }

  private static StatusReport.Phase phase(AgentSlot slot, Situation situation) {
    if (situation.agent() == Agent.SILENT) {
      return StatusReport.Phase.HEARTBEAT_TIMEOUT;
    }
    if (slot.isFailing()) {
      return StatusReport.Phase.FAILED;
    }
    return slot.appliedPlan().isPresent() ? StatusReport.Phase.READY : StatusReport.Phase.INIT;
  }

  private static Condition pending() {
    return Condition.notReady("Pending", "the node is not in the tunnel mesh yet");
  }

  private static Condition condition(NodeName node, StatusReport.Phase phase, AgentSlot slot) {
    if (!slot.faults().isEmpty() && phase != StatusReport.Phase.HEARTBEAT_TIMEOUT) {
      return Condition.notReady("PlanFailed", faults(slot.faults()));
    }
    return switch (phase) {
      case PENDING -> pending();
      case INIT ->
          Condition.notReady("Init", "the agent on node " + node + " has not applied its plan yet");
      case FAILED -> Condition.notReady("PlanFailed", faults(slot.faults()));
      case READY -> Condition.ready("PlanApplied", "the kernel has what it should");
      case HEARTBEAT_TIMEOUT ->
          Condition.notReady(
              "HeartbeatTimeout",
              "the agent on node "
                  + node
                  + " is not connected to a controller; its pod's log says why");
    };
  }

  private static String faults(List<AgentFault> faults) {
    return faults.stream()
        .limit(NAMED_MAX)
        .map(fault -> fault.operation() + " " + fault.subject() + ": " + fault.reason())
        .collect(Collectors.joining("; "));
  }

  private static Optional<Condition> incomplete(NodeKnowledge knowledge) {
    return knowledge.isImpatient()
        ? Optional.of(
            Condition.notReady(
                "AnswersMissing",
                "packets of some pods are dropped, because these do not answer: "
                    + Stream.concat(
                            knowledge.unansweredPolicies().stream(),
                            knowledge.unansweredEips().stream())
                        .limit(NAMED_MAX)
                        .map(Object::toString)
                        .collect(Collectors.joining(", "))
                    + "; the controllers' logs say why"))
        : Optional.empty();
  }

  private static Optional<Condition> subnetTooSmall(
      Node.Membership.Registered registered, Optional<NodeInventory> inventory) {
    boolean outside =
        inventory
            .map(seen -> seen.tunnel().subnets())
            .filter(
                subnets ->
                    subnets.ipv4().isPresent() != registered.tunnel().ipv4().isPresent()
                        || subnets.ipv6().isPresent() != registered.tunnel().ipv6().isPresent())
            .isPresent();
    return outside
        ? Optional.of(
            Condition.notReady(
                "TunnelSubnetTooSmall",
                "the tunnel subnet has no address for node number "
                    + registered.tunnel().number()
                    + "; configure a larger one"))
        : Optional.empty();
  }
}
