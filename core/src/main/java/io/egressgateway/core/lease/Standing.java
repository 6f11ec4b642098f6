package io.egressgateway.core.lease;

/** What an agent says of its session. */
public enum Standing {
  /** It has no lease: nothing here is open. */
  UNLEASED,
  /** It has no lease, and holds on to those addresses that it may hold without. */
  HOLDING,
  /** It has a lease and can hold addresses. */
  LEASED,
  /** It has a lease and holds what it holds, but is about to end: it wants to hand all over. */
  LEAVING,
  /** It has a lease but no way to the network: it has closed all gates and released all. */
  UPLINK_DOWN
}
