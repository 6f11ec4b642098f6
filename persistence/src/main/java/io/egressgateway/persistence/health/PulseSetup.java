package io.egressgateway.persistence.health;

import akka.actor.setup.Setup;

/** Tells an actor system's journal where to say how its writes go. */
public final class PulseSetup extends Setup {
  private final JournalPulse pulse;

  public PulseSetup(JournalPulse pulse) {
    this.pulse = pulse;
  }

  JournalPulse pulse() {
    return pulse;
  }
}
