package io.egressgateway.policy.entity;

import akka.actor.typed.ActorRef;
import akka.actor.typed.Behavior;
import akka.actor.typed.javadsl.ActorContext;
import akka.actor.typed.javadsl.Behaviors;
import akka.actor.typed.javadsl.TimerScheduler;
import akka.persistence.typed.PersistenceId;
import akka.persistence.typed.RecoveryCompleted;
import akka.persistence.typed.javadsl.CommandHandler;
import akka.persistence.typed.javadsl.Effect;
import akka.persistence.typed.javadsl.EventHandler;
import akka.persistence.typed.javadsl.EventSourcedBehavior;
import akka.persistence.typed.javadsl.SignalHandler;
import io.egressgateway.core.event.NodeEvent;
import io.egressgateway.core.event.OwnershipProof;
import io.egressgateway.core.model.Epoch;
import io.egressgateway.core.model.IpAddress;
import io.egressgateway.core.model.NodeName;
import io.egressgateway.core.model.Revision;
import io.egressgateway.core.plan.NodePlan;
import io.egressgateway.policy.domain.Decision;
import io.egressgateway.policy.domain.Node;
import io.egressgateway.policy.plan.ClassTable;
import io.egressgateway.policy.plan.NodePlanner;
import io.egressgateway.policy.plan.TunnelAddressing;
import java.util.Optional;
import java.util.function.Consumer;

/** Nodes as actors. */
final class NodeBehavior extends EventSourcedBehavior<NodeEntity.Command, NodeEvent, Node.State> {

  private enum Timer {
    REPEAT,
    RENEW,
    REPLAN,
    REOFFER,
    GRACE
  }

  /** Plans that are made for one write to the journal. */
  private static final int REVISION_BLOCK = 1_000;

  private final ActorContext<NodeEntity.Command> context;
  private final TimerScheduler<NodeEntity.Command> timers;
  private final NodeName node;
  private final EntityEnvironment environment;

  private final NodeKnowledge knowledge;
  private final AgentSlot slot = new AgentSlot();
  private final HeldEips heldEips = new HeldEips();
  private ClassTable classes = ClassTable.empty();
  private Revision lastRevision = Revision.ZERO;
  // What the newest plan was made of has changed: it may not be offered any more.
  private boolean outdated;
  private Optional<ActorRef<StatusReport>> listener = Optional.empty();
  private NodeReports.Situation situation =
      new NodeReports.Situation(Optional.empty(), NodeReports.Agent.HEARD);
  private Optional<StatusReport> reported = Optional.empty();

  private NodeBehavior(
      ActorContext<NodeEntity.Command> context,
      TimerScheduler<NodeEntity.Command> timers,
      NodeName node,
      EntityEnvironment environment) {
    super(PersistenceId.of("node", node.toString()));
    this.context = context;
    this.timers = timers;
    this.node = node;
    this.environment = environment;
    this.knowledge = new NodeKnowledge(node);
  }

  static Behavior<NodeEntity.Command> create(NodeName node, EntityEnvironment environment) {
    return Behaviors.setup(
        context ->
            Behaviors.withTimers(timers -> new NodeBehavior(context, timers, node, environment)));
  }

  @Override
  public Node.State emptyState() {
    return Node.State.empty();
  }

  @Override
  public CommandHandler<NodeEntity.Command, NodeEvent, Node.State> commandHandler() {
    return this::onCommand;
  }

  @Override
  public EventHandler<Node.State, NodeEvent> eventHandler() {
    return Node::evolve;
  }

  @Override
  public SignalHandler<Node.State> signalHandler() {
    return newSignalHandlerBuilder()
        .onSignal(RecoveryCompleted.instance(), this::onRecovered)
        .build();
  }

  private void onRecovered(Node.State state) {
    heldEips.floor(state.reserved());
    lastRevision = state.reserved();
    timers.startTimerAtFixedRate(
        Timer.RENEW, new NodeEntity.Renew(), environment.settings().subscriptionInterval());
    awaitAgent();
    if (!(state.membership() instanceof Node.Membership.Removed)) {
      environment.ask(new SpecRequest.OfNode(node));
      remind();
    }
  }

