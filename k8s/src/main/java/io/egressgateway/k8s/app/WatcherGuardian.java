package io.egressgateway.k8s.app;

import akka.actor.typed.ActorRef;
import akka.actor.typed.Behavior;
import akka.actor.typed.PostStop;
import akka.actor.typed.SupervisorStrategy;
import akka.actor.typed.javadsl.AbstractBehavior;
import akka.actor.typed.javadsl.ActorContext;
import akka.actor.typed.javadsl.Behaviors;
import akka.actor.typed.javadsl.Receive;
import io.egressgateway.k8s.app.KubernetesConnection.Unusable;
import io.egressgateway.k8s.app.KubernetesConnection.Usability;
import io.egressgateway.k8s.app.KubernetesConnection.Usable;
import io.egressgateway.k8s.status.StatusWatch;
import io.egressgateway.k8s.status.StatusWriter;
import io.egressgateway.k8s.watch.ClusterWatcher;
import io.egressgateway.k8s.watch.ClusterWatcherSettings;
import io.egressgateway.k8s.watch.SyncState;
import io.egressgateway.policy.entity.EntityDirectory;
import io.egressgateway.policy.entity.SpecRequest;
import io.egressgateway.policy.entity.WatcherMessage;
import io.fabric8.kubernetes.client.KubernetesClient;
import java.time.Clock;
import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Executor;
import java.util.function.Supplier;

/**
 * The cluster's one connection between Kubernetes and the entities: the watcher, and the writer
 * that shows what came of it. It starts them once the API has our custom resources, and until then
 * says what is missing. Later it says when the API is not usable any more: reflectors try for ever,
 * and what has been listed is all that they have.
 */
final class WatcherGuardian extends AbstractBehavior<WatcherGuardian.Command> {

  /** What the guardian is told; from outside only {@link WatcherMessage}s. */
  sealed interface Command {}

  private record Told(WatcherMessage message) implements Command {}

  private record Checked(Usability usability) implements Command {}

  private record Recheck() implements Command {}

  private record Tick() implements Command {}

  private record Polled(SyncState state) implements Command {}

  /**
   * What the guardian works with.
   *
   * @param client is not closed
   * @param blocking runs calls of the API
   * @param clock for conditions and events
   * @param watch is told what statuses come, go and are written
   */
  record Environment(
      KubernetesClient client,
      EntityDirectory entities,
      ClusterWatcherSettings watching,
      Executor blocking,
      Clock clock,
      StatusWatch watch) {}

  /**
   * How it is found out whether the API is usable.
   *
   * @param check blocks; throws nothing
   * @param interval of asking once the watcher runs
   */
  record Checks(Supplier<Usability> check, Duration interval) {}

  /** What there is once the API is usable. */
  private record Running(
      ActorRef<ClusterWatcher.Command> watcher, ActorRef<StatusWriter.Command> writer) {}

  /** Of asking the API whether it has what was missing. */
  private static final Duration WAIT_INTERVAL = Duration.ofMillis(500);

  private static final Duration CHECK_INTERVAL = Duration.ofSeconds(10);

  /** One check may fail by a passing fault. */
  private static final int FAILURES_MIN = 2;

  /** Of asking the watcher, which is on this member, how far it is. */
  private static final Duration POLL_INTERVAL = Duration.ofMillis(100);

  private final Environment environment;
  private final WatcherState state;
  private final Checks checks;
  private final ActorRef<SyncState> polled;
  private Optional<Running> running = Optional.empty();
  private String complaint = "";
  private int failures;

  private WatcherGuardian(
      ActorContext<Command> context, Environment environment, WatcherState state, Checks checks) {
    super(context);
    this.environment = environment;
    this.state = state;
    this.checks = checks;
    this.polled = context.messageAdapter(SyncState.class, Polled::new);
    state.reached(WatcherState.Step.WAITING_FOR_API);
    context.getLog().info("watcher starts on this member");
    check();
  }

  /**
   * The singleton.
   *
   * @param state is told how far it is on this member
   */
  static Behavior<WatcherMessage> create(Environment environment, WatcherState state) {
    return create(
        environment,
        state,
        new Checks(() -> KubernetesConnection.check(environment.client()), CHECK_INTERVAL));
  }

