package io.egressgateway.policy.entity;

import io.egressgateway.core.model.Revision;
import io.egressgateway.core.plan.NodePlan;
import io.egressgateway.policy.plan.NodePlanner;
import java.util.Optional;

/** Says what becomes of the packets of a node's pods. */
final class NodeTraces {
  private final AgentSlot slot;

  NodeTraces(AgentSlot slot) {
    this.slot = slot;
  }

  /**
   * Answers.
   *
   * @param input what the next plan would be made of
   */
  void take(NodeEntity.TraceCommand command, Optional<NodePlanner.Input> input) {
    switch (command) {
      case NodeEntity.Trace(var pod, var destination, var replyTo) ->
          replyTo.tell(
              new NodeEntity.Traced(
                  input.map(known -> NodePlanner.verdict(known, pod, destination)),
                  slot.current().map(NodePlan::revision).orElse(Revision.ZERO),
                  slot.isAttached() ? Optional.of(slot.applied()) : Optional.empty()));
    }
  }
}
