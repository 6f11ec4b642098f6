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
import io.egressgateway.core.event.EipEvent;
import io.egressgateway.core.model.EipNumber;
import io.egressgateway.core.model.Epoch;
import io.egressgateway.core.model.GatewayName;
import io.egressgateway.core.model.IpAddress;
import io.egressgateway.policy.domain.Decision;
import io.egressgateway.policy.domain.Eip;
import io.egressgateway.policy.domain.Holding;
import io.egressgateway.policy.domain.NumberSpace;
import io.egressgateway.policy.plan.EipRoute;
import java.util.Optional;

/** Egress IPs as actors. */
final class EipBehavior extends EventSourcedBehavior<EipEntity.Command, EipEvent, Eip.State> {
  private final ActorContext<EipEntity.Command> context;
  private final TimerScheduler<EipEntity.Command> timers;
  private final IpAddress address;
  private final EntityEnvironment environment;
  private final ActorRef<NumberingEntity.Reply> numberReplies;

  private final Subscriptions<EipRoute> subscriptions = new Subscriptions<>();
  private Eip.Intent intent = new Eip.Intent.Unknown();
  // The last epoch that the holder's kernel is known to have.
  private Epoch programmed = Epoch.ZERO;

  private EipBehavior(
      ActorContext<EipEntity.Command> context,
      TimerScheduler<EipEntity.Command> timers,
      IpAddress address,
      EntityEnvironment environment) {
    super(PersistenceId.of("eip", address.toString()));
    this.context = context;
    this.timers = timers;
    this.address = address;
    this.environment = environment;
    this.numberReplies =
        context.messageAdapter(NumberingEntity.Reply.class, EipEntity.NumberAnswered::new);
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
    pursue(state);
    remind(state);
  }

  private Effect<EipEvent, Eip.State> onCommand(Eip.State state, EipEntity.Command command) {
    return switch (command) {
      case EipEntity.Assign assign ->
          intend(
              state,
              assign.gateway(),
              new Eip.Intent.At(assign.gateway(), EipEntity.session(assign.node())));
      case EipEntity.Unassign unassign ->
          intend(state, unassign.gateway(), new Eip.Intent.Nowhere());
      case EipEntity.Subscribe subscribe -> subscribe(state, subscribe);
      case EipEntity.GrantProgrammed confirmed -> programmed(state, confirmed);
      case EipEntity.WithdrawAcknowledged acknowledged ->
          take(state, new Eip.Command.Stopped(acknowledged.epoch(), acknowledged.proof()));
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
      tell(gateway, new Holding.Occupied(occupant.get()), Eip.epoch(state));
      return Effect().none();
    }
    intent = wanted;
    Decision<EipEvent, Eip.Outcome> decision =
        Eip.decide(state, intent, new Eip.Command.Move(), environment.clock().instant());
    return Effect()
        .persist(decision.events())
        .thenRun(
            after -> {
              log(state, after);
              tell(gateway, holding(after), Eip.epoch(after));
              // A holder that lost its grant gets it again.
              pursue(after);
              announce(after);
              remind(after);
            });
  }

  private Optional<GatewayName> otherIntent(GatewayName gateway) {
    return switch (intent) {
      case Eip.Intent.Unknown ignored -> Optional.empty();
      case Eip.Intent.Nowhere ignored -> Optional.empty();
      case Eip.Intent.At at -> Optional.of(at.gateway()).filter(other -> !other.equals(gateway));
    };
  }

  private Effect<EipEvent, Eip.State> subscribe(Eip.State state, EipEntity.Subscribe subscribe) {
    subscriptions.renew(subscribe.node(), subscribe.known());
    if (!timers.isTimerActive(Sweeping.KEY)) {
      timers.startTimerAtFixedRate(
          Sweeping.KEY, new EipEntity.Sweep(), environment.settings().subscriptionInterval());
    }
    announce(state);
    if (state instanceof Eip.State.Unnumbered && !timers.isTimerActive(Repeating.KEY)) {
      pursue(state);
    }
    remind(state);
    return Effect().none();
  }

  private Effect<EipEvent, Eip.State> programmed(
      Eip.State state, EipEntity.GrantProgrammed confirmed) {
    boolean current =
        state instanceof Eip.State.Owned owned
            && owned.ownership().epoch().equals(confirmed.epoch())
            && owned.ownership().session().node().equals(confirmed.node());
    if (current && !programmed.equals(confirmed.epoch())) {
      programmed = confirmed.epoch();
      tellOwner(state, state);
    }
    return Effect().none();
  }