  private Effect<NodeEvent, Node.State> onCommand(Node.State state, NodeEntity.Command command) {
    return switch (command) {
      case NodeEntity.Observe observe -> observe(state, observe);
      case NodeEntity.Endpoints endpoints -> endpoints(endpoints);
      case NodeEntity.Remove remove -> remove(state, remove);
      case NodeEntity.PolicyBound bound -> learned(knowledge.learn(bound));
      case NodeEntity.EipRouted routed -> learned(knowledge.learn(routed));
      case NodeEntity.GrantEip grant -> grant(state, grant);
      case NodeEntity.WithdrawEip withdraw -> withdraw(state, withdraw);
      case NodeEntity.Attach attach -> attach(state, attach);
      case NodeEntity.Detach(ActorRef<AgentOffer> session) -> detach(session);
      case NodeEntity.PlanApplied applied -> planApplied(state, applied);
      case NodeEntity.PlanFailed failed -> planFailed(state, failed);
      case NodeEntity.FactsFound(AgentFacts facts) -> factsFound(state, facts);
      case NodeEntity.Repeat ignored -> repeat();
      case NodeEntity.Renew ignored -> renew();
      case NodeEntity.Replan ignored -> replan(state);
      case NodeEntity.Reoffer ignored -> reoffer();
      case NodeEntity.GraceOver ignored -> graceOver(state);
    };
  }

  private Decision<NodeEvent, Node.Outcome> decide(Node.State state, Node.Command command) {
    return Node.decide(state, command, environment.clock().instant());
  }

  private Effect<NodeEvent, Node.State> take(
      Decision<NodeEvent, Node.Outcome> decision, Consumer<Node.State> then) {
    return Effect()
        .persist(decision.events())
        .thenRun(
            after -> {
              decision
                  .events()
                  .forEach(
                      event -> context.getLog().info("node decided node={} event={}", node, event));
              then.accept(after);
            });
  }

  private Effect<NodeEvent, Node.State> observe(Node.State state, NodeEntity.Observe observe) {
    knowledge.observe(observe.inventory());
    listener = Optional.of(observe.reportTo());
    reported = Optional.empty();
    Node.Command command =
        new Node.Command.Observe(
            observe.inventory().uid(),
            TunnelAddressing.identity(
                observe.inventory().number(), observe.inventory().tunnel().subnets()));
    return take(
        decide(state, command),
        after -> {
          changed();
          report(after);
        });
  }

  private Effect<NodeEvent, Node.State> endpoints(NodeEntity.Endpoints endpoints) {
    knowledge.endpoints(endpoints.policiesByPod());
    return learned(true);
  }

  private Effect<NodeEvent, Node.State> learned(boolean news) {
    if (news) {
      subscribeToUnanswered();
      remind();
      changed();
    }
    return Effect().none();
  }

  private Effect<NodeEvent, Node.State> remove(Node.State state, NodeEntity.Remove remove) {
    listener = Optional.of(remove.reportTo());
    reported = Optional.empty();
    knowledge.forget();
    outdated = true;
    return take(
        decide(state, new Node.Command.Remove()),
        after -> {
          // Who deletes a node vouches that it is off: nobody needs to ask it.
          state
              .held()
              .forEach(
                  (address, held) ->
                      acknowledge(address, held.epoch(), OwnershipProof.NODE_DELETED));
          remove.reportTo().tell(new StatusReport.NodeGone(node));
        });
  }

  private Effect<NodeEvent, Node.State> grant(Node.State state, NodeEntity.GrantEip grant) {
    Decision<NodeEvent, Node.Outcome> decision =
        decide(state, new Node.Command.GrantEip(grant.address(), grant.number(), grant.epoch()));
    return take(
        decision,
        after -> {
          if (!decision.events().isEmpty()) {
            heldEips.granted(grant.address());
            changed();
          } else if (decision.outcome() == Node.Outcome.DELETED) {
            acknowledge(grant.address(), grant.epoch(), OwnershipProof.NODE_DELETED);
          } else {
            heldEips.repeated(grant.address(), grant.epoch()).ifPresent(this::tell);
          }
        });
  }

