package io.egressgateway.k8s.status;

import akka.actor.typed.Behavior;
import akka.actor.typed.javadsl.AbstractOnMessageBehavior;
import akka.actor.typed.javadsl.ActorContext;
import akka.actor.typed.javadsl.Behaviors;
import akka.actor.typed.javadsl.TimerScheduler;
import io.egressgateway.core.model.NodeName;
import io.egressgateway.core.model.PolicyKey;
import io.egressgateway.core.plan.KernelNumbers;
import io.egressgateway.k8s.status.StatusBoard.Target;
import io.egressgateway.k8s.translate.ClusterNetworks;
import io.egressgateway.k8s.translate.Violation;
import io.egressgateway.policy.domain.SpecVersion;
import io.egressgateway.policy.entity.Condition;
import io.egressgateway.policy.entity.FailoverObstacle;
import io.egressgateway.policy.entity.StatusReport;
import io.fabric8.kubernetes.client.KubernetesClient;
import java.time.Clock;
import java.time.Duration;
import java.util.Collections;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.SortedSet;
import java.util.TreeSet;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.Executor;

/**
 * Writes what the Kubernetes API shows of the engine's decisions. It gathers what it is told for a
 * moment, writes only what differs, and never more than a few objects at once; nothing waits for
 * it. A write that keeps failing is given up until the object is reported again.
 */
public final class StatusWriter extends AbstractOnMessageBehavior<StatusWriter.Command> {

  /** What the writer can be told. Of each object only the newest of a kind of message counts. */
  public sealed interface Command {}

  /** An entity tells the state of its object. */
  public record Report(StatusReport report) implements Command {}

  /**
   * What is wrong with the object's spec; empty when nothing is (any more). As long as there is
   * something wrong the object's Ready condition says so, whatever is reported.
   */
  public record Violations(ObjectRef object, List<Violation> violations) implements Command {
    public Violations {
      violations = List.copyOf(violations);
    }
  }

  /** What else is to be said of the object, which does not depend on what the engine reports. */
  public record Remark(ObjectRef.Key object, Optional<Condition> condition) implements Command {}

  /**
   * A spec of the policy has been seen that is to be put in place; for those who watch the writer.
   *
   * @param version absent if there is none: the policy is gone, or its spec is wrong
   */
  public record Awaited(PolicyKey policy, Optional<SpecVersion> version) implements Command {}

  /**
   * The pods that a policy selects, all of them.
   *
   * @param uid of the policy object, which will own the slices
   */
  public record PolicyEndpoints(PolicyKey policy, String uid, List<SliceEndpoint> endpoints)
      implements Command {
    public PolicyEndpoints {
      endpoints = List.copyOf(endpoints);
    }
  }

  /** The nodes whose Node objects say that they are not ready, all of them. */
  public record NotReadyNodes(SortedSet<NodeName> nodes) implements Command {
    public NotReadyNodes {
      nodes = Collections.unmodifiableSortedSet(new TreeSet<>(nodes));
    }
  }

  /**
   * What keeps a controller from failing over. Forgotten if it is not repeated: a controller that
   * is gone keeps nobody from anything.
   *
   * @param controller its address
   */
  public record Obstacles(String controller, SortedSet<FailoverObstacle> obstacles)
      implements Command {
    public Obstacles {
      obstacles = Collections.unmodifiableSortedSet(new TreeSet<>(obstacles));
    }
  }

  /** A controller has not been heard for a while. */
  private record Unheard(String controller) implements Command {}

  /** What is inside the cluster, and what is wrong with the object that asks for it. */
  public record ClusterInfo(ObjectRef object, List<Violation> violations, ClusterNetworks networks)
      implements Command {
    public ClusterInfo {
      violations = List.copyOf(violations);
    }
  }

  /**
   * The object is gone from the API; it is not written again until it is reported anew.
   *
   * <p>An EgressTunnel that is forgotten is deleted.
   */
  public record Forget(ObjectRef.Key object) implements Command {}

  /** Somebody has deleted an object of ours: it is written again if it should be there. */
  public record Missing(ObjectRef.Key object) implements Command {}

  /** A watch has begun; it stays in this process. */
  public record Watching(SeenPolicies policies) implements Command {}

  /** Enough has been gathered. */
  private record Flush() implements Command {}

  /** Somebody may have changed by hand what we wrote. */
  private record Recheck() implements Command {}

  /** It may be written again. */
  private record Rested(Target target) implements Command {}

  /** It is time to try again. */
  private record Retry(Target target) implements Command {}

  private record Finished(Target target, Wanted wanted, Outcome outcome) implements Command {}

  /** How long changes of an object are gathered before it is written. */
  static final Duration GATHER = Duration.ofMillis(50);

  /** So many objects at once are a herd. */
  static final int HERD = 64;

