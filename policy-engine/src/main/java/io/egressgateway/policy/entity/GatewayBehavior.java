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
import io.egressgateway.core.model.Epoch;
import io.egressgateway.core.model.FailMode;
import io.egressgateway.core.model.GatewayName;
import io.egressgateway.core.model.IpAddress;
import io.egressgateway.core.model.PolicyKey;
import io.egressgateway.policy.domain.Decision;
import io.egressgateway.policy.domain.Gateway;
import io.egressgateway.policy.domain.Holding;
import io.egressgateway.policy.domain.SpecVersion;
import java.util.Map;
import java.util.Optional;
import java.util.SortedMap;
import java.util.SortedSet;
import java.util.TreeMap;
import java.util.function.Consumer;

/** Gateways as actors. */
final class GatewayBehavior
    extends EventSourcedBehavior<GatewayEntity.Command, GatewayEvent, Gateway.State> {

  private enum Reporting {
    KEY
  }

  /** Policies ask again, so that whoever does not fit is answered a little later. */
  private static final int PARKED_MAX = 10_000;

  private final ActorContext<GatewayEntity.Command> context;
  private final TimerScheduler<GatewayEntity.Command> timers;
  private final GatewayName name;
  private final EntityEnvironment environment;

  private Gateway.Observed observed = new Gateway.Observed.Unknown();
  private Optional<ActorRef<StatusReport>> listener = Optional.empty();
  private final TreeMap<IpAddress, Ledger> ledgers = new TreeMap<>();
  private final TreeMap<IpAddress, Gateway.Pursuit> sent = new TreeMap<>();
  private final TreeMap<PolicyKey, SpecVersion> claims = new TreeMap<>();
  // Refused, to be asked again when the gateway changes.
  private final TreeMap<PolicyKey, GatewayEntity.Allocate> parked = new TreeMap<>();

  /** What the ledger of an address has told. */
  private record Ledger(Holding holding, Epoch epoch) {}

  private GatewayBehavior(
      ActorContext<GatewayEntity.Command> context,
      TimerScheduler<GatewayEntity.Command> timers,
      GatewayName name,
      EntityEnvironment environment) {
    super(PersistenceId.of("gateway", name.toString()));
    this.context = context;
    this.timers = timers;
    this.name = name;
    this.environment = environment;
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
    if (state.uid().isPresent() || !state.concerned().isEmpty()) {
      environment.ask(new SpecRequest.OfGateway(name));
    }
    pursue(state);
  }

  private Effect<GatewayEvent, Gateway.State> onCommand(
      Gateway.State state, GatewayEntity.Command command) {
    return switch (command) {
      case GatewayEntity.Apply apply -> apply(state, apply);
      case GatewayEntity.Retire retire -> retire(state, retire);
      case GatewayEntity.Allocate allocate -> allocate(state, allocate);
      case GatewayEntity.Free(PolicyKey policy) -> free(state, policy);
      case GatewayEntity.OwnerChanged changed -> ownerChanged(state, changed);
      case GatewayEntity.Repeat ignored -> repeat(state);
      case GatewayEntity.Reconsider(PolicyKey policy) ->
          Optional.ofNullable(parked.remove(policy))
              .map(allocate -> allocate(state, allocate))
              .orElseGet(() -> Effect().none());
      case GatewayEntity.Report ignored -> report(state);
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
    return observe(
        state, new Gateway.Observed.Present(apply.version(), apply.spec(), apply.members()));
  }

  private Effect<GatewayEvent, Gateway.State> retire(
      Gateway.State state, GatewayEntity.Retire retire) {
    listener = Optional.of(retire.reportTo());
    return observe(state, new Gateway.Observed.Retiring());
  }

  private Effect<GatewayEvent, Gateway.State> observe(Gateway.State state, Gateway.Observed seen) {
    observed = seen;
    // Every ledger is asked again, so that what was lost on the way is found.
    sent.clear();
    return take(
        decide(state, new Gateway.Command.Observe()),
        after -> {
          ledgers.keySet().forEach(address -> tellUsers(after, address));
          reconsiderParked();
        });
  }

  private Effect<GatewayEvent, Gateway.State> allocate(
      Gateway.State state, GatewayEntity.Allocate allocate) {
    claims.put(allocate.policy(), allocate.claim());
    Decision<GatewayEvent, Gateway.Outcome> decision =
        decide(state, new Gateway.Command.Allocate(allocate.policy(), allocate.request()));
    return take(
        decision,
        after -> {
          switch (decision.outcome()) {
            case Gateway.Outcome.Current ignored -> {}
            case Gateway.Outcome.Given given ->
                tellPolicy(after, allocate.policy(), given.addresses());
            case Gateway.Outcome.Refused refused -> refuse(allocate, refused);
          }
        });
  }

  private void refuse(GatewayEntity.Allocate allocate, Gateway.Outcome.Refused refused) {
    if (parked.size() < PARKED_MAX) {
      parked.put(allocate.policy(), allocate);
    }
    if (observed instanceof Gateway.Observed.Unknown) {
      environment.ask(new SpecRequest.OfGateway(name));
    }
    environment
        .entities()
        .policy(allocate.policy())
        .tell(
            new PolicyEntity.Refused(name, allocate.claim(), refused.reason(), refused.message()));
  }

  private void reconsiderParked() {
    parked.keySet().forEach(policy -> context.getSelf().tell(new GatewayEntity.Reconsider(policy)));
  }

  private Effect<GatewayEvent, Gateway.State> free(Gateway.State state, PolicyKey policy) {
    claims.remove(policy);
    parked.remove(policy);
    return take(
        decide(state, new Gateway.Command.Free(policy)),
        after -> {
          environment.entities().policy(policy).tell(new PolicyEntity.Freed(name));
          // What was exhausted may not be any more.
          reconsiderParked();
        });
  }

  private Effect<GatewayEvent, Gateway.State> ownerChanged(
      Gateway.State state, GatewayEntity.OwnerChanged changed) {
    IpAddress address = changed.address();
    Ledger told = new Ledger(changed.holding(), changed.epoch());
    Optional<Ledger> known = Optional.ofNullable(ledgers.get(address));
    if (known.filter(ledger -> ledger.epoch().compareTo(told.epoch()) > 0).isPresent()) {
      return Effect().none();
    }
    ledgers.put(address, told);
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
    return take(
        decision,
        after -> {
          if (!known.equals(Optional.of(told))) {
            tellUsers(after, address);
          }
          forgetStrangers(after, address);
        });
  }

  private void forgetStrangers(Gateway.State state, IpAddress address) {
    Ledger ledger = ledgers.get(address);
    boolean over =
        ledger != null
            && (ledger.holding() instanceof Holding.Nobody
                || ledger.holding() instanceof Holding.Occupied);
    if (over && !state.concerned().contains(address)) {
      ledgers.remove(address);
      sent.remove(address);
    }
  }

  private Effect<GatewayEvent, Gateway.State> repeat(Gateway.State state) {
    sent.clear();
    pursue(state);
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
              decision
                  .events()
                  .forEach(
                      event ->
                          context
                              .getLog()
                              .info("gateway decided gateway={} event={}", name, event));
              answer.accept(after);
              pursue(after);
              reportSoon();
            });
  }

  /** Sends each ledger what it was not sent yet; the timer clears what was sent. */
  private void pursue(Gateway.State state) {
    Map<IpAddress, Gateway.Pursuit> open = new TreeMap<>(Gateway.pursuits(state, holdings()));
    open.values().removeIf(Gateway.Pursuit.Nothing.class::isInstance);
    open.forEach(
        (address, pursuit) -> {
          if (!pursuit.equals(sent.put(address, pursuit))) {
            send(address, pursuit);
          }
        });
    sent.keySet().retainAll(open.keySet());
    if (!open.isEmpty() && !timers.isTimerActive(Repeating.KEY)) {
      timers.startSingleTimer(
          Repeating.KEY, new GatewayEntity.Repeat(), environment.settings().retryInterval());
    }
  }

  private void send(IpAddress address, Gateway.Pursuit pursuit) {
    switch (pursuit) {
      case Gateway.Pursuit.Nothing ignored -> {}
      case Gateway.Pursuit.Assign assign ->
          environment.entities().eip(address).tell(new EipEntity.Assign(name, assign.node()));
      case Gateway.Pursuit.Unassign ignored ->
          environment.entities().eip(address).tell(new EipEntity.Unassign(name));
    }
  }

  private SortedMap<IpAddress, Holding> holdings() {
    TreeMap<IpAddress, Holding> holdings = new TreeMap<>();
    ledgers.forEach((address, ledger) -> holdings.put(address, ledger.holding()));
    return holdings;
  }

  private void tellUsers(Gateway.State state, IpAddress address) {
    state
        .allocations()
        .forEach(
            (policy, addresses) -> {
              if (addresses.contains(address)) {
                tellPolicy(state, policy, addresses);
              }
            });
  }

  private void tellPolicy(Gateway.State state, PolicyKey policy, SortedSet<IpAddress> addresses) {
    Optional.ofNullable(claims.get(policy))
        .ifPresent(
            claim ->
                environment
                    .entities()
                    .policy(policy)
                    .tell(
                        new PolicyEntity.Allocated(
                            name,
                            claim,
                            GatewayReports.holdings(state, holdings(), addresses),
                            failMode())));
  }

  private FailMode failMode() {
    return observed instanceof Gateway.Observed.Present seen
        ? seen.spec().failMode()
        : FailMode.CLOSED;
  }

  private void reportSoon() {
    if (!timers.isTimerActive(Reporting.KEY)) {
      timers.startSingleTimer(
          Reporting.KEY, new GatewayEntity.Report(), environment.settings().reportDelay());
    }
  }

  private Effect<GatewayEvent, Gateway.State> report(Gateway.State state) {
    listener.ifPresent(
        target -> GatewayReports.of(state, observed, holdings()).ifPresent(target::tell));
    return Effect().none();
  }
}