  private Effect<NodeEvent, Node.State> withdraw(
      Node.State state, NodeEntity.WithdrawEip withdraw) {
    Decision<NodeEvent, Node.Outcome> decision =
        decide(state, new Node.Command.WithdrawEip(withdraw.address(), withdraw.epoch()));
    return take(
        decision,
        after -> {
          switch (decision.outcome()) {
            case STALE -> {}
            case DELETED ->
                acknowledge(withdraw.address(), withdraw.epoch(), OwnershipProof.NODE_DELETED);
            case NEVER_GRANTED ->
                acknowledge(withdraw.address(), withdraw.epoch(), OwnershipProof.NEVER_PROGRAMMED);
            case CURRENT -> {
              heldEips.withdrawing(withdraw.address(), withdraw.epoch(), slot.current());
              if (!decision.events().isEmpty()) {
                changed();
              }
              confirm(after);
            }
          }
        });
  }

  private Effect<NodeEvent, Node.State> attach(Node.State state, NodeEntity.Attach attach) {
    if (slot.isSession(attach.session())) {
      slot.repeat(attach.hello());
    } else if (slot.isOutdated(attach.hello())) {
      attach.session().tell(new AgentOffer.Superseded());
      return Effect().none();
    } else {
      slot.attach(attach.hello(), attach.session())
          .ifPresent(
              former -> {
                context.unwatch(former);
                former.tell(new AgentOffer.Superseded());
              });
      context.watchWith(attach.session(), new NodeEntity.Detach(attach.session()));
      context
          .getLog()
          .info(
              "agent attached node={} boot={} incarnation={} applied={}",
              node,
              attach.hello().bootId(),
              attach.hello().incarnation(),
              attach.hello().applied());
    }
    skipRevisions(attach.hello().applied());
    heard();
    confirm(state);
    offer();
    report(state);
    return Effect().none();
  }

  /** An agent that has seen higher revisions than the journal knows would ignore lower ones. */
  private void skipRevisions(Revision applied) {
    if (applied.compareTo(lastRevision) > 0) {
      context
          .getLog()
          .warn(
              "agent is ahead of the journal node={} applied={} last={}",
              node,
              applied,
              lastRevision);
      lastRevision = applied;
      heldEips.floor(applied);
      changed();
    }
  }

  private void heard() {
    timers.cancel(Timer.GRACE);
    situation = new NodeReports.Situation(situation.facts(), NodeReports.Agent.HEARD);
  }

  private void awaitAgent() {
    timers.startSingleTimer(
        Timer.GRACE, new NodeEntity.GraceOver(), environment.settings().agentGrace());
  }

  private Effect<NodeEvent, Node.State> detach(ActorRef<AgentOffer> session) {
    if (slot.isSession(session)) {
      context.unwatch(session);
      slot.detach();
      awaitAgent();
      context.getLog().info("agent detached node={}", node);
    }
    return Effect().none();
  }

  private Effect<NodeEvent, Node.State> planApplied(
      Node.State state, NodeEntity.PlanApplied applied) {
    if (slot.isSession(applied.session())) {
      slot.applied(applied.revision());
      confirm(state);
      offer();
      report(state);
    }
    return Effect().none();
  }

  private Effect<NodeEvent, Node.State> planFailed(Node.State state, NodeEntity.PlanFailed failed) {
    if (slot.isSession(failed.session())) {
      slot.failed(failed.faults());
      context
          .getLog()
          .warn(
              "plan failed node={} revision={} faults={}",
              node,
              failed.revision(),
              failed.faults());
      timers.startSingleTimer(
          Timer.REOFFER, new NodeEntity.Reoffer(), environment.settings().retryInterval());
      report(state);
    }
    return Effect().none();
  }

  private Effect<NodeEvent, Node.State> reoffer() {
    slot.giveUpOffer();
    offer();
    return Effect().none();
  }

  private Effect<NodeEvent, Node.State> factsFound(Node.State state, AgentFacts facts) {
    situation = new NodeReports.Situation(Optional.of(facts), situation.agent());
    report(state);
    return Effect().none();
  }

  private Effect<NodeEvent, Node.State> graceOver(Node.State state) {
    if (!slot.isAttached()) {
      situation = new NodeReports.Situation(situation.facts(), NodeReports.Agent.SILENT);
      report(state);
    }
    return Effect().none();
  }

  private Effect<NodeEvent, Node.State> repeat() {
    if (!knowledge.hasSpec()) {
      environment.ask(new SpecRequest.OfNode(node));
    }
    subscribeToUnanswered();
    remind();
    return Effect().none();
  }

