package io.egressgateway.policy.entity;

import akka.actor.typed.ActorRef;
import akka.actor.typed.Behavior;
import akka.actor.typed.javadsl.ActorContext;
import akka.actor.typed.javadsl.Behaviors;
import akka.actor.typed.javadsl.TimerScheduler;
import akka.cluster.sharding.typed.javadsl.ClusterSharding;
import akka.persistence.typed.PersistenceId;
import akka.persistence.typed.RecoveryCompleted;
import akka.persistence.typed.javadsl.CommandHandler;
import akka.persistence.typed.javadsl.Effect;
import akka.persistence.typed.javadsl.EventHandler;
import akka.persistence.typed.javadsl.EventSourcedBehavior;
import akka.persistence.typed.javadsl.SignalHandler;
import io.egressgateway.core.event.PolicyEvent;
import io.egressgateway.core.model.FailMode;
import io.egressgateway.core.model.IpAddress;
import io.egressgateway.core.model.PolicyKey;
import io.egressgateway.policy.domain.Decision;
import io.egressgateway.policy.domain.Holding;
import io.egressgateway.policy.domain.Policy;
import io.egressgateway.policy.plan.Binding;
import java.util.Collections;
import java.util.Optional;
import java.util.SortedMap;
import java.util.TreeSet;

