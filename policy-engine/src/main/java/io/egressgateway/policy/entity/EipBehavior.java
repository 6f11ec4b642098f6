package io.egressgateway.policy.entity;

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
import io.egressgateway.core.event.EipEvent;
import io.egressgateway.core.event.OwnershipProof;
import io.egressgateway.core.model.EipNumber;
import io.egressgateway.core.model.Epoch;
import io.egressgateway.core.model.GatewayName;
import io.egressgateway.core.model.IpAddress;
import io.egressgateway.core.model.NodeName;
import io.egressgateway.core.model.NodeSession;
import io.egressgateway.policy.domain.Decision;
import io.egressgateway.policy.domain.Eip;
import io.egressgateway.policy.domain.Holding;
import io.egressgateway.policy.plan.EipRoute;
import java.time.Duration;
import java.util.EnumSet;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.Set;

/** Egress IPs as actors. */
final class EipBehavior extends EventSourcedBehavior<EipEntity.Command, EipEvent, Eip.State> {
  /** How long the target of a planned move may take to get ready; the holder carries on. */
  private static final Duration PREPARATION_MAX = Duration.ofSeconds(1);

  /** How long the end of a session waits for the gateway's next choice, to be one write with it. */
  private static final Duration SETTLE_AFTER = Duration.ofMillis(250);

  /** In a herd of moves a message is lost easily, and its address is dark until it is repeated. */
  private static final int HASTY_REPETITIONS = 3;

  private static final int HASTE = 4;

  private enum Awaited {
    KERNEL,
    CONNECTIONS
  }

  private enum Timer {
    PREPARATION,
    SETTLE
  }

  private final ActorContext<EipEntity.Command> context;
  private final TimerScheduler<EipEntity.Command> timers;
  private final IpAddress address;
  private final EntityEnvironment environment;
  private final EipErrands errands;

  private final Subscriptions<EipRoute> subscriptions = new Subscriptions<>();
  private Eip.Intent intent = new Eip.Intent.Unknown();
  // The last epoch whose gate is known to be open.
  private Epoch opened = Epoch.ZERO;
  // The session that was asked to get ready, while its readiness is waited for.
  private Optional<NodeSession> target = Optional.empty();
  // What is waited for before the address leaves its holder.
  private final Set<Awaited> awaited = EnumSet.noneOf(Awaited.class);
  // The end of the owner's session, until it is journalled.
  private Optional<OwnershipProof> ending = Optional.empty();
  // When it became known that the owner's session is over, until another one answers.
  private OptionalLong overSinceNanos = OptionalLong.empty();
  // Since the address last changed hands.
  private int repetitions;

  private EipBehavior(
      ActorContext<EipEntity.Command> context,
      TimerScheduler<EipEntity.Command> timers,
      IpAddress address,
      EntityEnvironment environment) {
    super(PersistenceId.of("eip", address.toString()), JournalFailures.RESTART);
    this.context = context;
    this.timers = timers;
    this.address = address;
    this.environment = environment;
    this.errands =
        new EipErrands(
            address,
            environment.entities(),
            context.messageAdapter(NumberingEntity.Reply.class, EipEntity.NumberAnswered::new));
  }

  static Behavior<EipEntity.Command> create(IpAddress address, EntityEnvironment environment) {
    return Behaviors.setup(
        context ->
            Behaviors.withTimers(timers -> new EipBehavior(context, timers, address, environment)));
  }

  @Override
  public Eip.State emptyState() {
    return new Eip.State.Unnumbered();
  }

  @Override
  public CommandHandler<EipEntity.Command, EipEvent, Eip.State> commandHandler() {
    return this::onCommand;
  }

  @Override
  public EventHandler<Eip.State, EipEvent> eventHandler() {
    return Eip::evolve;
  }

  @Override
  public SignalHandler<Eip.State> signalHandler() {
    return newSignalHandlerBuilder()
        .onSignal(RecoveryCompleted.instance(), this::onRecovered)
        .build();
  }

  private void onRecovered(Eip.State state) {
    target = Optional.empty();
    ending = Optional.empty();
    errands.pursue(state);
    remind(state);
  }

