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
import io.egressgateway.core.event.GatewayEvent;
import io.egressgateway.core.lease.LeaseTerms;
import io.egressgateway.core.model.GatewayName;
import io.egressgateway.core.model.IpAddress;
import io.egressgateway.core.model.NodeName;
import io.egressgateway.core.model.PolicyKey;
import io.egressgateway.policy.domain.Decision;
import io.egressgateway.policy.domain.Gateway;
import io.egressgateway.policy.domain.Holding;
import io.egressgateway.policy.domain.Member;
import io.egressgateway.policy.domain.NodeStanding;
import io.egressgateway.policy.domain.Tenure;
import java.time.Duration;
import java.util.Collections;
import java.util.List;
import java.util.Optional;
import java.util.SortedMap;
import java.util.SortedSet;
import java.util.TreeSet;
import java.util.function.Consumer;

/** Gateways as actors. */
final class GatewayBehavior
    extends EventSourcedBehavior<GatewayEntity.Command, GatewayEvent, Gateway.State> {

  private enum Reporting {
    KEY
  }

  private enum Watching {
    KEY
  }

  private static final int ADDRESSES_PER_DELAY = 100;

  private final ActorContext<GatewayEntity.Command> context;
  private final TimerScheduler<GatewayEntity.Command> timers;
  private final GatewayName name;
  private final EntityEnvironment environment;

  private Gateway.Observed observed = new Gateway.Observed.Unknown();
  private Optional<ActorRef<StatusReport>> listener = Optional.empty();
  private final GatewayNodes nodes = new GatewayNodes();
  private final GatewayLedgers ledgers = new GatewayLedgers();
  private final GatewayTroubles troubles = new GatewayTroubles();
  private final GatewayHolds holds = new GatewayHolds();
  private final GatewayPursuits pursuits;
  private final GatewayStandbys standbys;
  private boolean reportDue;
  private final GatewayUsers users;
  private final GatewayDocket docket = new GatewayDocket();

  private GatewayBehavior(
      ActorContext<GatewayEntity.Command> context,
      TimerScheduler<GatewayEntity.Command> timers,
      GatewayName name,
      EntityEnvironment environment) {
    super(PersistenceId.of("gateway", name.toString()), JournalFailures.RESTART);
    this.context = context;
    this.timers = timers;
    this.name = name;
    this.environment = environment;
    this.users = new GatewayUsers(name, environment.entities(), ledgers);
    this.standbys = new GatewayStandbys(name, environment.entities());
    this.pursuits = new GatewayPursuits(name, environment.entities(), nodes, ledgers);
  }

  static Behavior<GatewayEntity.Command> create(GatewayName name, EntityEnvironment environment) {
    return Behaviors.setup(
        context ->
            Behaviors.withTimers(
                timers -> new GatewayBehavior(context, timers, name, environment)));
  }

  @Override
  public Gateway.State emptyState() {
    return Gateway.State.empty(name);
  }

  @Override
  public CommandHandler<GatewayEntity.Command, GatewayEvent, Gateway.State> commandHandler() {
    return this::onCommand;
  }

  @Override
  public EventHandler<Gateway.State, GatewayEvent> eventHandler() {
    return Gateway::evolve;
  }

  @Override
  public SignalHandler<Gateway.State> signalHandler() {
    return newSignalHandlerBuilder()
        .onSignal(RecoveryCompleted.instance(), this::onRecovered)
        .build();
  }

  private void onRecovered(Gateway.State state) {
    docket.clear();
    if (state.uid().isPresent() || !state.isIdle()) {
      environment.ask(new SpecRequest.OfGateway(name));
    }
    timers.startTimerAtFixedRate(
        Watching.KEY, new GatewayEntity.WatchAgain(), environment.settings().retryInterval());
    pursueAll(state);
  }

  private Effect<GatewayEvent, Gateway.State> onCommand(
      Gateway.State state, GatewayEntity.Command command) {
    return switch (command) {
      case GatewayEntity.Apply apply -> apply(state, apply);
      case GatewayEntity.Retire retire -> retire(state, retire);
      case GatewayEntity.Allocate allocate -> allocate(allocate);
      case GatewayEntity.Free(PolicyKey policy) -> free(policy);
      case GatewayEntity.Settle ignored -> settle(state);
      case GatewayEntity.OwnerChanged changed -> ownerChanged(state, changed);
      case GatewayEntity.NodeStood(NodeName node, NodeStanding standing) ->
          nodeStood(state, node, standing);
      case GatewayEntity.ConflictSeen conflict -> conflictSeen(state, conflict);
      case GatewayEntity.MoveEip move ->
          order(
              state,
              new Gateway.Command.Move(move.address(), move.node(), move.order()),
              new Order(move.order(), move.replyTo()));
      case GatewayEntity.Rebalance(String id, var replyTo) ->
          order(state, new Gateway.Command.Rebalance(id), new Order(id, replyTo));
      case GatewayEntity.Explain(IpAddress address, var replyTo) -> {
        replyTo.tell(GatewayExplanations.of(state, observed, ledgers, address));
        yield Effect().none();
      }
      case GatewayEntity.WatchAgain ignored -> watch(state);
      case GatewayEntity.Repeat ignored -> repeat(state);
      case GatewayEntity.Reconsider(PolicyKey policy) ->
          users.unpark(policy).map(this::allocate).orElseGet(() -> Effect().none());
      case GatewayEntity.PrepareRefuges(NodeName node) -> prepareRefuges(state, node);
      case GatewayEntity.Report ignored -> report(state);
      case GatewayEntity.Mark(ActorRef<Sluice.Passed> answerTo, long mark) -> {
        answerTo.tell(new Sluice.Passed(mark));
        yield Effect().none();
      }
    };
  }

  private Effect<GatewayEvent, Gateway.State> apply(
      Gateway.State state, GatewayEntity.Apply apply) {
    if (observed instanceof Gateway.Observed.Present seen
        && seen.version().uid().equals(apply.version().uid())
        && seen.version().generation().compareTo(apply.version().generation()) > 0) {
      return Effect().none();
    }
    listener = Optional.of(apply.reportTo());
    nodes.select(apply.members(), ledgers.holders(), environment.nanoClock().getAsLong());
    watchNodes();
    return observe(
        state,
        new Gateway.Observed.Present(apply.version(), apply.spec(), members(), apply.prospect()));
  }

  private Effect<GatewayEvent, Gateway.State> retire(
      Gateway.State state, GatewayEntity.Retire retire) {
    listener = Optional.of(retire.reportTo());
    return observe(state, new Gateway.Observed.Retiring());
  }

  private Effect<GatewayEvent, Gateway.State> observe(Gateway.State state, Gateway.Observed seen) {
    observed = seen;
    // Every ledger is asked again, so that what was lost on the way is found.
    pursuits.forgetSent();
    Decision<GatewayEvent, Gateway.Outcome> decision = decide(state, new Gateway.Command.Observe());
    return take(
        decision,
        after -> {
          askAgain(decision.events());
          ledgers.addresses().forEach(address -> users.tellOf(address, after, observed));
          reconsiderRefused();
        });
  }

  private Effect<GatewayEvent, Gateway.State> allocate(GatewayEntity.Allocate allocate) {
    users.claim(allocate);
    return note(new GatewayDocket.Request.Wanted(allocate));
  }

  private Effect<GatewayEvent, Gateway.State> free(PolicyKey policy) {
    users.forget(policy);
    return note(new GatewayDocket.Request.GivenBack(policy));
  }

  private Effect<GatewayEvent, Gateway.State> note(GatewayDocket.Request request) {
    if (docket.note(request)) {
      context.getSelf().tell(new GatewayEntity.Settle());
    }
    return Effect().none();
  }

  private Effect<GatewayEvent, Gateway.State> settle(Gateway.State state) {
    GatewayDocket.Settlement settlement =
        docket.settle(state, observed, environment.clock().instant());
    return Effect()
        .persist(settlement.events())
        .thenRun(
            after -> {
              log(settlement.events());
              settlement.settled().forEach(settled -> answer(settled, after));
              if (settlement.frees()) {
                // What was exhausted may not be any more.
                reconsiderRefused();
              }
              if (!settlement.events().isEmpty()) {
                pursue(after, settlement.concerned());
                reportSoon(after);
              }
            });
  }

  private void answer(GatewayDocket.Settled settled, Gateway.State state) {
    switch (settled.request()) {
      case GatewayDocket.Request.Wanted(GatewayEntity.Allocate allocate) ->
          answer(allocate, settled.outcome(), state);
      case GatewayDocket.Request.GivenBack(PolicyKey policy) -> users.freed(policy);
    }
  }

  private void answer(
      GatewayEntity.Allocate allocate, Gateway.Outcome outcome, Gateway.State state) {
    users.answer(allocate, outcome, state, observed);
    if (outcome instanceof Gateway.Outcome.Refused
        && observed instanceof Gateway.Observed.Unknown) {
      environment.ask(new SpecRequest.OfGateway(name));
    }
  }

  /** Who lost its addresses asks again, and is told why. */
  private void askAgain(List<GatewayEvent> events) {
    for (GatewayEvent event : events) {
      if (event instanceof GatewayEvent.EgressIpFreed freed) {
        users.claim(freed.policy()).ifPresent(context.getSelf()::tell);
      }
    }
  }

  private void reconsiderRefused() {
    users.parked().forEach(policy -> context.getSelf().tell(new GatewayEntity.Reconsider(policy)));
  }

  private Effect<GatewayEvent, Gateway.State> ownerChanged(
      Gateway.State state, GatewayEntity.OwnerChanged changed) {
    IpAddress address = changed.address();
    Tenure told = changed.tenure();
    Optional<Tenure> known = ledgers.tenure(address);
    if (!ledgers.put(address, told)) {
      return Effect().none();
    }
    Decision<GatewayEvent, Gateway.Outcome> decision =
        switch (told.holding()) {
          case Holding.Nobody ignored -> decide(state, new Gateway.Command.Vacated(address));
          // Another gateway's address is not this one's to wait for.
          case Holding.Occupied ignored -> decide(state, new Gateway.Command.Vacated(address));
          case Holding.Unplaced ignored -> decide(state, new Gateway.Command.Vacated(address));
          case Holding.Assigned ignored -> Decision.nothing(new Gateway.Outcome.Current());
          case Holding.Programmed ignored -> Decision.nothing(new Gateway.Outcome.Current());
          case Holding.Leaving ignored -> Decision.nothing(new Gateway.Outcome.Current());
        };
    return Effect()
        .persist(decision.events())
        .thenRun(
            after -> {
              if (!known.map(Tenure::holding).equals(Optional.of(told.holding()))) {
                users.tellOf(address, after, observed);
                reportSoon(after);
              }
              pursue(after, new TreeSet<>(List.of(address)));
              forgetStrangers(after, address);
            });
  }

  private void forgetStrangers(Gateway.State state, IpAddress address) {
    boolean over =
        ledgers
            .tenure(address)
            .map(Tenure::holding)
            .filter(
                holding -> holding instanceof Holding.Nobody || holding instanceof Holding.Occupied)
            .isPresent();
    if (over && !state.concerns(address)) {
      ledgers.forget(address);
      pursuits.forget(address);
    }
  }

  private Effect<GatewayEvent, Gateway.State> nodeStood(
      Gateway.State state, NodeName node, NodeStanding standing) {
    if (!nodes.stood(node, standing, environment.nanoClock().getAsLong())) {
      return Effect().none();
    }
    context.getLog().info("node stands gateway={} node={} standing={}", name, node, standing);
    if (!(observed instanceof Gateway.Observed.Present seen)) {
      pursueAll(state);
      return Effect().none();
    }
    observed = seen.with(members());
    GatewayEntity.PrepareRefuges prepare = new GatewayEntity.PrepareRefuges(node);
    if (standing.kind() == NodeStanding.Kind.SILENT) {
      timers.startSingleTimer(prepare, prepare, mostlyBriefSilence());
    } else {
      timers.cancel(prepare);
    }
    Decision<GatewayEvent, Gateway.Outcome> decision = decide(state, new Gateway.Command.Observe());
    // A place is a wish: the ledgers hear of it while it is journalled.
    pursueAll(Gateway.evolve(state, decision.events()));
    return take(decision, after -> {});
  }

  /**
   * On a busy machine most nodes that are late speak in this time: half of what is left to them.
   */
  private Duration mostlyBriefSilence() {
    LeaseTerms terms = environment.leaseTerms();
    return terms.lease().minus(terms.suspicion()).dividedBy(2);
  }

  /** It does no harm if the node speaks again, and the certificate finds everything ready. */
  private Effect<GatewayEvent, Gateway.State> prepareRefuges(Gateway.State state, NodeName node) {
    if (!pursuits.isHerd()) {
      Gateway.refuges(state, observed, node)
          .forEach(
              (address, session) ->
                  environment.entities().eip(address).tell(new EipEntity.Prepare(session)));
    }
    return Effect().none();
  }

  private Effect<GatewayEvent, Gateway.State> conflictSeen(
      Gateway.State state, GatewayEntity.ConflictSeen conflict) {
    if (state.given().byAddress().containsKey(conflict.address())
        && troubles.conflict(conflict, environment.nanoClock().getAsLong())) {
      context.getLog().error("address conflict gateway={} conflict={}", name, conflict);
      reportSoon(state);
    }
    return Effect().none();
  }

  /** An operator's order, and who waits for the answer. */
  private record Order(String id, ActorRef<GatewayEntity.OrderReply> replyTo) {}

  private Effect<GatewayEvent, Gateway.State> order(
      Gateway.State state, Gateway.Command command, Order order) {
    Decision<GatewayEvent, Gateway.Outcome> decision = decide(state, command);
    return take(
        decision,
        after ->
            order
                .replyTo()
                .tell(
                    decision.outcome() instanceof Gateway.Outcome.Declined declined
                        ? new GatewayEntity.OrderDeclined(
                            order.id(), declined.reason(), declined.message())
                        : new GatewayEntity.OrderAccepted(order.id())));
  }

  private SortedMap<NodeName, Member> members() {
    return nodes.members(ledgers.inUse(), environment.nanoClock().getAsLong());
  }

  private Effect<GatewayEvent, Gateway.State> watch(Gateway.State state) {
    watchNodes();
    boolean held =
        holds.look(
            nodes,
            ledgers,
            environment.leaseTerms().lease().plus(GatewayTroubles.CERTIFICATE_MARGIN),
            environment.nanoClock().getAsLong());
    boolean troubled = troubles.look(nodes, environment) || held;
    // In a flood what the entity tells itself may be dropped; it comes back to it here.
    if (troubled || reportDue) {
      reportSoon(state);
    }
    if (docket.isOpen()) {
      context.getSelf().tell(new GatewayEntity.Settle());
    }
    pursue(state, Collections.emptySortedSet());
    standbys.tell(state, observed);
    if (observed instanceof Gateway.Observed.Present seen && !seen.members().equals(members())) {
      observed = seen.with(members());
      return take(decide(state, new Gateway.Command.Observe()), after -> {});
    }
    return Effect().none();
  }

  private void watchNodes() {
    SortedSet<NodeName> holders = ledgers.holders();
    SortedSet<NodeName> good = nodes.good();
    for (NodeName node : nodes.watched(holders)) {
      boolean dispensable =
          !holders.contains(node) || good.stream().anyMatch(other -> !other.equals(node));
      environment
          .entities()
          .node(node)
          .tell(
              new NodeEntity.Watch(
                  name, dispensable ? NodeEntity.Relief.READY : NodeEntity.Relief.NONE));
    }
  }

  private Effect<GatewayEvent, Gateway.State> repeat(Gateway.State state) {
    pursuits.forgetSent();
    pursue(state, pursuits.open());
    return Effect().none();
  }

  private Decision<GatewayEvent, Gateway.Outcome> decide(
      Gateway.State state, Gateway.Command command) {
    return Gateway.decide(state, observed, command, environment.clock().instant());
  }

  private Effect<GatewayEvent, Gateway.State> take(
      Decision<GatewayEvent, Gateway.Outcome> decision, Consumer<Gateway.State> answer) {
    return Effect()
        .persist(decision.events())
        .thenRun(
            after -> {
              log(decision.events());
              answer.accept(after);
              pursueAll(after);
              reportSoon(after);
            });
  }

  private void log(List<GatewayEvent> events) {
    events.forEach(
        event -> context.getLog().info("gateway decided gateway={} event={}", name, event));
  }

  private void pursueAll(Gateway.State state) {
    TreeSet<IpAddress> addresses = new TreeSet<>(state.concerned());
    addresses.addAll(ledgers.addresses());
    addresses.addAll(pursuits.open());
    pursue(state, addresses);
  }

  /** Sends each ledger what it was not sent yet; the timer lets it be sent again. */
  private void pursue(Gateway.State state, SortedSet<IpAddress> addresses) {
    pursuits.pursue(state, observed, addresses);
    if (pursuits.isOpen() && !timers.isTimerActive(Repeating.KEY)) {
      timers.startSingleTimer(
          Repeating.KEY, new GatewayEntity.Repeat(), environment.settings().retryInterval());
    }
  }

  private void reportSoon(Gateway.State state) {
    reportDue = true;
    if (!timers.isTimerActive(Reporting.KEY)) {
      timers.startSingleTimer(Reporting.KEY, new GatewayEntity.Report(), reportDelay(state));
    }
  }

  /** A report has every address in it: the more there are, the more changes are told together. */
  private Duration reportDelay(Gateway.State state) {
    int hundreds = Math.ceilDiv(state.placements().size(), ADDRESSES_PER_DELAY);
    return environment.settings().reportDelay().multipliedBy(Math.max(1, hundreds));
  }

  private Effect<GatewayEvent, Gateway.State> report(Gateway.State state) {
    reportDue = false;
    listener.ifPresent(
        target ->
            GatewayReports.of(
                    state, observed, new GatewayReports.Findings(ledgers, troubles, holds))
                .ifPresent(target::tell));
    return Effect().none();
  }
}
