package io.egressgateway.core.model;

/** What a node does with an egress IP when it reaches no majority of the witnesses any more. */
public enum WitnessLoss {
  /** It stops within the lease; the address moves as soon as the lease is proved to be over. */
  CLOSE,
  /**
   * It goes on. No certificate and no later session of the node then proves that the address is
   * free: only the node's own word that it has stopped, or an operator's that the machine is off.
   */
  HOLD;

  /**
   * Whether a node has what one of its sessions was given: what is held outlives the session, as
   * long as the boot lasts.
   *
   * @param owner the session that it was given to
   * @param present the node's session now
   */
  public boolean serves(NodeSession owner, NodeSession present) {
    return owner.equals(present) || (this == HOLD && present.isLaterThan(owner));
  }
}
