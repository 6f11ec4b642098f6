package io.egressgateway.k8s.watch;

import akka.actor.typed.ActorRef;
import akka.actor.typed.Behavior;
import akka.actor.typed.DispatcherSelector;
import akka.actor.typed.PostStop;
import akka.actor.typed.PreRestart;
import akka.actor.typed.SupervisorStrategy;
import akka.actor.typed.javadsl.AbstractBehavior;
import akka.actor.typed.javadsl.ActorContext;
import akka.actor.typed.javadsl.Behaviors;
import akka.actor.typed.javadsl.Receive;
import akka.actor.typed.javadsl.TimerScheduler;
import akka.cluster.ClusterEvent;
import akka.cluster.typed.Cluster;
import akka.cluster.typed.Subscribe;
import io.egressgateway.k8s.status.EventRecorder;
import io.egressgateway.k8s.status.StatusWriter;
import io.egressgateway.k8s.watch.WatchEvent.Source;
import io.egressgateway.policy.entity.EntityDirectory;
import io.egressgateway.policy.entity.GatewayEntity;
import io.egressgateway.policy.entity.NumberingEntity;
import io.egressgateway.policy.entity.SpecRequest;
import io.egressgateway.policy.entity.StatusReport;
import io.fabric8.kubernetes.api.model.HasMetadata;
import io.fabric8.kubernetes.client.KubernetesClient;
import java.time.Clock;
import java.time.Duration;
import java.util.EnumSet;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Executor;

/**
 * Tells the entities what Kubernetes says about their objects: at once when it changes, again from
 * time to time, and whenever one asks. There is one in the cluster. It keeps nothing that it could
 * not list anew, and tells nothing before everything has been listed: half a list looks like
 * deletions.
 */
public final class ClusterWatcher extends AbstractBehavior<ClusterWatcher.Command> {

  /** What the watcher can be told. */
  public sealed interface Command {}

  /** An entity has started and lacks its spec. */
  public record Requested(SpecRequest request) implements Command {}

  /** Asks whether everything has been listed. */
  public record IsSynced(ActorRef<SyncState> replyTo) implements Command {}

  /** Tells every entity everything again. */
  public record Resync() implements Command {}

  private record Happened(WatchEvent event) implements Command {}

  private record Reported(StatusReport report) implements Command {}

  private record Numbered(NumberingEntity.Reply reply) implements Command {}

  private record Answered(GatewayEntity.OrderReply reply) implements Command {}

  private record Flush() implements Command {}

  /** Changes may be told again. */
  private record Rested() implements Command {}

  private record Tick() implements Command {}

  private record Probe() implements Command {}

  private record Probed(Optional<NetworkProbe.Found> answer) implements Command {}

  /** What is told again is decided on again: a large cluster must not be busy with that alone. */
  private static final int TOLD_AGAIN_PER_SECOND = 100;

  /** The addresses of services hardly ever change. */
  private static final Duration PROBE_INTERVAL = Duration.ofMinutes(1);

  private static final Duration BACKOFF_MIN = Duration.ofSeconds(1);
  private static final Duration BACKOFF_MAX = Duration.ofSeconds(30);

  private final TimerScheduler<Command> timers;
  private final ClusterWatcherSettings.Timing timing;
  private final KubernetesSource kubernetes;
  private final Set<Source> unsynced = EnumSet.allOf(Source.class);
  private final ClusterDesk desk;
  private final NetworkProbe networks;
  private final Executor blocking;
  private Outbox.Slice slice;

  /** Whether changes wait: for what is in the mailbox already, or for the rest to end. */
  private boolean gathering;

  private ClusterWatcher(
      ActorContext<Command> context,
      TimerScheduler<Command> timers,
      ClusterWatcherSettings.Timing timing,
      Started started) {
    super(context);
    this.timers = timers;
    this.timing = timing;
    this.desk = started.desk();
    this.kubernetes = started.kubernetes();
    this.networks = started.networks();
    this.blocking = started.blocking();
    this.slice = new Outbox.Slice(0, slices());
    context.getSelf().tell(new Probe());
  }

  private record Started(
      ClusterDesk desk, KubernetesSource kubernetes, NetworkProbe networks, Executor blocking) {}

  /**
   * Watches until it is stopped.
   *
   * @param client is not closed
   * @param statusWriter is told every status report, and what the watcher itself finds out
   */
  public static Behavior<Command> create(
      ClusterWatcherSettings settings,
      KubernetesClient client,
      EntityDirectory entities,
      ActorRef<StatusWriter.Command> statusWriter) {
    return Behaviors.supervise(watcher(settings, client, entities, statusWriter))
        .onFailure(SupervisorStrategy.restartWithBackoff(BACKOFF_MIN, BACKOFF_MAX, 0.2));
  }

