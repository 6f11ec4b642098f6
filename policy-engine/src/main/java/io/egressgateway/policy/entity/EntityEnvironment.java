package io.egressgateway.policy.entity;

import akka.actor.typed.ActorRef;
import java.time.Clock;

/**
 * What every entity of a controller is given.
 *
 * @param entities the way to the others
 * @param desk where specs are asked for
 * @param clock dates the events; decides nothing
 */
record EntityEnvironment(
    EntityDirectory entities,
    PolicyEngineSettings settings,
    ActorRef<SpecDesk.Command> desk,
    Clock clock) {

  void ask(SpecRequest request) {
    desk.tell(new SpecDesk.Ask(request));
  }
}
