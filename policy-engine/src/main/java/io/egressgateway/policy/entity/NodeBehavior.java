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
import io.egressgateway.core.model.GatewayName;
import io.egressgateway.core.model.IpAddress;
import io.egressgateway.core.model.MacAddress;
import io.egressgateway.core.model.NodeName;
import io.egressgateway.core.model.NodeSession;
import io.egressgateway.core.model.Revision;
import io.egressgateway.policy.domain.AuthorityCore;
import io.egressgateway.policy.domain.Decision;
import io.egressgateway.policy.domain.Node;
import io.egressgateway.policy.domain.NodeStanding;
import io.egressgateway.policy.plan.NodePlanner;
import io.egressgateway.policy.plan.TunnelAddressing;
import java.util.List;
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
  private final NodeLease lease;
  private final NodeMoves moves;
  private final NodeFlows flows;
  private final NodeTraces traces;
  private final NodePlans plans;
  private final NodeStatus status;
  private final NodeWatchers watchers;
  private final Voters voters;

  private NodeBehavior(
      ActorContext<NodeEntity.Command> context,
      TimerScheduler<NodeEntity.Command> timers,
      NodeName node,
      EntityEnvironment environment) {
    super(PersistenceId.of("node", node.toString()), JournalFailures.RESTART);
    this.context = context;
    this.timers = new NodeTimers(timers, environment.settings());
    this.node = node;
    this.environment = environment;
    this.errands = new NodeErrands(node, environment.entities());
    this.knowledge = new NodeKnowledge(node);
    this.lease = new NodeLease(node, environment);
    this.flows = new NodeFlows(node, slot, environment.entities());
    this.traces = new NodeTraces(slot, environment.nanoClock().getAsLong() & Long.MAX_VALUE);
    NodeMoves.Hands hands = new NodeMoves.Hands(errands, slot, this.timers);
    this.moves = new NodeMoves(lease, hands);
    this.plans = new NodePlans(node, knowledge, moves, hands);
    this.status = new NodeStatus(node, knowledge, slot);
    this.watchers = new NodeWatchers(lease, errands);
    this.voters = new Voters(environment.witnesses(), context.getSelf());
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
    moves.recover();
    lease.recover(state);
    timers.speakBy(environment.leaseTerms().lease());
    rebind(state);
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
      case NodeEntity.EipRouted routed -> routed(routed);
      case NodeEntity.Watch watch -> watch(state, watch);
      case NodeEntity.PrepareEip prepare -> prepare(prepare);
      case NodeEntity.FlowCommand flow -> {
        flows.take(flow, state);
        yield Effect().none();
      }
      case NodeEntity.TraceCommand trace -> {
        traces.take(trace, () -> knowledge.input(state, moves.inPlan(state)));
        yield Effect().none();
      }
      case NodeEntity.GrantEip grant -> note(new NodeMoves.Request.Granted(grant));
      case NodeEntity.WithdrawEip withdraw -> note(new NodeMoves.Request.Withdrawn(withdraw));
      case NodeEntity.EipReleased released -> note(new NodeMoves.Request.Released(released));
      case NodeEntity.Settle ignored -> settle(state, after -> {});
      case NodeEntity.AssertFence fence -> fence(state, fence);
      case NodeEntity.EipOpened opened -> {
        moves.opened(state, opened);
        yield Effect().none();
      }
      case NodeEntity.ConflictFound(IpAddress address, MacAddress mac) -> {
        watchers.conflict(address, mac);
        yield Effect().none();
      }
      case NodeEntity.Beat beat -> beat(state, beat);
      case NodeEntity.Voted vote -> act(state, lease.voted(vote));
      case NodeEntity.VoteHeld held -> act(state, lease.held(held));
      case NodeEntity.Wake ignored -> act(state, lease.woken());
      case NodeEntity.Speak ignored -> {
        watchers.tellAtLast();
        yield Effect().none();
      }
      case NodeEntity.Insist ignored -> {
        moves.insist(state);
        yield Effect().none();
      }
      case NodeEntity.Attach attach -> attach(state, attach);
      case NodeEntity.Detach(ActorRef<AgentOffer> session) -> detach(session);
      case NodeEntity.PlanApplied applied -> planApplied(state, applied);
      case NodeEntity.PlanFailed failed -> planFailed(state, failed);
      case NodeEntity.FactsFound(AgentFacts facts) -> factsFound(state, facts);
      case NodeEntity.Repeat ignored -> repeat();
      case NodeEntity.Renew ignored -> renew(state);
      case NodeEntity.Replan ignored -> replan(state);
      case NodeEntity.Reoffer ignored -> reoffer(state);
      case NodeEntity.PatienceOver ignored -> patienceOver(state);
      case NodeEntity.GraceOver ignored -> graceOver(state);
      case NodeEntity.Mark(ActorRef<Sluice.Passed> answerTo, long mark) -> {
        answerTo.tell(new Sluice.Passed(mark));
        yield Effect().none();
      }
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
          plans.changed();
          status.report(after);
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
      plans.changed();
    }
    return Effect().none();
  }

  private Effect<NodeEvent, Node.State> routed(NodeEntity.EipRouted routed) {
    boolean news = knowledge.learn(routed);
    if (news && slot.isWaiting() && !plans.isOutdated()) {
      // Packets are lost until the plan has it: what is in the mailbox is gathered, and no more.
      context.getSelf().tell(new NodeEntity.Replan());
    }
    return learned(news);
  }

  private Effect<NodeEvent, Node.State> remove(Node.State state, NodeEntity.Remove remove) {
    status.listen(remove.reportTo());
    knowledge.forget();
    plans.outdate();
    return take(
        decide(state, new Node.Command.Remove()),
        after -> {
          status.gone();
        });
  }

  private Effect<NodeEvent, Node.State> note(NodeMoves.Request request) {
    if (moves.note(request)) {
      // Everything that is in the mailbox by now is decided on together.
      context.getSelf().tell(new NodeEntity.Settle());
    }
    return Effect().none();
  }

  private Effect<NodeEvent, Node.State> settle(Node.State state, Consumer<Node.State> then) {
    NodeMoves.Settlement settlement = moves.settle(state, environment.clock().instant());
    if (settlement.isEmpty()) {
      return Effect().none();
    }
    moves.passOn(state, settlement);
    return take(
        new Decision<>(settlement.events(), Node.Outcome.CURRENT),
        after -> {
          settlement.events().stream()
              .filter(NodeEvent.SessionDenied.class::isInstance)
              .forEach(denied -> environment.watch().denied(node));
          moves.follow(after, settlement);
          rebind(after);
          plans.changed();
          then.accept(after);
        });
  }

  private Effect<NodeEvent, Node.State> fence(Node.State state, NodeEntity.AssertFence fence) {
    FenceOrder order = new FenceOrder(node, fence);
    Optional<GatewayEntity.OrderReply> answer = order.answer(state, lease);
    if (answer.isPresent()) {
      fence.replyTo().tell(answer.get());
      return Effect().none();
    }
    act(state, lease.fence(fence.by(), order.journalled()));
    return settle(state, after -> fence.replyTo().tell(order.accepted()));
  }

  private Effect<NodeEvent, Node.State> prepare(NodeEntity.PrepareEip prepare) {
    if (moves.prepare(prepare, environment.nanoClock().getAsLong())) {
      plans.changed();
    }
    return Effect().none();
  }

  private Effect<NodeEvent, Node.State> watch(Node.State state, NodeEntity.Watch watch) {
    GatewayName gateway = watch.gateway();
    if (lease.watch(gateway, watch.relief())) {
      context.getLog().info("node enlisted node={} gateway={}", node, gateway);
      slot.say(lease.enlistment());
      timers.speakBy(environment.leaseTerms().lease());
    }
    watchers.tell(gateway);
    act(state, lease.offload(moves.ending(state)));
    return catchUp(state);
  }

  /** In a flood what the entity tells itself may be dropped; it comes back to it here. */
  private Effect<NodeEvent, Node.State> catchUp(Node.State state) {
    act(state, lease.woken());
    moves.insistIfNeeded(state);
    if (plans.isOutdated()) {
      timers.replanSoon();
    }
    return settle(state, after -> {});
  }

  private Effect<NodeEvent, Node.State> beat(Node.State state, NodeEntity.Beat beat) {
    if (!slot.isSession(beat.agent())) {
      if (!slot.isAttached()) {
        beat.agent().tell(new AgentOffer.Introduce());
      }
      return Effect().none();
    }
    return act(state, lease.beat(beat.session(), beat.standing()));
  }

  private void rebind(Node.State state) {
    act(state, lease.bind(moves.bound(state), moves.holding(state)));
    act(state, lease.deny(state.denied()));
    act(state, lease.offload(moves.ending(state)));
  }

  private Effect<NodeEvent, Node.State> act(Node.State state, List<AuthorityCore.Effect> effects) {
    effects.forEach(effect -> act(state, effect));
    return Effect().none();
  }

  private void act(Node.State state, AuthorityCore.Effect effect) {
    switch (effect) {
      case AuthorityCore.Effect.AskVotes ask -> voters.ask(ask);
      case AuthorityCore.Effect.Deny(NodeSession session) -> {
        context
            .getLog()
            .warn(
                "session unheard and still leased, to be denied node={} session={}", node, session);
        note(new NodeMoves.Request.Denied(session));
      }
      case AuthorityCore.Effect.Fence fence -> slot.say(new AgentOffer.Fence(fence.session()));
      case AuthorityCore.Effect.StandingChanged(NodeStanding standing) -> stands(state, standing);
      case AuthorityCore.Effect.WakeAt wake -> timers.wakeIn(lease.until(wake));
      case AuthorityCore.Effect.Revoked revoked -> {
        OwnershipProof proof = revoked.proof();
        context.getLog().warn("session over node={} proof={}", node, proof);
        // The proof stands by itself, whatever becomes of this entity: nobody waits for its
        // journal.
        watchers.tellEnd();
        moves.end(state, proof);
        note(new NodeMoves.Request.Ended(proof));
      }
    }
  }

  private void stands(Node.State state, NodeStanding standing) {
    if (status.stands(standing)) {
      status.report(state);
    }
    watchers.tell();
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
      lease.attached();
      if (lease.isWatched()) {
        slot.say(lease.enlistment());
      }
      moves.attached(state);
      flows.attached(state);
    }
    plans.skipWhatTheAgentHas(attach.hello().applied());
    timers.agentHeard();
    status.heard();
    moves.tellReady();
    status.report(state);
    return offerNewest(state);
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
      moves.tellReady();
      status.report(state);
      return offerNewest(state);
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
      status.report(state);
    }
    return Effect().none();
  }

  private Effect<NodeEvent, Node.State> reoffer(Node.State state) {
    slot.giveUpOffer();
    return offerNewest(state);
  }

  private Effect<NodeEvent, Node.State> factsFound(Node.State state, AgentFacts facts) {
    status.found(facts);
    status.report(state);
    return Effect().none();
  }

  private Effect<NodeEvent, Node.State> graceOver(Node.State state) {
    if (!slot.isAttached()) {
      status.silent();
      status.report(state);
    }
    return Effect().none();
  }

  private Effect<NodeEvent, Node.State> repeat() {
    knowledge.askAgain();
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
      plans.changed();
      status.report(state);
    }
    return Effect().none();
  }

  private Effect<NodeEvent, Node.State> renew(Node.State state) {
    flows.renew(state);
    errands.renew(knowledge);
    lease.renew();
    if (lease.isWatched()) {
      slot.say(lease.enlistment());
    } else if (lease.isIdle()) {
      slot.say(new AgentOffer.Dismiss());
    }
    if (moves.sweep(environment.nanoClock().getAsLong())) {
      plans.changed();
    }
    return Effect().none();
  }

  private Effect<NodeEvent, Node.State> replan(Node.State state) {
    Optional<NodePlanner.Draft> draft = plans.draft(state);
    if (draft.isEmpty()) {
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
    status.report(state);
  }

  /** Something may be on its way to the agent again. */
  private Effect<NodeEvent, Node.State> offerNewest(Node.State state) {
    if (plans.isOutdated()) {
      return replan(state);
    }
    plans.offer();
    return Effect().none();
  }
}