  private Effect<EipEvent, Eip.State> onCommand(Eip.State state, EipEntity.Command command) {
    return switch (command) {
      case EipEntity.Assign assign ->
          intend(
              state,
              assign.gateway(),
              new Eip.Intent.At(assign.gateway(), assign.session(), assign.onLoss()));
      case EipEntity.Unassign unassign ->
          intend(state, unassign.gateway(), new Eip.Intent.Nowhere());
      case EipEntity.Inquire(GatewayName gateway) -> inquire(state, gateway);
      case EipEntity.Prepare(NodeSession session) -> {
        errands.prepare(state, session);
        yield Effect().none();
      }
      case EipEntity.Subscribe subscribe -> subscribe(state, subscribe);
      case EipEntity.EipPrepared(NodeName node) -> ready(state, node, Awaited.KERNEL);
      case EipEntity.FlowsHanded(NodeName node) -> ready(state, node, Awaited.CONNECTIONS);
      case EipEntity.PreparationOver ignored -> move(state);
      case EipEntity.GrantOpened confirmed -> opened(state, confirmed);
      case EipEntity.Stopped stopped -> stopped(state, stopped);
      case EipEntity.SessionOver(OwnershipProof proof) -> sessionOver(state, proof);
      case EipEntity.Settle ignored -> settle(state);
      case EipEntity.NumberAnswered answered -> numbered(state, answered.reply());
      case EipEntity.Repeat ignored -> repeat(state);
      case EipEntity.Sweep ignored -> sweep();
    };
  }

  /** The gateway that has the address keeps it until it has let go: another one has to wait. */
  private Effect<EipEvent, Eip.State> intend(
      Eip.State state, GatewayName gateway, Eip.Intent wanted) {
    Optional<GatewayName> occupant = Eip.occupant(state, gateway).or(() -> otherIntent(gateway));
    if (occupant.isPresent()) {
      errands.tell(gateway, new Holding.Occupied(occupant.get()), state);
      return Effect().none();
    }
    intent = wanted;
    Optional<NodeSession> next = Eip.target(state, intent);
    if (ending.isPresent() && (next.isPresent() || intent instanceof Eip.Intent.Nowhere)) {
      return take(state, new Eip.Command.SessionOver(ending.get()));
    }
    if (next.isEmpty()) {
      forgetTarget();
      return persist(state, decide(state, new Eip.Command.Steer()), gateway);
    }
    if (!next.equals(target)) {
      target = next;
      getReady(state, next.get());
      // A target that changes must not put the move off for ever.
      if (!timers.isTimerActive(Timer.PREPARATION)) {
        timers.startSingleTimer(
            Timer.PREPARATION, new EipEntity.PreparationOver(), PREPARATION_MAX);
      }
    }
    errands.tell(gateway, holding(state), state);
    return Effect().none();
  }

  private void getReady(Eip.State state, NodeSession next) {
    awaited.clear();
    awaited.add(Awaited.KERNEL);
    errands.prepare(state, next);
    if (ending.isEmpty() && errands.handOver(state, next)) {
      awaited.add(Awaited.CONNECTIONS);
    }
  }

  private Optional<GatewayName> otherIntent(GatewayName gateway) {
    return switch (intent) {
      case Eip.Intent.Unknown ignored -> Optional.empty();
      case Eip.Intent.Nowhere ignored -> Optional.empty();
      case Eip.Intent.At at -> Optional.of(at.gateway()).filter(other -> !other.equals(gateway));
    };
  }

  private Effect<EipEvent, Eip.State> inquire(Eip.State state, GatewayName gateway) {
    Optional<GatewayName> occupant = Eip.occupant(state, gateway).or(() -> otherIntent(gateway));
    errands.tell(
        gateway, occupant.<Holding>map(Holding.Occupied::new).orElse(holding(state)), state);
    return Effect().none();
  }

  private Effect<EipEvent, Eip.State> ready(Eip.State state, NodeName node, Awaited what) {
    if (target.filter(session -> session.node().equals(node)).isEmpty()) {
      return Effect().none();
    }
    awaited.remove(what);
    return awaited.isEmpty() ? move(state) : Effect().none();
  }

  private Effect<EipEvent, Eip.State> move(Eip.State state) {
    forgetTarget();
    return take(state, new Eip.Command.Move());
  }