  private static final Duration GATHER_HERD = Duration.ofMillis(250);

  /** A gateway with a herd of addresses is large to write, and changes with each of them. */
  static final Duration LARGE_RESTS = Duration.ofSeconds(1);

  /** Two seconds in all. */
  private static final int WAITS_MAX = 8;

  /** Writes at once; an API server serves hundreds of clients. */
  static final int IN_FLIGHT_MAX = 8;

  /** Controllers tell every second. */
  static final Duration OBSTACLES_LAST = Duration.ofSeconds(5);

  private static final Duration RECHECK_INTERVAL = Duration.ofMinutes(10);
  private static final Duration FIRST_RETRY = Duration.ofMillis(500);

  /** The fifth pause is 8 s; by then the object is reported again. */
  static final int RETRIES_MAX = 5;

  private final StatusBoard board = new StatusBoard();
  private final Backlog dirty = new Backlog();

  /** What is being written; nothing if the object was forgotten or deleted meanwhile. */
  private final Map<Target, Optional<Wanted>> inFlight = new HashMap<>();

  /** What was written just now and is large. */
  private final Set<Target> resting = new HashSet<>();

  private final Map<Target, Wanted> shown = new HashMap<>();
  private final Map<Target, Integer> failures = new HashMap<>();

  // How many objects there were when a herd was last looked at, and how often it was waited for.
  private int gathered;
  private int waits;
  private final TimerScheduler<Command> timers;
  private final StatusStore store;
  private final Executor blocking;
  private final StatusWatch watch;

  private StatusWriter(
      ActorContext<Command> context,
      TimerScheduler<Command> timers,
      StatusStore store,
      Executor blocking,
      StatusWatch watch) {
    super(context);
    context.setLoggerName(StatusWriter.class);
    this.timers = timers;
    this.store = store;
    this.blocking = blocking;
    this.watch = watch;
    timers.startTimerWithFixedDelay(new Recheck(), RECHECK_INTERVAL);
  }

  /**
   * A writer to this API.
   *
   * @param blocking runs the calls; never more than {@value #IN_FLIGHT_MAX} at once
   * @param clock for conditions and events
   * @param numbers of the nodes' kernels
   * @param watch is told what happens
   */
  public static Behavior<Command> create(
      KubernetesClient client,
      Executor blocking,
      Clock clock,
      KernelNumbers numbers,
      StatusWatch watch) {
    return create(
        new KubernetesStatusStore(client, clock, numbers, new EventQueue()), blocking, watch);
  }

  static Behavior<Command> create(StatusStore store, Executor blocking, StatusWatch watch) {
    return Behaviors.setup(
        context ->
            Behaviors.withTimers(
                timers -> new StatusWriter(context, timers, store, blocking, watch)));
  }

  @Override
  public Behavior<Command> onMessage(Command command) {
    switch (command) {
      case Report(StatusReport report) -> {
        watch.told(report);
        gather(board.report(report));
      }
      case Awaited(PolicyKey policy, Optional<SpecVersion> version) ->
          watch.awaits(policy, version);
      case Violations violations -> gather(board.violations(violations));
      case Remark remark -> gather(board.remark(remark));
      case PolicyEndpoints endpoints -> gather(board.endpoints(endpoints));
      case ClusterInfo info -> gather(board.clusterInfo(info));
      case NotReadyNodes(SortedSet<NodeName> nodes) -> gather(board.notReady(nodes));
      case Obstacles obstacles -> obstruct(obstacles);
      case Unheard(String controller) ->
          gather(board.obstacles(new Obstacles(controller, Collections.emptySortedSet())));
      case Forget(ObjectRef.Key object) -> forget(object);
      case Missing(ObjectRef.Key object) -> {
        Target status = new StatusBoard.StatusOf(object);
        doubt(status);
        gather(Set.of(status));
      }
      case Watching(SeenPolicies policies) -> store.see(policies);
      case Flush ignored -> flush();
      case Rested(Target target) -> {
        resting.remove(target);
        startWrites();
      }
      case Recheck ignored -> {
        shown.clear();
        store.doubt();
      }
      case Retry(Target target) -> gather(Set.of(target));
      case Finished finished -> finish(finished);
    }
    return this;
  }

  private void obstruct(Obstacles told) {
    Unheard unheard = new Unheard(told.controller());
    if (told.obstacles().isEmpty()) {
      timers.cancel(unheard);
    } else {
      timers.startSingleTimer(unheard, unheard, OBSTACLES_LAST);
    }
    gather(board.obstacles(told));
  }

