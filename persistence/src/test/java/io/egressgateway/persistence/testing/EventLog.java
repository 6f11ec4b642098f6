package io.egressgateway.persistence.testing;

import akka.actor.typed.ActorRef;
import akka.actor.typed.Behavior;
import akka.persistence.typed.PersistenceId;
import akka.persistence.typed.javadsl.CommandHandler;
import akka.persistence.typed.javadsl.EventHandler;
import akka.persistence.typed.javadsl.EventSourcedBehavior;
import java.util.List;
import java.util.stream.Stream;

/** An entity whose state is the list of its events. */
public final class EventLog extends EventSourcedBehavior<EventLog.Command, Object, List<Object>> {

  /** What the entity is asked. */
  public sealed interface Command {}

  /** Answered by all events, once this one is in the journal. */
  public record Append(Object event, ActorRef<List<Object>> replyTo) implements Command {}

  /** Answered by all events. */
  public record Read(ActorRef<List<Object>> replyTo) implements Command {}

  private EventLog(String persistenceId) {
    super(PersistenceId.ofUniqueId(persistenceId));
  }

  public static Behavior<Command> create(String persistenceId) {
    return new EventLog(persistenceId);
  }

  @Override
  public List<Object> emptyState() {
    return List.of();
  }

  @Override
  public CommandHandler<Command, Object, List<Object>> commandHandler() {
    return (state, command) ->
        switch (command) {
          case Append(var event, var replyTo) ->
              Effect().persist(event).thenRun(next -> replyTo.tell(next));
          case Read(var replyTo) -> Effect().none().thenRun(same -> replyTo.tell(same));
        };
  }

  @Override
  public EventHandler<List<Object>, Object> eventHandler() {
    return (state, event) -> Stream.concat(state.stream(), Stream.of(event)).toList();
  }
}