  private void forgetTarget() {
    target = Optional.empty();
    awaited.clear();
    timers.cancel(Timer.PREPARATION);
  }

  private Effect<EipEvent, Eip.State> subscribe(Eip.State state, EipEntity.Subscribe subscribe) {
    subscriptions.renew(subscribe.node(), subscribe.known());
    if (!timers.isTimerActive(Sweeping.KEY)) {
      timers.startTimerAtFixedRate(
          Sweeping.KEY, new EipEntity.Sweep(), environment.settings().subscriptionInterval());
    }
    errands.announce(state, subscriptions);
    if (state instanceof Eip.State.Unnumbered && !timers.isTimerActive(Repeating.KEY)) {
      errands.pursue(state);
    }
    remind(state);
    return Effect().none();
  }

  private Effect<EipEvent, Eip.State> opened(Eip.State state, EipEntity.GrantOpened confirmed) {
    boolean current =
        state instanceof Eip.State.Owned owned
            && owned.ownership().epoch().equals(confirmed.epoch())
            && owned.ownership().session().equals(confirmed.session());
    if (current && !opened.equals(confirmed.epoch())) {
      opened = confirmed.epoch();
      overSinceNanos.ifPresent(
          since -> environment.watch().takenOver(Duration.ofNanos(nanos() - since)));
      overSinceNanos = OptionalLong.empty();
      tellOwner(state, state);
    }
    return Effect().none();
  }

  private Effect<EipEvent, Eip.State> stopped(Eip.State state, EipEntity.Stopped stopped) {
    if (state instanceof Eip.State.Owned owned
        && intent instanceof Eip.Intent.At at
        && at.session().equals(owned.ownership().session())) {
      // The session gave it back unasked: whether it gets it again is for the gateway to say.
      intent = new Eip.Intent.Unknown();
    }
    return take(state, new Eip.Command.Stopped(stopped.epoch(), stopped.proof()));
  }

  private Effect<EipEvent, Eip.State> sessionOver(Eip.State state, OwnershipProof proof) {
    Eip.Command over = new Eip.Command.SessionOver(proof);
    if (decide(state, over).outcome() == Eip.Outcome.STALE) {
      return Effect().none();
    }
    if (overSinceNanos.isEmpty()) {
      overSinceNanos = OptionalLong.of(nanos());
    }
    boolean endsThere = decide(state, over).events().getLast() instanceof EipEvent.EipReleased;
    if (!endsThere || intent instanceof Eip.Intent.Nowhere) {
      return take(state, over);
    }
    if (ending.isEmpty()) {
      ending = Optional.of(proof);
      timers.startSingleTimer(Timer.SETTLE, new EipEntity.Settle(), SETTLE_AFTER);
      tellOwner(state, state);
    }
    return Effect().none();
  }

  private Effect<EipEvent, Eip.State> settle(Eip.State state) {
    return ending
        .map(proof -> take(state, new Eip.Command.SessionOver(proof)))
        .orElseGet(() -> Effect().none());
  }

  private Effect<EipEvent, Eip.State> numbered(Eip.State state, NumberingEntity.Reply reply) {
    return switch (reply) {
      case NumberingEntity.Numbered numbered ->
          take(state, new Eip.Command.Numbered(new EipNumber(numbered.number())));
      case NumberingEntity.Exhausted ignored -> Effect().none();
    };
  }

  private Decision<EipEvent, Eip.Outcome> decide(Eip.State state, Eip.Command command) {
    return Eip.decide(state, intent, command, environment.clock().instant());
  }

  private Effect<EipEvent, Eip.State> take(Eip.State before, Eip.Command command) {
    Decision<EipEvent, Eip.Outcome> decision = decide(before, command);
    if (decision.events().isEmpty()) {
      return Effect().none();
    }
    long since = nanos();
    Eip.entrusted(before, decision.events()).ifPresent(this::entrust);
    return Effect()
        .persist(decision.events())
        .thenRun(
            after -> {
              journalled(before, decision.events(), since);
              follow(before, after);
              tellOwner(before, after);
            });
  }

  /**
   * The next holder opens, and packets go to it, while the proof is being written: whoever replaces
   * this copy finds the same next holder in the journal, and no other.
   */
  private void entrust(Eip.State.Owned owned) {
    errands.grant(owned);
    errands.announce(owned, subscriptions);
  }