/** Policies as actors. */
final class PolicyBehavior
    extends EventSourcedBehavior<PolicyEntity.Command, PolicyEvent, Policy.State> {
  private final ActorContext<PolicyEntity.Command> context;
  private final TimerScheduler<PolicyEntity.Command> timers;
  private final PolicyKey key;
  private final EntityEnvironment environment;
  private final ActorRef<ClusterSharding.ShardCommand> shard;

  private final Subscriptions<NodeEntity.PolicyBound> subscriptions = new Subscriptions<>();
  private Optional<PolicyEntity.Apply> spec = Optional.empty();
  private final StatusLine status = new StatusLine();
  private Optional<PolicyEntity.Refused> refusal = Optional.empty();
  private SortedMap<IpAddress, Holding> holdings = Collections.emptySortedMap();
  private FailMode failMode = FailMode.CLOSED;

  private PolicyBehavior(
      ActorContext<PolicyEntity.Command> context,
      TimerScheduler<PolicyEntity.Command> timers,
      PolicyKey key,
      EntityEnvironment environment,
      ActorRef<ClusterSharding.ShardCommand> shard) {
    super(PersistenceId.of("policy", key.toString()), JournalFailures.RESTART);
    this.context = context;
    this.timers = timers;
    this.key = key;
    this.environment = environment;
    this.shard = shard;
  }

  /**
   * @param shard is asked to end the actor when nobody needs the policy any more
   */
  static Behavior<PolicyEntity.Command> create(
      PolicyKey key, EntityEnvironment environment, ActorRef<ClusterSharding.ShardCommand> shard) {
    return Behaviors.setup(
        context ->
            Behaviors.withTimers(
                timers -> new PolicyBehavior(context, timers, key, environment, shard)));
  }

  @Override
  public Policy.State emptyState() {
    return new Policy.State.Absent();
  }

  @Override
  public CommandHandler<PolicyEntity.Command, PolicyEvent, Policy.State> commandHandler() {
    return this::onCommand;
  }

  @Override
  public EventHandler<Policy.State, PolicyEvent> eventHandler() {
    return Policy::evolve;
  }

  @Override
  public SignalHandler<Policy.State> signalHandler() {
    return newSignalHandlerBuilder()
        .onSignal(RecoveryCompleted.instance(), this::onRecovered)
        .build();
  }

  private void onRecovered(Policy.State state) {
    pursue(state);
    remind(state);
  }

  private Effect<PolicyEvent, Policy.State> onCommand(
      Policy.State state, PolicyEntity.Command command) {
    return switch (command) {
      case PolicyEntity.Apply apply -> apply(state, apply);
      case PolicyEntity.Withdraw withdraw -> withdraw(state, withdraw);
      case PolicyEntity.Subscribe subscribe -> subscribe(state, subscribe);
      case PolicyEntity.Allocated allocated -> allocated(state, allocated);
      case PolicyEntity.Refused refused -> refused(state, refused);
      case PolicyEntity.Freed freed ->
          take(state, decide(state, new Policy.Command.Freed(freed.gateway())));
      case PolicyEntity.Repeat ignored -> repeat(state);
      case PolicyEntity.Sweep ignored -> sweep(state);
    };
  }

  private Effect<PolicyEvent, Policy.State> apply(Policy.State state, PolicyEntity.Apply apply) {
    Decision<PolicyEvent, Policy.Outcome> decision =
        decide(state, new Policy.Command.Apply(claim(apply)));
    if (decision.outcome() == Policy.Outcome.STALE
        || spec.filter(seen -> newer(seen, apply)).isPresent()) {
      return Effect().none();
    }
    spec = Optional.of(apply);
    status.listen(apply.reportTo());
    return takeSpec(state, decision);
  }

  private static boolean newer(PolicyEntity.Apply seen, PolicyEntity.Apply apply) {
    return seen.version().uid().equals(apply.version().uid())
        && seen.version().generation().compareTo(apply.version().generation()) > 0;
  }

  private static Policy.Claim claim(PolicyEntity.Apply apply) {
    return new Policy.Claim(apply.version(), apply.spec().gateway(), apply.spec().request());
  }

  private Effect<PolicyEvent, Policy.State> withdraw(
      Policy.State state, PolicyEntity.Withdraw withdraw) {
    spec = Optional.empty();
    status.listen(withdraw.reportTo());
    return takeSpec(state, decide(state, new Policy.Command.Withdraw()));
  }

  private Effect<PolicyEvent, Policy.State> subscribe(
      Policy.State state, PolicyEntity.Subscribe subscribe) {
    subscriptions.renew(subscribe.node(), subscribe.known());
    if (!timers.isTimerActive(Sweeping.KEY)) {
      timers.startTimerAtFixedRate(
          Sweeping.KEY, new PolicyEntity.Sweep(), environment.settings().subscriptionInterval());
    }
    announce(state);
    remind(state);
    return Effect().none();
  }

  private Effect<PolicyEvent, Policy.State> allocated(
      Policy.State state, PolicyEntity.Allocated allocated) {
    Decision<PolicyEvent, Policy.Outcome> decision =
        decide(
            state,
            new Policy.Command.Allocated(
                allocated.gateway(),
                allocated.claim(),
                Collections.unmodifiableSortedSet(new TreeSet<>(allocated.addresses().keySet()))));
    switch (decision.outcome()) {
      case CURRENT -> {
        holdings = allocated.addresses();
        failMode = allocated.failMode();
        refusal = Optional.empty();
      }
      case STALE -> {}
      case STRAY ->
          environment.entities().gateway(allocated.gateway()).tell(new GatewayEntity.Free(key));
    }
    return take(state, decision);
  }

  private Effect<PolicyEvent, Policy.State> refused(
      Policy.State state, PolicyEntity.Refused refused) {
    Decision<PolicyEvent, Policy.Outcome> decision =
        decide(state, new Policy.Command.Refused(refused.gateway(), refused.claim()));
    if (decision.outcome() == Policy.Outcome.CURRENT) {
      refusal = Optional.of(refused);
      // The gateway answers by itself as soon as it can; the repetition is for lost answers.
      return Effect().persist(decision.events()).thenRun(this::show);
    }
    return Effect().none();
  }

  private Effect<PolicyEvent, Policy.State> repeat(Policy.State state) {
    pursue(state);
    remind(state);
    return Effect().none();
  }

  private Effect<PolicyEvent, Policy.State> sweep(Policy.State state) {
    subscriptions.sweep();
    if (subscriptions.isEmpty()) {
      timers.cancel(Sweeping.KEY);
    }
    endIfGone(state);
    return Effect().none();
  }

  /** Clusters forget policies by the thousand. Whoever speaks to one again starts its actor. */
  private void endIfGone(Policy.State state) {
    if (state instanceof Policy.State.Absent && subscriptions.isEmpty()) {
      shard.tell(new ClusterSharding.Passivate<>(context.getSelf()));
    }
  }

  private Decision<PolicyEvent, Policy.Outcome> decide(Policy.State state, Policy.Command command) {
    return Policy.decide(state, command, environment.clock().instant());
  }

  private Effect<PolicyEvent, Policy.State> take(
      Policy.State before, Decision<PolicyEvent, Policy.Outcome> decision) {
    return Effect()
        .persist(decision.events())
        .thenRun(
            after -> {
              if (!before.equals(after)) {
                context.getLog().info("policy moved policy={} state={}", key, after);
              }
              if (!(after instanceof Policy.State.Bound)) {
                holdings = Collections.emptySortedMap();
              }
              if (!Policy.claim(before).equals(Policy.claim(after))) {
                refusal = Optional.empty();
              }
              if (!before.equals(after)) {
                pursue(after);
              }
              show(after);
              endIfGone(after);
            });
  }

  /** As {@link #take}; and the gateway is asked how the addresses are doing. */
  private Effect<PolicyEvent, Policy.State> takeSpec(
      Policy.State before, Decision<PolicyEvent, Policy.Outcome> decision) {
    context.getSelf().tell(new PolicyEntity.Repeat());
    return take(before, decision);
  }

  private void show(Policy.State state) {
    announce(state);
    report(state);
    remind(state);
  }

  /** Says again what must be confirmed; a bound policy asks how its addresses are doing. */
  private void pursue(Policy.State state) {
    switch (Policy.pursuit(state)) {
      case Policy.Pursuit.Ask(Policy.Claim claim) -> ask(claim);
      case Policy.Pursuit.GiveBack(var gateway) ->
          environment.entities().gateway(gateway).tell(new GatewayEntity.Free(key));
      case Policy.Pursuit.Nothing ignored -> {
        if (state instanceof Policy.State.Bound bound) {
          ask(bound.claim());
        }
      }
    }
    if (spec.isEmpty() && Policy.claim(state).isPresent()) {
      environment.ask(new SpecRequest.OfPolicy(key));
    }
  }

  private void ask(Policy.Claim claim) {
    environment
        .entities()
        .gateway(claim.gateway())
        .tell(new GatewayEntity.Allocate(key, claim.version(), claim.request()));
  }

  private void remind(Policy.State state) {
    if (isOpen(state) && !timers.isTimerActive(Repeating.KEY)) {
      timers.startSingleTimer(
          Repeating.KEY, new PolicyEntity.Repeat(), environment.settings().retryInterval());
    }
  }

  private boolean isOpen(Policy.State state) {
    return switch (state) {
      case Policy.State.Absent ignored -> false;
      case Policy.State.Leaving ignored -> true;
      case Policy.State.Seeking ignored -> true;
      case Policy.State.Bound bound ->
          spec.isEmpty()
              || !holdings.keySet().equals(bound.addresses())
              || !holdings.values().stream().allMatch(Holding.Programmed.class::isInstance);
    };
  }

  private void announce(Policy.State state) {
    answer(state)
        .ifPresent(
            answer ->
                subscriptions.announce(
                    answer, (node, bound) -> environment.entities().node(node).tell(bound)));
  }

  /** Nothing is known of what a bound policy does until its spec has come. */
  private Optional<NodeEntity.PolicyBound> answer(Policy.State state) {
    if (!(state instanceof Policy.State.Bound bound)) {
      return Optional.of(new NodeEntity.PolicyBound(key, Optional.empty()));
    }
    return spec.map(
        seen ->
            new NodeEntity.PolicyBound(
                key,
                Optional.of(
                    new Binding(
                        seen.spec().destinations(),
                        seen.spec().priority(),
                        bound.addresses(),
                        failMode))));
  }

  private void report(Policy.State state) {
    PolicyReports.of(key, state, spec, holdings, refusal).ifPresent(status::say);
  }
}
