package io.egressgateway.policy.entity;

import akka.actor.typed.ActorRef;
import akka.actor.typed.Behavior;
import akka.actor.typed.javadsl.ActorContext;
import akka.actor.typed.javadsl.Behaviors;
import akka.persistence.typed.PersistenceId;
import akka.persistence.typed.javadsl.CommandHandler;
import akka.persistence.typed.javadsl.Effect;
import akka.persistence.typed.javadsl.EventHandler;
import akka.persistence.typed.javadsl.EventSourcedBehavior;
import io.egressgateway.core.event.NumberingEvent;
import io.egressgateway.policy.domain.NumberSpace;
import io.egressgateway.policy.domain.Numbering;
import java.util.HashMap;
import java.util.HashSet;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;

/** Number spaces as actors. */
final class NumberingBehavior
    extends EventSourcedBehavior<NumberingEntity.Command, NumberingEvent, Numbering.State> {
  private final ActorContext<NumberingEntity.Command> context;
  private final NumberSpace space;
  private final EntityEnvironment environment;

  /** Names without a number, and who asked. Forgotten with the entity; then they ask again. */
  private final TreeMap<String, Set<ActorRef<NumberingEntity.Reply>>> asking = new TreeMap<>();

  private NumberingBehavior(
      ActorContext<NumberingEntity.Command> context,
      NumberSpace space,
      EntityEnvironment environment) {
    super(PersistenceId.of("numbering", space.key()), JournalFailures.RESTART);
    this.context = context;
    this.space = space;
    this.environment = environment;
  }

  static Behavior<NumberingEntity.Command> create(
      NumberSpace space, EntityEnvironment environment) {
    return Behaviors.setup(context -> new NumberingBehavior(context, space, environment));
  }

  @Override
  public Numbering.State emptyState() {
    return Numbering.State.empty(space);
  }

  @Override
  public CommandHandler<NumberingEntity.Command, NumberingEvent, Numbering.State> commandHandler() {
    return this::onCommand;
  }

  @Override
  public EventHandler<Numbering.State, NumberingEvent> eventHandler() {
    return Numbering::evolve;
  }

  private Effect<NumberingEvent, Numbering.State> onCommand(
      Numbering.State state, NumberingEntity.Command command) {
    return switch (command) {
      case NumberingEntity.Assign assign -> assign(state, assign);
      case NumberingEntity.Free(String name) -> free(state, name);
      case NumberingEntity.Settle ignored -> settle(state);
      case NumberingEntity.Mark(ActorRef<Sluice.Passed> answerTo, long mark) -> {
        answerTo.tell(new Sluice.Passed(mark));
        yield Effect().none();
      }
    };
  }

  /** Whoever has a number is answered at once; what else is in the mailbox is one write. */
  private Effect<NumberingEvent, Numbering.State> assign(
      Numbering.State state, NumberingEntity.Assign assign) {
    state
        .numberOf(assign.name())
        .ifPresentOrElse(
            number -> assign.replyTo().tell(numbered(assign.name(), number)), () -> gather(assign));
    return Effect().none();
  }

  private void gather(NumberingEntity.Assign assign) {
    if (asking.isEmpty()) {
      context.getSelf().tell(new NumberingEntity.Settle());
    }
    asking.computeIfAbsent(assign.name(), name -> new HashSet<>()).add(assign.replyTo());
  }

  private Effect<NumberingEvent, Numbering.State> settle(Numbering.State state) {
    Numbering.Assignment assignment =
        Numbering.assignAll(state, asking.navigableKeySet(), environment.clock().instant());
    Map<String, Set<ActorRef<NumberingEntity.Reply>>> answering = new HashMap<>(asking);
    asking.clear();
    return Effect()
        .persist(assignment.events())
        .thenRun(
            ignored ->
                assignment
                    .outcomes()
                    .forEach((name, outcome) -> answer(answering, reply(name, outcome), name)));
  }

  private static void answer(
      Map<String, Set<ActorRef<NumberingEntity.Reply>>> answering,
      NumberingEntity.Reply reply,
      String name) {
    answering.getOrDefault(name, Set.of()).forEach(asker -> asker.tell(reply));
  }

  /** Whoever asked for it has no use for the answer any more. */
  private Effect<NumberingEvent, Numbering.State> free(Numbering.State state, String name) {
    asking.remove(name);
    return Effect()
        .persist(
            Numbering.decide(state, new Numbering.Command.Free(name), environment.clock().instant())
                .events());
  }

  private NumberingEntity.Numbered numbered(String name, int number) {
    return new NumberingEntity.Numbered(space, name, number);
  }

  private NumberingEntity.Reply reply(String name, Numbering.Outcome outcome) {
    return switch (outcome) {
      case Numbering.Outcome.Given(int number) -> numbered(name, number);
      case Numbering.Outcome.Full ignored -> exhausted(name);
      case Numbering.Outcome.Unnumbered ignored -> exhausted(name);
    };
  }

  private NumberingEntity.Reply exhausted(String name) {
    context
        .getLog()
        .error("number space exhausted space={} name={} max={}", space.key(), name, space.max());
    return new NumberingEntity.Exhausted(space, name);
  }
}