  private Effect<EipEvent, Eip.State> persist(
      Eip.State before, Decision<EipEvent, Eip.Outcome> decision, GatewayName asker) {
    long since = nanos();
    return Effect()
        .persist(decision.events())
        .thenRun(
            after -> {
              journalled(before, decision.events(), since);
              // A holder that lost its grant gets it again.
              follow(before, after);
              errands.tell(asker, holding(after), after);
            });
  }

  private void journalled(Eip.State before, List<EipEvent> events, long sinceNanos) {
    if (!events.isEmpty()) {
      environment.watch().journalled(Duration.ofNanos(nanos() - sinceNanos));
    }
    Eip.assignments(before, events)
        .forEach(assigned -> environment.watch().assigned(address, assigned));
    if (!events.isEmpty() && events.getLast() instanceof EipEvent.EipReleased released) {
      Eip.ownership(before)
          .ifPresent(owner -> environment.watch().released(address, owner.gateway(), released));
    }
  }

  private long nanos() {
    return environment.nanoClock().getAsLong();
  }

  private void follow(Eip.State before, Eip.State after) {
    if (!before.equals(after)) {
      context.getLog().info("egress IP moved eip={} state={}", address, after);
    }
    if (!Eip.ownership(before).equals(Eip.ownership(after))) {
      ending = Optional.empty();
      repetitions = 0;
      timers.cancel(Timer.SETTLE);
      forgetTarget();
    }
    errands.pursue(after);
    errands.announce(after, subscriptions);
    remind(after);
  }

  private Effect<EipEvent, Eip.State> repeat(Eip.State state) {
    if (isUnsettled(state)) {
      errands.pursue(state);
    }
    remind(state);
    return Effect().none();
  }

  private Effect<EipEvent, Eip.State> sweep() {
    subscriptions.sweep();
    if (subscriptions.isEmpty()) {
      timers.cancel(Sweeping.KEY);
    }
    return Effect().none();
  }

  /** Whether somebody has to confirm something still. */
  private boolean isUnsettled(Eip.State state) {
    return switch (state) {
      case Eip.State.Unnumbered ignored ->
          intent instanceof Eip.Intent.At || !subscriptions.isEmpty();
      case Eip.State.Unowned ignored -> false;
      case Eip.State.Owned owned -> !opened.equals(owned.ownership().epoch());
      case Eip.State.Releasing ignored -> true;
      case Eip.State.Moving ignored -> true;
    };
  }

  private void remind(Eip.State state) {
    if (isUnsettled(state) && !timers.isTimerActive(Repeating.KEY)) {
      Duration interval = environment.settings().retryInterval();
      timers.startSingleTimer(
          Repeating.KEY,
          new EipEntity.Repeat(),
          repetitions++ < HASTY_REPETITIONS ? interval.dividedBy(HASTE) : interval);
    }
  }

  /** The gateway that had the address is told too that nobody holds it any more. */
  private void tellOwner(Eip.State before, Eip.State after) {
    Eip.ownership(after)
        .or(() -> Eip.ownership(before))
        .map(Eip.Ownership::gateway)
        .or(this::intendingGateway)
        .ifPresent(gateway -> errands.tell(gateway, holding(after), after));
  }

  private Optional<GatewayName> intendingGateway() {
    return intent instanceof Eip.Intent.At at ? Optional.of(at.gateway()) : Optional.empty();
  }

  private Holding holding(Eip.State state) {
    if (ending.isPresent()) {
      return new Holding.Nobody();
    }
    return switch (state) {
      case Eip.State.Unnumbered ignored -> new Holding.Nobody();
      case Eip.State.Unowned ignored -> new Holding.Nobody();
      case Eip.State.Owned owned ->
          owned.ownership().epoch().equals(opened)
              ? new Holding.Programmed(owned.ownership().session().node())
              : new Holding.Assigned(owned.ownership().session().node());
      case Eip.State.Releasing releasing ->
          new Holding.Leaving(releasing.ownership().session().node());
      case Eip.State.Moving moving -> new Holding.Leaving(moving.ownership().session().node());
    };
  }
}
