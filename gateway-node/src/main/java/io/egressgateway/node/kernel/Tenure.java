package io.egressgateway.node.kernel;

/** Whether the node may have egress IPs in its kernel, behind their closed gates or open. */
public enum Tenure {
  /** It has a lease, or holds on to what needs none. */
  LEASED,
  /**
   * It is to have a lease, and has none at this moment: what can be there before the first egress
   * IP is, so that one can come quickly.
   */
  ENLISTED,
  /**
   * It has none, and nobody wants it to: whatever its plan says, no egress IP may be on its links
   * or in its maps.
   */
  UNLEASED
}