  private Effect<EipEvent, Eip.State> numbered(Eip.State state, NumberingEntity.Reply reply) {
    return switch (reply) {
      case NumberingEntity.Numbered numbered ->
          take(state, new Eip.Command.Numbered(new EipNumber(numbered.number())));
      case NumberingEntity.Exhausted ignored -> Effect().none();
    };
  }

  private Effect<EipEvent, Eip.State> take(Eip.State before, Eip.Command command) {
    Decision<EipEvent, Eip.Outcome> decision =
        Eip.decide(before, intent, command, environment.clock().instant());
    if (decision.events().isEmpty()) {
      return Effect().none();
    }
    return Effect()
        .persist(decision.events())
        .thenRun(
            after -> {
              log(before, after);
              tellOwner(before, after);
              pursue(after);
              announce(after);
              remind(after);
            });
  }

  private void log(Eip.State before, Eip.State after) {
    if (!before.equals(after)) {
      context.getLog().info("egress IP moved eip={} state={}", address, after);
    }
  }

  private Effect<EipEvent, Eip.State> repeat(Eip.State state) {
    pursue(state);
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

  private void pursue(Eip.State state) {
    switch (state) {
      case Eip.State.Unnumbered ignored ->
          environment
              .entities()
              .numbering(NumberSpace.EIP)
              .tell(new NumberingEntity.Assign(address.toString(), numberReplies));
      case Eip.State.Unowned ignored -> {}
      case Eip.State.Owned owned ->
          environment
              .entities()
              .node(owned.ownership().session().node())
              .tell(new NodeEntity.GrantEip(address, owned.number(), owned.ownership().epoch()));
      case Eip.State.Releasing releasing ->
          environment
              .entities()
              .node(releasing.ownership().session().node())
              .tell(new NodeEntity.WithdrawEip(address, releasing.ownership().epoch()));
    }
  }

  private void remind(Eip.State state) {
    boolean open =
        switch (state) {
          case Eip.State.Unnumbered ignored ->
              intent instanceof Eip.Intent.At || !subscriptions.isEmpty();
          case Eip.State.Unowned ignored -> false;
          case Eip.State.Owned owned -> !programmed.equals(owned.ownership().epoch());
          case Eip.State.Releasing ignored -> true;
        };
    if (open && !timers.isTimerActive(Repeating.KEY)) {
      timers.startSingleTimer(
          Repeating.KEY, new EipEntity.Repeat(), environment.settings().retryInterval());
    }
  }

  private void announce(Eip.State state) {
    Eip.number(state)
        .map(
            number ->
                new EipRoute(
                    number,
                    Eip.ownership(state).map(owner -> owner.session().node()),
                    Eip.epoch(state)))
        .ifPresent(
            route ->
                subscriptions.announce(
                    route,
                    (node, told) ->
                        environment
                            .entities()
                            .node(node)
                            .tell(new NodeEntity.EipRouted(address, told))));
  }

  /** The gateway that had the address is told too that nobody holds it any more. */
  private void tellOwner(Eip.State before, Eip.State after) {
    Eip.ownership(after)
        .or(() -> Eip.ownership(before))
        .map(Eip.Ownership::gateway)
        .or(this::intendingGateway)
        .ifPresent(gateway -> tell(gateway, holding(after), Eip.epoch(after)));
  }

  private Optional<GatewayName> intendingGateway() {
    return intent instanceof Eip.Intent.At at ? Optional.of(at.gateway()) : Optional.empty();
  }

  private void tell(GatewayName gateway, Holding holding, Epoch epoch) {
    environment
        .entities()
        .gateway(gateway)
        .tell(new GatewayEntity.OwnerChanged(address, holding, epoch));
  }

  private Holding holding(Eip.State state) {
    return switch (state) {
      case Eip.State.Unnumbered ignored -> new Holding.Nobody();
      case Eip.State.Unowned ignored -> new Holding.Nobody();
      case Eip.State.Owned owned ->
          owned.ownership().epoch().equals(programmed)
              ? new Holding.Programmed(owned.ownership().session().node())
              : new Holding.Assigned(owned.ownership().session().node());
      case Eip.State.Releasing releasing ->
          new Holding.Leaving(releasing.ownership().session().node());
    };
  }
}