  static Behavior<WatcherMessage> create(
      Environment environment, WatcherState state, Checks checks) {
    Behavior<Command> guardian =
        Behaviors.setup(
            context ->
                Behaviors.withTimers(
                    timers -> {
                      timers.startTimerWithFixedDelay(new Tick(), POLL_INTERVAL);
                      return new WatcherGuardian(context, environment, state, checks);
                    }));
    return Behaviors.transformMessages(
        WatcherMessage.class, guardian, messages -> messages.matchAny(Told::new));
  }

  @Override
  public Receive<Command> createReceive() {
    return newReceiveBuilder()
        .onMessage(Command.class, this::onCommand)
        .onSignal(PostStop.class, signal -> stopped())
        .build();
  }

  private Behavior<Command> stopped() {
    state.reached(WatcherState.Step.ELSEWHERE);
    state.regainedApi();
    environment.watch().stopped();
    return this;
  }

  private Behavior<Command> onCommand(Command command) {
    switch (command) {
      case Told(WatcherMessage message) -> running.ifPresent(parts -> pass(message, parts));
      case Checked(Usability usability) -> onChecked(usability);
      case Recheck ignored -> check();
      case Tick ignored -> tick();
      case Polled(SyncState sync) -> onPolled(sync);
    }
    return this;
  }

  /** Everything is repeated, so what comes before the parts are there can be dropped. */
  private static void pass(WatcherMessage message, Running parts) {
    switch (message) {
      case SpecRequest request -> parts.watcher().tell(new ClusterWatcher.Requested(request));
      case WatcherMessage.Obstacles(var controller, var obstacles) ->
          parts.writer().tell(new StatusWriter.Obstacles(controller, obstacles));
    }
  }

  private void tick() {
    running.ifPresent(parts -> parts.watcher().tell(new ClusterWatcher.IsSynced(polled)));
  }

  private void onPolled(SyncState sync) {
    state.reached(
        switch (sync) {
          case LISTING -> WatcherState.Step.LISTING;
          case SYNCED -> WatcherState.Step.SYNCED;
        });
  }

  private void check() {
    getContext()
        .pipeToSelf(
            CompletableFuture.supplyAsync(checks.check(), environment.blocking()),
            (usability, failure) ->
                new Checked(failure == null ? usability : new Unusable(failure.toString())));
  }

  private void onChecked(Usability usability) {
    switch (usability) {
      case Usable ignored -> onUsable();
      case Unusable(String message) -> onUnusable(message);
    }
    Duration pause = running.isPresent() ? checks.interval() : WAIT_INTERVAL;
    getContext().scheduleOnce(pause, getContext().getSelf(), new Recheck());
  }

  private void onUsable() {
    failures = 0;
    if (running.isEmpty()) {
      start();
    } else if (!state.isApiUsable()) {
      getContext().getLog().info("kubernetes regained");
      state.regainedApi();
    }
  }

  private void onUnusable(String message) {
    failures++;
    if (running.isPresent()) {
      if (failures == FAILURES_MIN) {
        getContext().getLog().warn("kubernetes lost cause=\"{}\"", message);
        state.lostApi();
      }
    } else if (!message.equals(complaint)) {
      getContext().getLog().warn("watcher waits cause=\"{}\"", message);
      complaint = message;
    }
  }

  private void start() {
    ActorRef<StatusWriter.Command> writer =
        getContext()
            .spawn(
                Behaviors.supervise(
                        StatusWriter.create(
                            environment.client(),
                            environment.blocking(),
                            environment.clock(),
                            environment.watching().tunnel().numbers(),
                            environment.watch()))
                    .onFailure(SupervisorStrategy.restart()),
                "status-writer");
    ActorRef<ClusterWatcher.Command> watcher =
        getContext()
            .spawn(
                ClusterWatcher.create(
                    environment.watching(), environment.client(), environment.entities(), writer),
                "cluster-watcher");
    running = Optional.of(new Running(watcher, writer));
    state.reached(WatcherState.Step.LISTING);
  }
}
