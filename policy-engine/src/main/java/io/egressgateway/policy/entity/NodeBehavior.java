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
import io.egressgateway.core.model.Revision;
import io.egressgateway.policy.domain.AuthorityCore;
import io.egressgateway.policy.domain.Decision;
import io.egressgateway.policy.domain.Node;
import io.egressgateway.policy.plan.NodePlanner;
import io.egressgateway.policy.plan.TunnelAddressing;
import java.util.ArrayList;
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
  private final NodeGrants grants = new NodeGrants();
  private final NodeLease lease;
  // What came in a burst, to be one write.
  private final List<Request> docket = new ArrayList<>();
  private final PlanBook plans = new PlanBook(slot);
  private final StatusLine status = new StatusLine();
  private NodeReports.Situation situation =
      new NodeReports.Situation(Optional.empty(), NodeReports.Agent.HEARD);

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
    docket.clear();
    grants.clear();
    lease.recover(state);
    timers.speakBy(environment.leaseTerms().lease());
    act(lease.bind(grants.bound(state)));
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
      case NodeEntity.Watch(GatewayName gateway) -> watch(gateway);
      case NodeEntity.PrepareEip prepare -> prepare(prepare);
      case NodeEntity.GrantEip grant -> note(new Request.Granted(grant));
      case NodeEntity.WithdrawEip withdraw -> note(new Request.Withdrawn(withdraw));
      case NodeEntity.EipReleased released -> note(new Request.Released(released));
      case NodeEntity.Settle ignored -> settle(state);
      case NodeEntity.EipOpened opened -> opened(state, opened);
      case NodeEntity.ConflictFound(IpAddress address, MacAddress mac) -> conflict(address, mac);
      case NodeEntity.Beat beat -> beat(beat);
      case NodeEntity.Voted vote -> act(lease.voted(vote));
      case NodeEntity.Wake ignored -> act(lease.woken());
      case NodeEntity.Speak ignored -> {
        lease.settle();
        tellWatchers();
        yield Effect().none();
      }
      case NodeEntity.Revoke(OwnershipProof proof) -> revoke(state, proof);
      case NodeEntity.Insist ignored -> insist(state);
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

  /** Something about an egress IP that may need the journal. */
  private sealed interface Request {
    record Granted(NodeEntity.GrantEip grant) implements Request {}

    record Withdrawn(NodeEntity.WithdrawEip withdraw) implements Request {}

    record Released(NodeEntity.EipReleased released) implements Request {}
  }

  private Effect<NodeEvent, Node.State> note(Request request) {
    docket.add(request);
    if (docket.size() == 1) {
      // Everything that is in the mailbox by now is decided on together.
      context.getSelf().tell(new NodeEntity.Settle());
    }
    return Effect().none();
  }

  private record Settled(Request request, Node.Outcome outcome, Optional<Node.Grant> before) {}

  private Effect<NodeEvent, Node.State> settle(Node.State state) {
    List<NodeEvent> events = new ArrayList<>();
    List<Settled> settled = new ArrayList<>();
    Node.State next = state;
    for (Request request : docket) {
      Decision<NodeEvent, Node.Outcome> decision = decide(next, command(request));
      settled.add(new Settled(request, decision.outcome(), before(next, request)));
      for (NodeEvent event : decision.events()) {
        events.add(event);
        next = Node.evolve(next, event);
      }
    }
    docket.clear();
    return take(
        new Decision<>(events, Node.Outcome.CURRENT),
        after -> {
          settled.forEach(one -> follow(after, one));
          rebind(after);
          if (!events.isEmpty()) {
            changed();
          }
        });
  }

  private Node.Command command(Request request) {
    return switch (request) {
      case Request.Granted(NodeEntity.GrantEip grant) -> {
        Node.Grant wanted = new Node.Grant(grant.number(), grant.epoch(), grant.session());
        yield lease.refuses(grant.session())
            ? new Node.Command.RefuseEip(grant.address(), wanted)
            : new Node.Command.GrantEip(grant.address(), wanted);
      }
      case Request.Withdrawn(NodeEntity.WithdrawEip withdraw) ->
          new Node.Command.WithdrawEip(withdraw.address(), withdraw.epoch(), withdraw.session());
      case Request.Released(NodeEntity.EipReleased released) ->
          new Node.Command.WithdrawEip(released.address(), released.epoch(), released.session());
    };
  }

  private static Optional<Node.Grant> before(Node.State state, Request request) {
    return Optional.ofNullable(
        state
            .held()
            .get(
                switch (request) {
                  case Request.Granted granted -> granted.grant().address();
                  case Request.Withdrawn withdrawn -> withdrawn.withdraw().address();
                  case Request.Released released -> released.released().address();
                }));
  }

  private void follow(Node.State state, Settled settled) {
    switch (settled.request()) {
      case Request.Granted(NodeEntity.GrantEip grant) ->
          followGrant(state, grant, settled.outcome());
      case Request.Withdrawn(NodeEntity.WithdrawEip withdraw) ->
          followWithdrawal(state, withdraw, settled);
      case Request.Released(NodeEntity.EipReleased released) -> {
        grants.released(released.address(), released.session());
        errands.stopped(
            released.address(),
            released.epoch(),
            new OwnershipProof.ReleaseAcknowledged(released.session()));
        changed();
      }
    }
  }

  private void followGrant(Node.State state, NodeEntity.GrantEip grant, Node.Outcome outcome) {
    switch (outcome) {
      case CURRENT -> {
        if (grants.isOpen(grant.address(), grant.session(), grant.epoch())) {
          errands.opened(grant.address(), grant.session(), grant.epoch());
        } else {
          slot.say(new AgentOffer.Grant(grant.address(), grant.epoch(), grant.session()));
          timers.insistLater();
        }
      }
      case STALE -> {}
      case WITHDRAWN ->
          release(
              grant.address(),
              new NodeGrants.Releasing(grant.epoch(), grant.session()),
              Optional.of(new Node.Grant(grant.number(), grant.epoch(), grant.session())));
      case NEVER_GRANTED ->
          errands.stopped(
              grant.address(), grant.epoch(), new OwnershipProof.NeverGranted(grant.session()));
      case SESSION_OVER ->
          state
              .end(grant.session())
              .ifPresent(proof -> errands.sessionOver(grant.address(), proof));
    }
  }

  private void followWithdrawal(
      Node.State state, NodeEntity.WithdrawEip withdraw, Settled settled) {
    switch (settled.outcome()) {
      case CURRENT, STALE -> {}
      case WITHDRAWN ->
          release(
              withdraw.address(),
              new NodeGrants.Releasing(withdraw.epoch(), withdraw.session()),
              settled.before());
      case NEVER_GRANTED ->
          errands.stopped(
              withdraw.address(),
              withdraw.epoch(),
              new OwnershipProof.NeverGranted(withdraw.session()));
      case SESSION_OVER ->
          state
              .end(withdraw.session())
              .ifPresent(proof -> errands.sessionOver(withdraw.address(), proof));
    }
  }

  private void release(
      IpAddress address, NodeGrants.Releasing release, Optional<Node.Grant> taken) {
    grants.release(address, release, taken);
    slot.say(new AgentOffer.Release(address, release.epoch(), release.session()));
    timers.insistLater();
  }

  private Effect<NodeEvent, Node.State> opened(Node.State state, NodeEntity.EipOpened opened) {
    boolean current =
        Optional.ofNullable(state.held().get(opened.address()))
            .filter(grant -> grant.epoch().equals(opened.epoch()))
            .filter(grant -> grant.session().equals(opened.session()))
            .isPresent();
    if (current) {
      grants.opened(opened.address(), opened.session(), opened.epoch());
      errands.opened(opened.address(), opened.session(), opened.epoch());
    }
    return Effect().none();
  }

  /** Says again what the agent has not confirmed. */
  private Effect<NodeEvent, Node.State> insist(Node.State state) {
    var unopened = grants.unopened(state);
    unopened.forEach(
        (address, grant) ->
            slot.say(new AgentOffer.Grant(address, grant.epoch(), grant.session())));
    var releasing = grants.releasing();
    releasing.forEach(
        (address, release) ->
            slot.say(new AgentOffer.Release(address, release.epoch(), release.session())));
    if (slot.isAttached() && !(unopened.isEmpty() && releasing.isEmpty())) {
      timers.insistLater();
    }
    return Effect().none();
  }

  private Effect<NodeEvent, Node.State> prepare(NodeEntity.PrepareEip prepare) {
    if (grants.prepare(prepare.address(), prepare.number(), environment.nanoClock().getAsLong())) {
      changed();
    }
    tellReady();
    return Effect().none();
  }

  private void tellReady() {
    grants.ready(slot.appliedPlan()).forEach(errands::prepared);
  }

  private Effect<NodeEvent, Node.State> conflict(IpAddress address, MacAddress mac) {
    lease.watchers().forEach(gateway -> errands.conflict(gateway, address, mac));
    return Effect().none();
  }

  private Effect<NodeEvent, Node.State> watch(GatewayName gateway) {
    if (lease.watch(gateway)) {
      context.getLog().info("node enlisted node={} gateway={}", node, gateway);
      slot.say(lease.enlistment());
      timers.speakBy(environment.leaseTerms().lease());
    }
    lease.told().ifPresent(standing -> errands.stood(gateway, standing));
    return Effect().none();
  }

  private Effect<NodeEvent, Node.State> beat(NodeEntity.Beat beat) {
    if (!slot.isSession(beat.agent())) {
      return Effect().none();
    }
    return act(lease.beat(beat.session(), beat.standing()));
  }

  private void rebind(Node.State state) {
    act(lease.bind(grants.bound(state)));
  }

  private Effect<NodeEvent, Node.State> act(List<AuthorityCore.Effect> effects) {
    effects.forEach(this::act);
    return Effect().none();
  }

  private void act(AuthorityCore.Effect effect) {
    switch (effect) {
      case AuthorityCore.Effect.AskVotes ask -> askVotes(ask);
      case AuthorityCore.Effect.Fence fence -> slot.say(new AgentOffer.Fence(fence.session()));
      case AuthorityCore.Effect.StandingChanged ignored -> tellWatchers();
      case AuthorityCore.Effect.WakeAt wake -> timers.wakeIn(lease.until(wake));
      case AuthorityCore.Effect.Revoked revoked -> {
        OwnershipProof proof = NodeLease.proof(revoked.end());
        context.getLog().warn("session over node={} proof={}", node, proof);
        lease.settle();
        // The gateways choose other nodes while this is journalled: nothing moves before it is.
        tellWatchers();
        context.getSelf().tell(new NodeEntity.Revoke(proof));
      }
    }
  }

  private void askVotes(AuthorityCore.Effect.AskVotes ask) {
    ActorRef<NodeEntity.Command> self = context.getSelf();
    environment
        .witnesses()
        .askVotes(
            ask.session(),
            ask.round(),
            vote -> self.tell(new NodeEntity.Voted(vote.session(), vote.round(), vote.witness())));
  }

  private void tellWatchers() {
    lease
        .told()
        .ifPresent(
            standing -> lease.watchers().forEach(gateway -> errands.stood(gateway, standing)));
  }

  private Effect<NodeEvent, Node.State> revoke(Node.State state, OwnershipProof proof) {
    return take(
        decide(state, new Node.Command.Revoke(proof)),
        after ->
            proof
                .session()
                .ifPresent(
                    session -> {
                      for (IpAddress address : grants.boundTo(state, session)) {
                        grants.released(address, session);
                        errands.sessionOver(address, proof);
                      }
                      rebind(after);
                      changed();
                    }));
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
      if (lease.isWatched()) {
        slot.say(lease.enlistment());
      }
      insist(state);
    }
    skipRevisions(attach.hello().applied());
    heard();
    tellReady();
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
      tellReady();
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
    lease.renew();
    if (lease.isWatched()) {
      slot.say(lease.enlistment());
    } else if (lease.isIdle()) {
      slot.say(new AgentOffer.Dismiss());
    }
    if (grants.sweep(environment.nanoClock().getAsLong())) {
      changed();
    }
    return Effect().none();
  }

  /** Gathers what comes in a burst, so that a wave of pods is one plan. */
  private void changed() {
    plans.outdate();
    timers.replanSoon();
  }

  private Effect<NodeEvent, Node.State> replan(Node.State state) {
    Optional<NodePlanner.Draft> draft =
        knowledge.input(state, grants.inPlan(state)).flatMap(plans::draft);
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
              offer ->
                  context.getLog().debug("plan offered node={} revision={}", node, plans.last()));
    }
  }

  private void report(Node.State state) {
    status.say(NodeReports.of(node, state, knowledge, slot, situation));
  }
}