  private void gather(Set<Target> targets) {
    for (Target target : targets) {
      Optional<Wanted> wanted = board.wanted(target);
      if (target instanceof StatusBoard.StatusOf(ObjectRef.Key object)) {
        watch.shows(object, wanted.flatMap(Wanted::shown));
      }
      if (isDue(target, wanted)) {
        dirty.add(target);
      }
    }
    if (dirty.size() > 0 && !timers.isTimerActive(Flush.class)) {
      timers.startSingleTimer(Flush.class, new Flush(), GATHER);
    }
  }

  /**
   * A herd that is still growing is given the processor first: it says more than once how each of
   * its objects is doing, and is not done sooner for being shown.
   */
  private void flush() {
    int size = dirty.size();
    boolean grows = size >= HERD && size > gathered && inFlight.isEmpty();
    if (grows && waits < WAITS_MAX) {
      gathered = size;
      waits++;
      timers.startSingleTimer(Flush.class, new Flush(), GATHER_HERD);
    } else {
      gathered = 0;
      waits = 0;
      startWrites();
    }
  }

  private boolean isDue(Target target, Optional<Wanted> wanted) {
    Optional<Wanted> last =
        inFlight.containsKey(target)
            ? inFlight.getOrDefault(target, Optional.empty())
            : Optional.ofNullable(shown.get(target));
    return wanted.isPresent() && !wanted.equals(last);
  }

  private void forget(ObjectRef.Key object) {
    Target status = new StatusBoard.StatusOf(object);
    doubt(status);
    failures.remove(status);
    gather(board.forget(object));
  }

  /** Takes nothing for shown: neither what was written nor what is being written. */
  private void doubt(Target target) {
    shown.remove(target);
    inFlight.computeIfPresent(target, (status, wanted) -> Optional.empty());
  }

  private void startWrites() {
    for (Optional<Target> next = next(); next.isPresent(); next = next()) {
      Target target = next.get();
      board
          .wanted(target)
          .filter(wanted -> !wanted.equals(shown.get(target)))
          .ifPresent(wanted -> start(target, wanted));
    }
  }

  private Optional<Target> next() {
    return inFlight.size() < IN_FLIGHT_MAX
        ? dirty.take(this::mayStart, inFlight.keySet())
        : Optional.empty();
  }

  /** One write per object at a time: it starts again when the one under way is done. */
  private boolean mayStart(Target target) {
    return !inFlight.containsKey(target) && !resting.contains(target);
  }

  private void start(Target target, Wanted wanted) {
    inFlight.put(target, Optional.of(wanted));
    getContext()
        .pipeToSelf(
            CompletableFuture.supplyAsync(() -> store.write(wanted), blocking),
            (outcome, failure) ->
                new Finished(
                    target,
                    wanted,
                    failure == null ? outcome : new Outcome.Failed(reason(failure))));
  }

  private static boolean isLarge(Wanted wanted) {
    return wanted instanceof Wanted.OfGateway gateway
        && gateway.report().filter(told -> told.pools().placements().size() >= HERD).isPresent();
  }

  private static String reason(Throwable failure) {
    return failure instanceof CompletionException && failure.getCause() != null
        ? failure.getCause().toString()
        : failure.toString();
  }

  private void finish(Finished finished) {
    Target target = finished.target();
    watch.wrote(finished.outcome().kind());
    if (isLarge(finished.wanted())) {
      resting.add(target);
      timers.startSingleTimer(new Rested(target), new Rested(target), LARGE_RESTS);
    }
    Optional<Wanted> written =
        Objects.requireNonNullElse(inFlight.remove(target), Optional.empty());
    switch (finished.outcome()) {
      case Outcome.Settled ignored -> settle(finished, written);
      case Outcome.Gone ignored -> {
        failures.remove(target);
        shown.remove(target);
        board.settled(finished.wanted());
      }
      case Outcome.Failed failed -> fail(target, failed);
    }
    if (!timers.isTimerActive(Flush.class) || dirty.size() >= HERD) {
      startWrites();
    }
  }

  /**
   * Notes what the API shows.
   *
   * @param written nothing if the object was forgotten or deleted meanwhile
   */
  private void settle(Finished finished, Optional<Wanted> written) {
    Target target = finished.target();
    failures.remove(target);
    board.settled(finished.wanted());
    if (board.wanted(target).isPresent()) {
      written.ifPresent(wanted -> shown.put(target, wanted));
    } else {
      shown.remove(target);
    }
  }

  private void fail(Target target, Outcome.Failed failed) {
    shown.remove(target);
    int count = failures.merge(target, 1, Integer::sum);
    getContext()
        .getLog()
        .warn(
            "status not written object={} attempt={} cause=\"{}\"", target, count, failed.reason());
    if (count <= RETRIES_MAX) {
      timers.startSingleTimer(
          target, new Retry(target), FIRST_RETRY.multipliedBy(1L << (count - 1)));
    } else {
      failures.remove(target);
    }
  }
}
