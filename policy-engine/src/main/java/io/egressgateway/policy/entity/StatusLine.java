package io.egressgateway.policy.entity;

import akka.actor.typed.ActorRef;
import java.util.Optional;

/** Says what a status is to whoever listens, and says nothing twice. */
final class StatusLine {
  private Optional<ActorRef<StatusReport>> listener = Optional.empty();
  private Optional<StatusReport> said = Optional.empty();

  /** From now on this one listens, and has heard nothing yet. */
  void listen(ActorRef<StatusReport> newListener) {
    listener = Optional.of(newListener);
    said = Optional.empty();
  }

  void say(StatusReport report) {
    if (!said.equals(Optional.of(report))) {
      listener.ifPresent(
          target -> {
            target.tell(report);
            said = Optional.of(report);
          });
    }
  }
}
