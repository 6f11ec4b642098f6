package io.egressgateway.policy.plan;

/** How fit a member of a gateway is to hold egress IPs, by Kubernetes' word and by its lease. */
public enum Fitness {
  /** It may be given addresses, and keeps what it has. */
  GOOD,
  /** It lost its lease too often of late: only if nobody else is good. */
  RESERVE,
  /** It keeps what it has and is given nothing: cordoned, silent, or not heard of yet. */
  KEEPS,
  /** It is being emptied, while it still carries what it has. */
  DRAINED,
  /** It cannot, or may not, carry anything. */
  UNFIT,
  /** Its session is over, and there is no other. */
  LOST
}
