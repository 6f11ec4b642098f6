package io.egressgateway.policy.entity;

import io.egressgateway.core.model.Revision;
import io.egressgateway.core.plan.NodePlan;
import io.egressgateway.policy.domain.Node;
import io.egressgateway.policy.plan.ClassTable;
import io.egressgateway.policy.plan.NodePlanner;
import java.util.Optional;

/** Makes a node's plans and numbers them. */
final class PlanBook {
  /** Plans that are made for one write to the journal. */
  private static final int REVISION_BLOCK = 1_000;

  private final AgentSlot slot;
  private ClassTable classes = ClassTable.empty();
  private Revision last = Revision.ZERO;
  // What the newest plan was made of has changed: it may not be offered any more.
  private boolean outdated;

  PlanBook(AgentSlot slot) {
    this.slot = slot;
  }

  /** The highest revision that is used up, here or by another. */
  Revision last() {
    return last;
  }

  /** Revisions up to this one are used up. */
  void skipTo(Revision revision) {
    last = revision;
  }

  void outdate() {
    outdated = true;
  }

  boolean isOutdated() {
    return outdated;
  }

  /** A plan that differs from the newest, or none if that one still holds. */
  Optional<NodePlanner.Draft> draft(NodePlanner.Input input) {
    NodePlanner.Draft draft = NodePlanner.plan(input, classes);
    Optional<NodePlan> same =
        slot.current()
            .filter(draft.plan()::sameContent)
            .filter(plan -> plan.revision().equals(last));
    if (same.isPresent()) {
      outdated = false;
      return Optional.empty();
    }
    return Optional.of(draft);
  }

  /** Up to where revisions must be reserved before the next plan; none if enough are. */
  Optional<Revision> reservation(Node.State state) {
    return last.compareTo(state.reserved()) < 0
        ? Optional.empty()
        : Optional.of(new Revision(Math.addExact(last.value(), REVISION_BLOCK)));
  }

  /** Numbers the plan; it is the newest from now on. */
  void issue(NodePlanner.Draft draft) {
    last = last.next();
    classes = draft.classes();
    slot.add(draft.plan().at(last));
    outdated = false;
  }
}
