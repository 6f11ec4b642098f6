package io.egressgateway.policy.domain;

import io.egressgateway.core.model.NodeSession;
import java.util.Optional;

/**
 * What a node can be used for.
 *
 * @param session the one that was last heard of and is not known to be over
 */
public record NodeStanding(Optional<NodeSession> session, Kind kind) {

  /** From a node that nothing is known of to one that may be given addresses. */
  public enum Kind {
    /** It may be given addresses. No other kind may. */
    LEASED,
    /** It has no lease, or nothing was ever heard of it. */
    UNLEASED,
    /**
     * It has no lease, and goes on with those addresses that may be held without; it gets nothing
     * new.
     */
    HOLDING,
    /** It has a lease and is about to end: its addresses are to be moved. */
    LEAVING,
    /** It has a lease and cannot reach its network: it has released all. */
    UPLINK_DOWN,
    /** It is not heard of. It may still carry what it holds; it gets nothing new. */
    SILENT,
    /** It has a lease, but lost too many of late: it gets nothing until it was calm for a time. */
    HELD_DOWN
  }

  /** Nothing was ever heard of the node. */
  public static NodeStanding unknown() {
    return new NodeStanding(Optional.empty(), Kind.UNLEASED);
  }

  /** The session that addresses may be given to now. */
  public Optional<NodeSession> usable() {
    return kind == Kind.LEASED ? session : Optional.empty();
  }
}
