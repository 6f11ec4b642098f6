package io.egressgateway.core.model;

/** What becomes of new connections while no node holds their egress IP. */
public enum FailMode {
  /** They are dropped: nothing ever leaves with another source address. */
  CLOSED,
  /** They leave as if no policy selected them. */
  OPEN
}
