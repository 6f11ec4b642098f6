package io.egressgateway.k8s.app;

import akka.actor.typed.ActorRef;
import akka.actor.typed.Behavior;
import akka.actor.typed.PostStop;
import akka.actor.typed.SupervisorStrategy;
import akka.actor.typed.javadsl.AbstractBehavior;
import akka.actor.typed.javadsl.ActorContext;
import akka.actor.typed.javadsl.Behaviors;
import akka.actor.typed.javadsl.Receive;
import akka.actor.typed.javadsl.TimerScheduler;
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
import io.fabric8.kubernetes.client.KubernetesClient;
import java.time.Clock;
import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Executor;

/**
 * The cluster's one connection between Kubernetes and the entities: the watcher, and the writer
 * that shows what came of it. It starts them once the API has our custom resources, and until then
 * says what is missing.
 */
final class WatcherGuardian extends AbstractBehavior<WatcherGuardian.Command> {

  /** What the guardian is told; from outside only {@link SpecRequest}s. */
  sealed interface Command {}

  private record Requested(SpecRequest request) implements Command {}

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

  /** Of asking the API whether it has what was missing. */
  private static final Duration RECHECK_INTERVAL = Duration.ofMillis(500);

  /** Of asking the watcher, which is on this member, how far it is. */
  private static final Duration POLL_INTERVAL = Duration.ofMillis(100);

  private final Environment environment;
  private final WatcherState state;
  private final ActorRef<SyncState> polled;
  private Optional<ActorRef<ClusterWatcher.Command>> watcher = Optional.empty();
  private String complaint = "";

  private WatcherGuardian(
      ActorContext<Command> context,
      TimerScheduler<Command> timers,
      Environment environment,
      WatcherState state) {
    super(context);
    this.environment = environment;
    this.state = state;
    this.polled = context.messageAdapter(SyncState.class, Polled::new);
    state.reached(WatcherState.Step.WAITING_FOR_API);
    context.getLog().info("watcher starts on this member");
    timers.startTimerWithFixedDelay(new Tick(), POLL_INTERVAL);
    check();
  }

  /**
   * The singleton.
   *
   * @param state is told how far it is on this member
   */
  static Behavior<SpecRequest> create(Environment environment, WatcherState state) {
    Behavior<Command> guardian =
        Behaviors.setup(
            context ->
                Behaviors.withTimers(
                    timers -> new WatcherGuardian(context, timers, environment, state)));
    return Behaviors.transformMessages(
        SpecRequest.class, guardian, requests -> requests.matchAny(Requested::new));
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
    environment.watch().stopped();
    return this;
  }

  private Behavior<Command> onCommand(Command command) {
    switch (command) {
      // Entities ask again, so what comes before the watcher is there can be dropped.
      case Requested(SpecRequest request) ->
          watcher.ifPresent(running -> running.tell(new ClusterWatcher.Requested(request)));
      case Checked(Usability usability) -> onChecked(usability);
      case Recheck ignored -> check();
      case Tick ignored -> tick();
      case Polled(SyncState sync) -> onPolled(sync);
    }
    return this;
  }

  private void tick() {
    watcher.ifPresent(running -> running.tell(new ClusterWatcher.IsSynced(polled)));
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
            CompletableFuture.supplyAsync(
                () -> KubernetesConnection.check(environment.client()), environment.blocking()),
            (usability, failure) ->
                new Checked(failure == null ? usability : new Unusable(failure.toString())));
  }

  private void onChecked(Usability usability) {
    switch (usability) {
      case Usable ignored -> start();
      case Unusable(String message) -> {
        if (!message.equals(complaint)) {
          getContext().getLog().warn("watcher waits cause=\"{}\"", message);
          complaint = message;
        }
        getContext().scheduleOnce(RECHECK_INTERVAL, getContext().getSelf(), new Recheck());
      }
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
                            environment.watch()))
                    .onFailure(SupervisorStrategy.restart()),
                "status-writer");
    watcher =
        Optional.of(
            getContext()
                .spawn(
                    ClusterWatcher.create(
                        environment.watching(),
                        environment.client(),
                        environment.entities(),
                        writer),
                    "cluster-watcher"));
    state.reached(WatcherState.Step.LISTING);
  }
}
