package io.egressgateway.policy.entity;

import akka.actor.typed.Behavior;
import akka.actor.typed.javadsl.ActorContext;
import akka.actor.typed.javadsl.Behaviors;
import akka.persistence.typed.PersistenceId;
import akka.persistence.typed.javadsl.CommandHandler;
import akka.persistence.typed.javadsl.Effect;
import akka.persistence.typed.javadsl.EventHandler;
import akka.persistence.typed.javadsl.EventSourcedBehavior;
import io.egressgateway.core.event.NumberingEvent;
import io.egressgateway.policy.domain.Decision;
import io.egressgateway.policy.domain.NumberSpace;
import io.egressgateway.policy.domain.Numbering;

/** Number spaces as actors. */
final class NumberingBehavior
    extends EventSourcedBehavior<NumberingEntity.Command, NumberingEvent, Numbering.State> {
  private final ActorContext<NumberingEntity.Command> context;
  private final NumberSpace space;
  private final EntityEnvironment environment;

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
      case NumberingEntity.Free(String name) ->
          Effect()
              .persist(
                  Numbering.decide(
                          state, new Numbering.Command.Free(name), environment.clock().instant())
                      .events());
    };
  }

  private Effect<NumberingEvent, Numbering.State> assign(
      Numbering.State state, NumberingEntity.Assign assign) {
    Decision<NumberingEvent, Numbering.Outcome> decision =
        Numbering.decide(
            state, new Numbering.Command.Assign(assign.name()), environment.clock().instant());
    return Effect()
        .persist(decision.events())
        .thenRun(ignored -> assign.replyTo().tell(reply(assign.name(), decision.outcome())));
  }

  private NumberingEntity.Reply reply(String name, Numbering.Outcome outcome) {
    return switch (outcome) {
      case Numbering.Outcome.Given(int number) -> new NumberingEntity.Numbered(space, name, number);
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
