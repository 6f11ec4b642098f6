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
import io.egressgateway.policy.domain.Decision;
import io.egressgateway.policy.domain.Node;
import io.egressgateway.policy.plan.NodePlanner;
import io.egressgateway.policy.plan.TunnelAddressing;
import java.util.Optional;
import java.util.function.Consumer;

/** Nodes as actors. */
final class NodeBehavior extends EventSourcedBehavior<NodeEntity.Command, NodeEvent, Node.State> {

  private final ActorContext<NodeEntity.Command> context;
  private final NodeTimers timers;
  private final NodeName node;
  private final EntityEnvironment environment;

  private final NodeErrands errands;
  private final NodeKnowledge knowledge;
  private final AgentSlot slot = new AgentSlot();
  private final HeldEips heldEips;
  private final PlanBook plans = new PlanBook(slot);
  private final StatusLine status = new StatusLine();
  private NodeReports.Situation situation =
      new NodeReports.Situation(Optional.empty(), NodeReports.Agent.HEARD);

  private NodeBehavior(
      ActorContext<NodeEntity.Command> context,
      TimerScheduler<NodeEntity.Command> timers,
      NodeName node,
      EntityEnvironment environment) {
    super(PersistenceId.of("node", node.toString()));
    this.context = context;
    this.timers = new NodeTimers(timers, environment.settings());
    this.node = node;
    this.environment = environment;
    this.errands = new NodeErrands(node, environment.entities());
    this.knowledge = new NodeKnowledge(node);
    this.heldEips = new HeldEips(node);
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
    plans.skipTo(state.reserved());
    timers.renewForEver();
    timers.awaitAgent();
    if (!(state.membership() instanceof Node.Membership.Removed)) {
      environment.ask(new SpecRequest.OfNode(node));
      timers.awaitAnswers(knowledge);
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
      case NodeEntity.PatienceOver ignored -> patienceOver(state);
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
    status.listen(observe.reportTo());
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
      errands.subscribeToUnanswered(knowledge);
      timers.awaitAnswers(knowledge);
      changed();
    }
    return Effect().none();
  }

  private Effect<NodeEvent, Node.State> remove(Node.State state, NodeEntity.Remove remove) {
    status.listen(remove.reportTo());
    knowledge.forget();
    plans.outdate();
    return take(
        decide(state, new Node.Command.Remove()),
        after -> {
          status.say(new StatusReport.NodeGone(node));
        });
  }

  private Effect<NodeEvent, Node.State> grant(Node.State state, NodeEntity.GrantEip grant) {
    Decision<NodeEvent, Node.Outcome> decision =
        decide(
            state,
            new Node.Command.GrantEip(
                grant.address(),
                new Node.Grant(grant.number(), grant.epoch(), EipEntity.session(node))));
    return take(
        decision,
        after -> {
          if (decision.outcome() == Node.Outcome.NEVER_GRANTED) {
            neverGranted(grant.address(), grant.epoch());
          } else if (!decision.events().isEmpty()) {
            heldEips.granted(grant.address());
            changed();
          } else {
            heldEips.repeated(grant.address(), grant.epoch()).ifPresent(errands::confirm);
          }
        });
  }

  private Effect<NodeEvent, Node.State> withdraw(
      Node.State state, NodeEntity.WithdrawEip withdraw) {
    Decision<NodeEvent, Node.Outcome> decision =
        decide(
            state,
            new Node.Command.WithdrawEip(
                withdraw.address(), withdraw.epoch(), EipEntity.session(node)));
    return take(
        decision,
        after -> {
          switch (decision.outcome()) {
            case STALE, SESSION_OVER -> {}
            case NEVER_GRANTED -> neverGranted(withdraw.address(), withdraw.epoch());
            case CURRENT, WITHDRAWN -> {
              heldEips.withdrawing(withdraw.address(), withdraw.epoch(), slot.current());
              if (!decision.events().isEmpty()) {
                changed();
              }
              confirm(after);
            }
          }
        });
  }

  private void neverGranted(IpAddress address, Epoch epoch) {
    errands.acknowledge(address, epoch, new OwnershipProof.NeverGranted(EipEntity.session(node)));
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
    if (applied.compareTo(plans.last()) > 0) {
      context
          .getLog()
          .warn(
              "agent is ahead of the journal node={} applied={} last={}",
              node,
              applied,
              plans.last());
      plans.skipTo(applied);
      heldEips.floor(applied);
      changed();
    }
  }

  private void heard() {
    timers.agentHeard();
    situation = new NodeReports.Situation(situation.facts(), NodeReports.Agent.HEARD);
  }

  private Effect<NodeEvent, Node.State> detach(ActorRef<AgentOffer> session) {
    if (slot.isSession(session)) {
      context.unwatch(session);
      slot.detach();
      timers.awaitAgent();
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
      timers.reofferLater();
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
    errands.forgetAsked();
    if (!knowledge.hasSpec()) {
      environment.ask(new SpecRequest.OfNode(node));
    }
    errands.subscribeToUnanswered(knowledge);
    timers.awaitAnswers(knowledge);
    return Effect().none();
  }

  private Effect<NodeEvent, Node.State> patienceOver(Node.State state) {
    knowledge.losePatience();
    if (knowledge.isImpatient()) {
      context
          .getLog()
          .error(
              "answers missing node={} policies={} eips={}",
              node,
              knowledge.unansweredPolicies(),
              knowledge.unansweredEips());
      changed();
      report(state);
    }
    return Effect().none();
  }

  private Effect<NodeEvent, Node.State> renew() {
    errands.renew(knowledge);
    return Effect().none();
  }

  /** Gathers what comes in a burst, so that a wave of pods is one plan. */
  private void changed() {
    plans.outdate();
    timers.replanSoon();
  }

  private Effect<NodeEvent, Node.State> replan(Node.State state) {
    Optional<NodePlanner.Draft> draft = knowledge.input(state).flatMap(plans::draft);
    if (draft.isEmpty()) {
      offer();
      return Effect().none();
    }
    Optional<Revision> reservation = plans.reservation(state);
    if (reservation.isPresent()) {
      return take(
          decide(state, new Node.Command.ReserveRevisions(reservation.get())),
          after -> issue(after, draft.get()));
    }
    issue(state, draft.get());
    return Effect().none();
  }

  private void issue(Node.State state, NodePlanner.Draft draft) {
    plans.issue(draft);
    knowledge.planned();
    offer();
    report(state);
  }

  private void offer() {
    if (!plans.isOutdated()) {
      slot.offer()
          .ifPresent(
              offer -> {
                heldEips.offered();
                context.getLog().debug("plan offered node={} revision={}", node, plans.last());
              });
    }
  }

  private void confirm(Node.State state) {
    heldEips.confirmed(state, slot).forEach(errands::confirm);
  }

  private void report(Node.State state) {
    status.say(NodeReports.of(node, state, knowledge, slot, situation));
  }
}
