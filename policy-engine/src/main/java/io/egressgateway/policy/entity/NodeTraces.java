package io.egressgateway.policy.entity;

import akka.actor.typed.ActorRef;
import io.egressgateway.core.model.Revision;
import io.egressgateway.core.plan.NodePlan;
import io.egressgateway.policy.plan.NodePlanner;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import java.util.function.Supplier;

/**
 * Says what becomes of the packets of a node's pods, and has its agent read what the kernel has of
 * it. What gets lost is not asked again: whoever asks waits for a while.
 */
final class NodeTraces {
  /** Questions that the agent has not answered; of more the oldest is forgotten. */
  private static final int QUESTIONS_MAX = 16;

  private final AgentSlot slot;
  private final Map<Long, ActorRef<KernelAnswer>> asking = new LinkedHashMap<>();
  private long last;

  /**
   * Of one life of the node's entity.
   *
   * @param first question's number; an answer to an earlier life's has another
   */
  NodeTraces(AgentSlot slot, long first) {
    this.slot = slot;
    this.last = first;
  }

  /**
   * Answers, or passes on.
   *
   * @param input what the next plan would be made of
   */
  void take(NodeEntity.TraceCommand command, Supplier<Optional<NodePlanner.Input>> input) {
    switch (command) {
      case NodeEntity.Trace(var pod, var destination, var replyTo) ->
          replyTo.tell(
              new NodeEntity.Traced(
                  input.get().map(known -> NodePlanner.verdict(known, pod, destination)),
                  slot.current().map(NodePlan::revision).orElse(Revision.ZERO),
                  slot.isAttached() ? Optional.of(slot.applied()) : Optional.empty()));
      case NodeEntity.AskKernel(var question, var replyTo) -> ask(question, replyTo);
      case NodeEntity.KernelAnswered(var id, var answer) ->
          Optional.ofNullable(asking.remove(id)).ifPresent(asker -> asker.tell(answer));
    }
  }

  private void ask(KernelQuestion question, ActorRef<KernelAnswer> replyTo) {
    if (!slot.isAttached()) {
      replyTo.tell(
          new KernelAnswer.Refused(
              "its agent is not connected to the controllers: see whether its pod runs, and its"
                  + " log"));
      return;
    }
    if (asking.size() >= QUESTIONS_MAX) {
      asking.remove(asking.keySet().iterator().next());
    }
    last++;
    asking.put(last, replyTo);
    slot.say(new AgentOffer.AskKernel(last, question));
  }
}
