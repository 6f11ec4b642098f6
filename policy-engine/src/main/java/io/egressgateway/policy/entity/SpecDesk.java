package io.egressgateway.policy.entity;

import akka.actor.typed.ActorRef;
import akka.actor.typed.Behavior;
import akka.actor.typed.javadsl.AbstractOnMessageBehavior;
import akka.actor.typed.javadsl.ActorContext;
import akka.actor.typed.javadsl.Behaviors;
import java.util.LinkedHashSet;
import java.util.Optional;
import java.util.Set;

/**
 * Where this controller's entities ask for specs. It gathers what is asked before anybody serves,
 * so that entities may start before the watcher does.
 */
final class SpecDesk extends AbstractOnMessageBehavior<SpecDesk.Command> {

  sealed interface Command {}

  /** An entity asks. */
  record Ask(SpecRequest request) implements Command {}

  /** From now on this one answers. */
  record Serve(ActorRef<SpecRequest> watcher) implements Command {}

  /** Entities ask again, so that what does not fit is asked later. */
  private static final int WAITING_MAX = 100_000;

  private final Set<SpecRequest> waiting = new LinkedHashSet<>();
  private Optional<ActorRef<SpecRequest>> watcher = Optional.empty();

  private SpecDesk(ActorContext<Command> context) {
    super(context);
  }

  static Behavior<Command> create() {
    return Behaviors.setup(SpecDesk::new);
  }

  @Override
  public Behavior<Command> onMessage(Command command) {
    switch (command) {
      case Ask(SpecRequest request) -> ask(request);
      case Serve(ActorRef<SpecRequest> server) -> serve(server);
    }
    return this;
  }

  private void ask(SpecRequest request) {
    watcher.ifPresentOrElse(server -> server.tell(request), () -> keep(request));
  }

  private void keep(SpecRequest request) {
    if (waiting.size() < WAITING_MAX) {
      waiting.add(request);
    }
  }

  private void serve(ActorRef<SpecRequest> server) {
    watcher = Optional.of(server);
    waiting.forEach(server::tell);
    waiting.clear();
  }
}