  private static Behavior<Command> watcher(
      ClusterWatcherSettings settings,
      KubernetesClient client,
      EntityDirectory entities,
      ActorRef<StatusWriter.Command> statusWriter) {
    return Behaviors.setup(
        context ->
            Behaviors.withTimers(
                timers -> {
                  Executor blocking =
                      context.getSystem().dispatchers().lookup(DispatcherSelector.blocking());
                  ClusterDesk desk =
                      new ClusterDesk(
                          settings,
                          new ClusterDesk.Receivers(
                              entities,
                              statusWriter,
                              context.messageAdapter(StatusReport.class, Reported::new),
                              context.messageAdapter(NumberingEntity.Reply.class, Numbered::new)),
                          new SpecPatches(client, blocking),
                          new OrderDesk(
                              entities,
                              context.messageAdapter(GatewayEntity.OrderReply.class, Answered::new),
                              new OrderAnswers(client, blocking)));
                  subscribeToMembers(context);
                  ActorRef<Command> self = context.getSelf();
                  EventRecorder events = new EventRecorder(client, Clock.systemUTC());
                  KubernetesSource kubernetes =
                      KubernetesSource.start(
                          client,
                          settings.timing().reflectors(),
                          event -> self.tell(new Happened(event)),
                          object -> blocking.execute(() -> complain(events, object)));
                  statusWriter.tell(new StatusWriter.Watching(kubernetes.policies()));
                  timers.startTimerWithFixedDelay(new Tick(), Duration.ofSeconds(1));
                  return new ClusterWatcher(
                      context,
                      timers,
                      settings.timing(),
                      new Started(desk, kubernetes, new NetworkProbe(client), blocking));
                }));
  }

  private static void complain(EventRecorder events, HasMetadata unreadable) {
    events.warning(
        unreadable,
        "Unreadable",
        "it was stored before its kind's schema was as it is now, does not fit it and is ignored:"
            + " correct it or delete it; the controller's log says which field");
  }

  /**
   * Entities of a controller that is gone start elsewhere, and only when somebody talks to them.
   */
  private static void subscribeToMembers(ActorContext<Command> context) {
    ActorRef<ClusterEvent.MemberRemoved> adapter =
        context.messageAdapter(ClusterEvent.MemberRemoved.class, removed -> new Resync());
    Cluster.get(context.getSystem())
        .subscriptions()
        .tell(Subscribe.create(adapter, ClusterEvent.MemberRemoved.class));
  }

  @Override
  public Receive<Command> createReceive() {
    return newReceiveBuilder()
        .onMessage(Command.class, this::onCommand)
        .onSignal(PreRestart.class, signal -> close())
        .onSignal(PostStop.class, signal -> close())
        .build();
  }

  private Behavior<Command> close() {
    kubernetes.close();
    return this;
  }

  private Behavior<Command> onCommand(Command command) {
    switch (command) {
      case Happened(WatchEvent event) -> onEvent(event);
      case Requested(SpecRequest request) -> ifSynced(() -> desk.answer(request));
      case Reported(StatusReport report) -> ifSynced(() -> desk.onReport(report));
      case Numbered(NumberingEntity.Reply reply) -> ifSynced(() -> desk.onNumbered(reply));
      case Answered(GatewayEntity.OrderReply reply) -> ifSynced(() -> desk.onReply(reply));
      case IsSynced(ActorRef<SyncState> replyTo) -> replyTo.tell(syncState());
      case Resync() -> ifSynced(() -> desk.resync(Outbox.Slice.everything()));
      case Tick() -> ifSynced(this::tick);
      case Flush() -> ifSynced(this::flush);
      case Rested() -> {
        gathering = false;
        scheduleFlush();
      }
      case Probe() -> probe();
      case Probed(Optional<NetworkProbe.Found> answer) -> onProbed(answer);
    }
    return this;
  }

  private void probe() {
    getContext()
        .pipeToSelf(
            CompletableFuture.supplyAsync(networks::find, blocking),
            (found, failure) -> {
              if (failure != null) {
                getContext()
                    .getLog()
                    .warn("networks not looked for cause=\"{}\"", failure.toString());
              }
              return new Probed(Optional.ofNullable(found));
            });
  }

  /** As long as the API cannot be asked, nothing is told to anybody. */
  private void onProbed(Optional<NetworkProbe.Found> answer) {
    timers.startSingleTimer(new Probe(), answer.isPresent() ? PROBE_INTERVAL : BACKOFF_MIN);
    answer.ifPresent(
        found -> {
          onEvent(new WatchEvent.NetworksProbed(found));
          onEvent(new WatchEvent.Listed(Source.PROBES));
        });
  }

  private SyncState syncState() {
    return unsynced.isEmpty() ? SyncState.SYNCED : SyncState.LISTING;
  }

  /** Whoever spoke too early says it again. */
  private void ifSynced(Runnable action) {
    if (unsynced.isEmpty()) {
      action.run();
      desk.takeSecondLooks().forEach(kubernetes::lookAgain);
      scheduleFlush();
    }
  }

  private void onEvent(WatchEvent event) {
    if (event instanceof WatchEvent.Listed(Source source) && unsynced.remove(source)) {
      if (unsynced.isEmpty()) {
        getContext().getLog().info("cluster synced {}", desk.summary());
        desk.start();
        desk.flush();
      }
    } else {
      desk.onEvent(event);
      if (unsynced.isEmpty()) {
        scheduleFlush();
      }
    }
  }

  /** What comes alone is told at once, what comes in a burst together with what follows it. */
  private void scheduleFlush() {
    if (desk.isDirty() && !gathering) {
      gathering = true;
      getContext().getSelf().tell(new Flush());
    }
  }

  private void flush() {
    desk.flush();
    timers.startSingleTimer(new Rested(), timing.rest());
  }

  private void tick() {
    desk.tick();
    slice = slice.next();
    if (slice.index() == 0) {
      slice = new Outbox.Slice(0, slices());
    }
    desk.resync(slice);
  }

  private int slices() {
    int seconds = (int) timing.resyncInterval().toSeconds();
    return Math.max(1, Math.max(seconds, Math.ceilDiv(desk.size(), TOLD_AGAIN_PER_SECOND)));
  }
}
