package io.egressgateway.policy.plan;

/**
 * Whether a node that the gateway's selector matches may hold egress IPs, as Kubernetes says. The
 * declaration order is from best to worst.
 */
public enum Eligibility {
  /** It may be given addresses. */
  ELIGIBLE,
  /** Cordoned: it keeps what it has and is given nothing more. */
  UNSCHEDULABLE,
  /** An operator empties it: its addresses move, one after the other, where they can. */
  DRAINING,
  /** Kubernetes says that the node is not ready: its addresses move where they can. */
  NOT_READY,
  /**
   * It is no part of the tunnel mesh, or its agent could not program its kernel: its addresses move
   * where they can. An agent that is merely restarting does not make a node this.
   */
  NO_TUNNEL
}
