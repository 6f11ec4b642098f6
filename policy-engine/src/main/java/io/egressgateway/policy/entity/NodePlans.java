package io.egressgateway.policy.entity;

import io.egressgateway.core.model.NodeName;
import io.egressgateway.core.model.Revision;
import io.egressgateway.policy.domain.Node;
import io.egressgateway.policy.plan.NodePlanner;
import java.util.Optional;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** When a node's plan is made, and when its agent gets it. */
final class NodePlans {
  private static final Logger LOG = LoggerFactory.getLogger(NodePlans.class);

  private final NodeName node;
  private final NodeKnowledge knowledge;
  private final AgentSlot slot;
  private final NodeTimers timers;
  private final NodeMoves moves;
  private final PlanBook book;

  NodePlans(NodeName node, NodeKnowledge knowledge, NodeMoves moves, NodeMoves.Hands hands) {
    this.node = node;
    this.knowledge = knowledge;
    this.slot = hands.slot();
    this.timers = hands.timers();
    this.moves = moves;
    this.book = new PlanBook(slot);
  }

  /** Gathers what comes in a burst, so that a wave of pods is one plan. */
  void changed() {
    book.outdate();
    timers.replanSoon();
  }

  /** What was planned does not hold any more, and what will be planned is not known yet. */
  void outdate() {
    book.outdate();
  }

  boolean isOutdated() {
    return book.isOutdated();
  }

  /** Revisions up to this one are used up. */
  void skipTo(Revision revision) {
    book.skipTo(revision);
  }

  /** An agent that has seen higher revisions than the journal knows would ignore lower ones. */
  void skipWhatTheAgentHas(Revision applied) {
    if (applied.compareTo(book.last()) > 0) {
      LOG.warn(
          "agent is ahead of the journal node={} applied={} last={}", node, applied, book.last());
      book.skipTo(applied);
      changed();
    }
  }

  /**
   * The next plan; none as long as there is no agent or it has not answered to the one before, or
   * if it would be the same.
   */
  Optional<NodePlanner.Draft> draft(Node.State state) {
    if (!slot.isAttached() || slot.isBusy() || !book.isOutdated()) {
      // As often as an agent takes plans, and not as often as something changes.
      return Optional.empty();
    }
    Optional<NodePlanner.Draft> draft =
        knowledge.input(state, moves.inPlan(state)).flatMap(book::draft);
    if (draft.isEmpty()) {
      moves.tellReady();
      offer();
    }
    return draft;
  }

  /** Up to where revisions must be reserved before the next plan; none if enough are. */
  Optional<Revision> reservation(Node.State state) {
    return book.reservation(state);
  }

  /** It is the newest from now on. */
  void issue(NodePlanner.Draft draft) {
    book.issue(draft);
    knowledge.planned();
    offer();
  }

  /** Offers the newest plan, unless it is outdated. */
  void offer() {
    if (!book.isOutdated()) {
      slot.offer()
          .ifPresent(offer -> LOG.debug("plan offered node={} revision={}", node, book.last()));
    }
  }
}
