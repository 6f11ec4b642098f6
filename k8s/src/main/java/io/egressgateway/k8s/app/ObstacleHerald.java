package io.egressgateway.k8s.app;

import akka.actor.typed.ActorRef;
import akka.actor.typed.Behavior;
import akka.actor.typed.javadsl.AbstractOnMessageBehavior;
import akka.actor.typed.javadsl.ActorContext;
import akka.actor.typed.javadsl.Behaviors;
import io.egressgateway.policy.entity.FailoverObstacle;
import io.egressgateway.policy.entity.WatcherMessage;
import java.time.Duration;
import java.util.Collections;
import java.util.SortedSet;
import java.util.function.Supplier;

/**
 * Tells the cluster's watcher every second what keeps this controller from failing over, and the
 * log when that changes.
 */
final class ObstacleHerald extends AbstractOnMessageBehavior<ObstacleHerald.Tick> {
  static final Duration INTERVAL = Duration.ofSeconds(1);

  /** A second has gone by. */
  record Tick() {}

  private final String controller;
  private final Supplier<SortedSet<FailoverObstacle>> obstacles;
  private final ActorRef<? super WatcherMessage> watcher;
  private SortedSet<FailoverObstacle> logged = Collections.emptySortedSet();

  private ObstacleHerald(
      ActorContext<Tick> context,
      String controller,
      Supplier<SortedSet<FailoverObstacle>> obstacles,
      ActorRef<? super WatcherMessage> watcher) {
    super(context);
    this.controller = controller;
    this.obstacles = obstacles;
    this.watcher = watcher;
  }

  /**
   * The actor that tells.
   *
   * @param controller this one's address
   * @param watcher wherever it is
   */
  static Behavior<Tick> create(
      String controller,
      Supplier<SortedSet<FailoverObstacle>> obstacles,
      ActorRef<? super WatcherMessage> watcher) {
    return Behaviors.setup(
        context ->
            Behaviors.withTimers(
                timers -> {
                  timers.startTimerWithFixedDelay(new Tick(), INTERVAL);
                  return new ObstacleHerald(context, controller, obstacles, watcher);
                }));
  }

  @Override
  public Behavior<Tick> onMessage(Tick tick) {
    SortedSet<FailoverObstacle> seen = obstacles.get();
    watcher.tell(new WatcherMessage.Obstacles(controller, seen));
    if (!seen.equals(logged)) {
      getContext().getLog().warn("failover obstacles={} before={}", seen, logged);
      logged = seen;
    }
    return this;
  }
}
