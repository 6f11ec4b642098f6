package io.egressgateway.load.bench.failover;

import java.util.Locale;

/** What can be measured. */
public enum Part {
  /** A gateway node loses its power. */
  NODE,
  /** The same with the quickest leases. */
  EXPRESS,
  /** {@code egctl vip move}. */
  MOVE,
  /** {@code egctl drain}. */
  DRAIN,
  /** SIGTERM to the agents, one after the other. */
  ROLLING,
  /** SIGSTOP of the holder's agent. */
  PAUSE,
  /** {@code kill -9} of a controller. */
  CONTROLLER,
  /** A gateway node and a controller at once. */
  BOTH,
  /** All controllers, the database and the API are stopped. */
  OUTAGE,
  /** A gateway node with a thousand egress IPs. */
  THOUSAND;

  @Override
  public String toString() {
    return name().toLowerCase(Locale.ROOT);
  }
}
