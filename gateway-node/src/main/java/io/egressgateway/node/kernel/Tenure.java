package io.egressgateway.node.kernel;

/** Whether the node may have egress IPs in its kernel, behind their closed gates or open. */
public enum Tenure {
  /** It has a lease. */
  LEASED,
  /** It has none: whatever its plan says, no egress IP may be on its links or in its maps. */
  UNLEASED
}
