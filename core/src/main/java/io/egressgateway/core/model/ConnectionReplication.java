package io.egressgateway.core.model;

/** What becomes of a gateway's connections when the node that holds their address crashes. */
public enum ConnectionReplication {
  /** They are known to that node alone, and lost with it. */
  OFF,
  /** Another node is told of them all the time, and goes on with them. */
  ON
}
