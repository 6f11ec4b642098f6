package io.egressgateway.policy.entity;

import io.egressgateway.core.model.NodeName;
import io.egressgateway.policy.plan.NodeInventory;
import java.util.Optional;
import java.util.SortedSet;
import java.util.TreeSet;
import java.util.stream.Collectors;

/**
 * What a node's status says of gateway nodes that it does not reach through the tunnel. It is said,
 * and moves nothing: a node's view of another is no proof about what that one holds.
 */
final class LostPaths {
  private static final int NAMED_MAX = 5;

  private LostPaths() {}

  /** Empty if all are reached, or if the agent that said otherwise is silent by now. */
  static Optional<Condition> condition(
      NodeName node, Optional<NodeInventory> inventory, NodeReports.Situation situation) {
    SortedSet<NodeName> lost = situation.facts().map(AgentFacts::lostPaths).orElseGet(TreeSet::new);
    if (lost.isEmpty() || inventory.isEmpty() || situation.agent() == NodeReports.Agent.SILENT) {
      return Optional.empty();
    }
    return Optional.of(
        new Condition(
            "TunnelPathLost",
            Condition.Status.TRUE,
            "NoAnswer",
            "through the tunnel node %s (%s) gets no answer from %s, so what its pods send by egress"
                    .formatted(node, inventory.get().underlay(), names(lost, inventory.get()))
                + " IPs there is lost: let UDP port %d pass between the nodes, both ways; firewalls"
                    .formatted(inventory.get().tunnel().port())
                + " and security groups often do not"));
  }

  private static String names(SortedSet<NodeName> lost, NodeInventory inventory) {
    String named =
        lost.stream()
            .limit(NAMED_MAX)
            .map(node -> named(node, inventory))
            .collect(Collectors.joining(", "));
    int more = lost.size() - NAMED_MAX;
    return more > 0 ? "%s and %d more gateway nodes".formatted(named, more) : named;
  }

  private static String named(NodeName node, NodeInventory inventory) {
    return Optional.ofNullable(inventory.peers().get(node))
        .map(peer -> "%s (%s)".formatted(node, peer.addresses().underlay()))
        .orElseGet(node::value);
  }
}
