package io.egressgateway.policy.entity;

import akka.actor.typed.ActorRef;
import io.egressgateway.core.model.Revision;
import io.egressgateway.core.plan.NodePlan;
import io.egressgateway.core.plan.PlanDelta;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.List;
import java.util.Optional;

/**
 * The session of a node's agent and the plans that were made for it. At most one plan is on its way
 * at a time; what comes up meanwhile is offered, all together, once the agent has answered.
 */
final class AgentSlot {
  /** An agent this far behind gets a whole plan. */
  private static final int HISTORY_MAX = 16;

  /** A session repeats itself this often with the same revision before an offer counts as lost. */
  private static final int PATIENCE = 2;

  /** One failure may be a passing one; the node's egress IPs do not move for it. */
  private static final int FAILURES_MIN = 3;

  /** What the agent said that it is, and where it is reached. */
  private record Session(AgentHello hello, ActorRef<AgentOffer> ref) {}

  private final Deque<NodePlan> history = new ArrayDeque<>();
  private Optional<Session> session = Optional.empty();
  private Revision applied = Revision.ZERO;
  private Optional<Revision> onTheWay = Optional.empty();
  private List<AgentFault> faults = List.of();
  private int failures;
  private int repetitions;
  // Whether the agent's word for what its kernel has is good enough for a delta.
  private boolean trusted;

  /** The newest plan. */
  Optional<NodePlan> current() {
    return Optional.ofNullable(history.peekLast());
  }

  /** The revision that the agent's kernel has, as far as it has said. */
  Revision applied() {
    return applied;
  }

  Optional<NodePlan> appliedPlan() {
    return plan(applied);
  }

  private Optional<NodePlan> plan(Revision revision) {
    return history.stream().filter(plan -> plan.revision().equals(revision)).findFirst();
  }

  /** What the agent could not do the last time. */
  List<AgentFault> faults() {
    return faults;
  }

  /** Whether the agent has failed several times running. */
  boolean isFailing() {
    return failures >= FAILURES_MIN;
  }

  boolean isAttached() {
    return session.isPresent();
  }

  boolean isSession(ActorRef<AgentOffer> ref) {
    return session.filter(present -> present.ref().equals(ref)).isPresent();
  }

  /** Whether it is an older start of the agent, on the same boot, than the one that is here. */
  boolean isOutdated(AgentHello hello) {
    return session
        .map(Session::hello)
        .filter(present -> present.bootId().equals(hello.bootId()))
        .filter(present -> present.incarnation() > hello.incarnation())
        .isPresent();
  }

  /** Takes a session in; the one that was here before is returned, to be ended. */
  Optional<ActorRef<AgentOffer>> attach(AgentHello hello, ActorRef<AgentOffer> ref) {
    Optional<ActorRef<AgentOffer>> former = session.map(Session::ref);
    session = Optional.of(new Session(hello, ref));
    applied = hello.applied();
    onTheWay = Optional.empty();
    repetitions = 0;
    trusted = true;
    return former;
  }

  /** The session that is here says again where its agent is. */
  void repeat(AgentHello hello) {
    repetitions = hello.applied().equals(applied) ? repetitions + 1 : 0;
    applied = hello.applied();
    if (repetitions >= PATIENCE) {
      giveUpOffer();
      repetitions = 0;
    }
  }

  /** Says something to the agent besides plans. */
  void say(AgentOffer offer) {
    session.ifPresent(present -> present.ref().tell(offer));
  }

  void detach() {
    session = Optional.empty();
    onTheWay = Optional.empty();
  }

  void applied(Revision revision) {
    applied = revision;
    if (onTheWay.filter(offered -> !offered.equals(revision)).isPresent()) {
      // An offer that was given up was taken after all; the one after it is on its way still.
      return;
    }
    onTheWay = Optional.empty();
    faults = List.of();
    failures = 0;
    repetitions = 0;
    trusted = true;
  }

  /** The plan stays on its way, so that the same failure is not provoked at once. */
  void failed(List<AgentFault> reasons) {
    faults = reasons;
    failures++;
  }

  /** The next offer is a whole plan: nobody knows what became of the last. */
  void giveUpOffer() {
    onTheWay = Optional.empty();
    trusted = false;
  }

  void add(NodePlan plan) {
    history.addLast(plan);
    if (history.size() > HISTORY_MAX) {
      history.removeFirst();
    }
  }

  /** Whether an agent is there that would take a plan at once. */
  boolean isWaiting() {
    return session.isPresent() && onTheWay.isEmpty();
  }

  /** Whether a plan is on its way: what is made now would have to wait, and be outdated by then. */
  boolean isBusy() {
    return onTheWay.isPresent();
  }

  /** Offers the newest plan if the agent does not have it and nothing is on its way. */
  Optional<AgentOffer> offer() {
    Optional<NodePlan> newest =
        current()
            .filter(plan -> session.isPresent() && onTheWay.isEmpty())
            .filter(plan -> !plan.revision().equals(applied));
    newest.ifPresent(plan -> onTheWay = Optional.of(plan.revision()));
    Optional<AgentOffer> offer = newest.map(this::message);
    offer.ifPresent(message -> session.ifPresent(present -> present.ref().tell(message)));
    return offer;
  }

  private AgentOffer message(NodePlan plan) {
    return plan(applied)
        .filter(base -> trusted)
        .<AgentOffer>map(base -> new AgentOffer.ChangedPlan(PlanDelta.between(base, plan)))
        .orElseGet(() -> new AgentOffer.WholePlan(plan));
  }
}