  private void remind() {
    if (!knowledge.isComplete() && !timers.isTimerActive(Timer.REPEAT)) {
      timers.startSingleTimer(
          Timer.REPEAT, new NodeEntity.Repeat(), environment.settings().retryInterval());
    }
  }

  private void subscribeToUnanswered() {
    knowledge.neededPolicies().stream()
        .filter(policy -> knowledge.answer(policy).isEmpty())
        .forEach(
            policy ->
                environment
                    .entities()
                    .policy(policy)
                    .tell(new PolicyEntity.Subscribe(node, Optional.empty())));
    knowledge.neededEips().stream()
        .filter(address -> knowledge.answer(address).isEmpty())
        .forEach(
            address ->
                environment
                    .entities()
                    .eip(address)
                    .tell(new EipEntity.Subscribe(node, Optional.empty())));
  }

  private Effect<NodeEvent, Node.State> renew() {
    knowledge
        .neededPolicies()
        .forEach(
            policy ->
                environment
                    .entities()
                    .policy(policy)
                    .tell(new PolicyEntity.Subscribe(node, knowledge.answer(policy))));
    knowledge
        .neededEips()
        .forEach(
            address ->
                environment
                    .entities()
                    .eip(address)
                    .tell(new EipEntity.Subscribe(node, knowledge.answer(address))));
    return Effect().none();
  }

  /** Gathers what comes in a burst, so that a wave of pods is one plan. */
  private void changed() {
    outdated = true;
    if (!timers.isTimerActive(Timer.REPLAN)) {
      timers.startSingleTimer(
          Timer.REPLAN, new NodeEntity.Replan(), environment.settings().coalesceDelay());
    }
  }

  private Effect<NodeEvent, Node.State> replan(Node.State state) {
    Optional<NodePlanner.Draft> draft =
        knowledge.input(state).map(input -> NodePlanner.plan(input, classes));
    if (draft.isEmpty()) {
      return Effect().none();
    }
    NodePlan plan = draft.get().plan();
    if (slot.current().filter(plan::sameContent).isPresent()
        && slot.current().orElseThrow().revision().equals(lastRevision)) {
      outdated = false;
      offer();
      return Effect().none();
    }
    if (lastRevision.compareTo(state.reserved()) >= 0) {
      Revision upTo = new Revision(Math.addExact(lastRevision.value(), REVISION_BLOCK));
      return take(
          decide(state, new Node.Command.ReserveRevisions(upTo)),
          after -> issue(after, draft.get()));
    }
    issue(state, draft.get());
    return Effect().none();
  }

  private void issue(Node.State state, NodePlanner.Draft draft) {
    lastRevision = lastRevision.next();
    classes = draft.classes();
    slot.add(draft.plan().at(lastRevision));
    outdated = false;
    offer();
    report(state);
  }

  private void offer() {
    if (!outdated) {
      slot.offer()
          .ifPresent(
              offer -> {
                heldEips.offered();
                context.getLog().debug("plan offered node={} revision={}", node, lastRevision);
              });
    }
  }

  private void confirm(Node.State state) {
    heldEips.confirmed(state, slot).forEach(this::tell);
  }

  private void tell(HeldEips.Confirmation confirmation) {
    switch (confirmation) {
      case HeldEips.Confirmation.Programmed programmed ->
          environment
              .entities()
              .eip(programmed.address())
              .tell(new EipEntity.GrantProgrammed(node, programmed.epoch()));
      case HeldEips.Confirmation.Withdrawn withdrawn ->
          acknowledge(withdrawn.address(), withdrawn.epoch(), withdrawn.proof());
    }
  }

  private void acknowledge(IpAddress address, Epoch epoch, OwnershipProof proof) {
    environment
        .entities()
        .eip(address)
        .tell(new EipEntity.WithdrawAcknowledged(node, epoch, proof));
  }

  private void report(Node.State state) {
    StatusReport report = NodeReports.of(node, state, knowledge, slot, situation);
    if (!reported.equals(Optional.of(report)) && listener.isPresent()) {
      listener.ifPresent(target -> target.tell(report));
      reported = Optional.of(report);
    }
  }
}
