package io.egressgateway.policy.entity;

import akka.actor.typed.ActorRef;
import io.egressgateway.core.model.NodeName;
import io.egressgateway.policy.domain.Node;
import io.egressgateway.policy.domain.NodeStanding;
import java.util.Optional;

/** How a node is doing, as far as is known here, and who is told of it. */
final class NodeStatus {
  private final NodeName node;
  private final NodeKnowledge knowledge;
  private final AgentSlot slot;
  private final StatusLine line = new StatusLine();
  private NodeReports.Situation situation =
      new NodeReports.Situation(Optional.empty(), NodeReports.Agent.HEARD);

  NodeStatus(NodeName node, NodeKnowledge knowledge, AgentSlot slot) {
    this.node = node;
    this.knowledge = knowledge;
    this.slot = slot;
  }

  void listen(ActorRef<StatusReport> listener) {
    line.listen(listener);
  }

  void found(AgentFacts facts) {
    situation = new NodeReports.Situation(Optional.of(facts), situation.agent());
  }

  void heard() {
    is(NodeReports.Agent.HEARD);
  }

  void silent() {
    is(NodeReports.Agent.SILENT);
  }

  /** Takes up how the node's lease stands; whether there is something to say about the agent. */
  boolean stands(NodeStanding standing) {
    NodeReports.Agent before = situation.agent();
    if (standing.kind() == NodeStanding.Kind.SILENT) {
      silent();
    } else if (standing.session().isPresent()) {
      heard();
    }
    return before != situation.agent();
  }

  private void is(NodeReports.Agent agent) {
    situation = new NodeReports.Situation(situation.facts(), agent);
  }

  void report(Node.State state) {
    line.say(NodeReports.of(node, state, knowledge, slot, situation));
  }

  void gone() {
    line.say(new StatusReport.NodeGone(node));
  }
}
