package io.egressgateway.policy.entity;

import akka.actor.typed.ActorRef;
import io.egressgateway.core.lease.LeaseTerms;
import io.egressgateway.policy.witness.WitnessPanel;
import java.time.Clock;
import java.util.function.LongSupplier;

/**
 * What every entity of a controller is given.
 *
 * @param entities the way to the others
 * @param desk where specs are asked for
 * @param clock dates the events; decides nothing
 * @param leases how long a silent node may go on, and who is asked whether it is over
 * @param watch is told what happens
 */
record EntityEnvironment(
    EntityDirectory entities,
    PolicyEngineSettings settings,
    ActorRef<SpecDesk.Command> desk,
    Clock clock,
    LeaseEnvironment leases,
    EngineWatch watch) {

  LeaseTerms leaseTerms() {
    return leases.terms();
  }

  WitnessPanel witnesses() {
    return leases.witnesses();
  }

  LongSupplier nanoClock() {
    return leases.nanoClock();
  }

  void ask(SpecRequest request) {
    desk.tell(new SpecDesk.Ask(request));
  }
}
