package io.egressgateway.policy.entity;

import akka.actor.typed.ActorRef;
import akka.actor.typed.Behavior;
import akka.actor.typed.Terminated;
import akka.actor.typed.javadsl.ActorContext;
import akka.actor.typed.javadsl.Behaviors;
import akka.actor.typed.javadsl.TimerScheduler;
import java.time.Duration;
import java.util.LinkedHashSet;
import java.util.SequencedSet;

/**
 * Stands before an entity that whole herds of others talk to, and lets through no more than fits
 * into the entity's stash: what comes while the entity waits for its journal would be dropped
 * otherwise, and an address whose message is dropped is dark until somebody says it again.
 *
 * <p>Commands keep their order. Of equal ones the last stays: everybody repeats what nobody has
 * confirmed, and an entity that is behind must not fall behind further for it. What the entity
 * tells itself does not pass here, and what others answer to it does not either: that is little.
 */
final class Sluice<C> {
  /** Commands between two marks. */
  static final int LOCK = 64;

  /**
   * Commands that may be with the entity. Well under its stash ({@code
   * akka.persistence.typed.stash-capacity}), which has the entity's own messages in it, too.
   */
  static final int WITH_ENTITY_MAX = 2 * LOCK;

  /** Commands that wait here; those beyond are dropped and, like any lost message, said again. */
  static final int WAITING_MAX = 20_000;

  /** An entity that failed at its journal has forgotten what was in its stash, marks included. */
  private static final Duration MARK_AGAIN = Duration.ofSeconds(1);

  /** Everything that was let through before this mark has been taken. */
  record Passed(long mark) {}

  /** Makes the command that an entity answers with {@link Passed} once it comes to it. */
  @FunctionalInterface
  interface Marker<C> {
    C mark(ActorRef<Passed> answerTo, long mark);
  }

  private enum MarkAgain {
    INSTANCE
  }

  private final ActorContext<Object> context;
  private final TimerScheduler<Object> timers;
  private final ActorRef<C> entity;
  private final Marker<C> marker;
  private final ActorRef<Passed> answers;
  private final Class<C> commands;
  private final SequencedSet<C> waiting = new LinkedHashSet<>();
  // Both count the commands that were let through; a mark is the count at its time.
  private long sent;
  private long marked;
  private long passed;

  private Sluice(
      ActorContext<Object> context,
      TimerScheduler<Object> timers,
      Class<C> commands,
      Behavior<C> entity,
      Marker<C> marker) {
    this.context = context;
    this.timers = timers;
    this.commands = commands;
    this.entity = context.spawn(entity, "entity");
    this.marker = marker;
    this.answers = context.getSelf().narrow();
    context.watch(this.entity);
  }

  /** The entity behind its sluice; both end together. */
  static <C> Behavior<C> before(Behavior<C> entity, Class<C> commands, Marker<C> marker) {
    return Behaviors.<Object>setup(
            context ->
                Behaviors.withTimers(
                    timers -> new Sluice<>(context, timers, commands, entity, marker).behavior()))
        .narrow();
  }

  private Behavior<Object> behavior() {
    return Behaviors.receive(Object.class)
        .onMessage(Passed.class, this::passed)
        .onMessage(commands, this::take)
        .onMessage(MarkAgain.class, ignored -> markAgain())
        .onSignal(Terminated.class, ended -> Behaviors.stopped())
        .build();
  }

  private Behavior<Object> take(C command) {
    waiting.remove(command);
    if (waiting.size() < WAITING_MAX) {
      waiting.add(command);
    } else {
      context.getLog().warn("entity is too busy, dropped command={}", command);
    }
    return flow();
  }

  private Behavior<Object> passed(Passed mark) {
    passed = Math.max(passed, mark.mark());
    if (passed == marked) {
      timers.cancel(MarkAgain.INSTANCE);
    }
    return flow();
  }

  private Behavior<Object> flow() {
    while (sent - passed < WITH_ENTITY_MAX && !waiting.isEmpty()) {
      entity.tell(waiting.removeFirst());
      sent++;
      if (sent - marked >= LOCK) {
        mark();
      }
    }
    return Behaviors.same();
  }

  private Behavior<Object> markAgain() {
    mark();
    return Behaviors.same();
  }

  private void mark() {
    marked = sent;
    entity.tell(marker.mark(answers, marked));
    timers.startSingleTimer(MarkAgain.INSTANCE, MarkAgain.INSTANCE, MARK_AGAIN);
  }
}
