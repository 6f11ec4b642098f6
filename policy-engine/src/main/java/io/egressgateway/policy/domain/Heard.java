package io.egressgateway.policy.domain;

import io.egressgateway.core.lease.Standing;
import io.egressgateway.core.model.NodeSession;

/**
 * The session of a node that was last heard of.
 *
 * @param wasLeased whether addresses may have been given to it
 */
record Heard(NodeSession session, Standing standing, long atNanos, boolean wasLeased) {

  static Heard first(AuthorityCore.Event.Beat beat, long now) {
    boolean leased = isLeased(beat.standing());
    return new Heard(beat.session(), beat.standing(), now, leased);
  }

  Heard again(AuthorityCore.Event.Beat beat, long now) {
    boolean leased = wasLeased || isLeased(beat.standing());
    return new Heard(session, beat.standing(), now, leased);
  }

  private static boolean isLeased(Standing standing) {
    return switch (standing) {
      case LEASED, LEAVING, UPLINK_DOWN -> true;
      case UNLEASED, HOLDING -> false;
    };
  }
}
