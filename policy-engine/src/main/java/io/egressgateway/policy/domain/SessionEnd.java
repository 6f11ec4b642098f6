package io.egressgateway.policy.domain;

import io.egressgateway.core.model.NodeSession;
import java.util.Collections;
import java.util.SortedSet;
import java.util.TreeSet;

/** Why it is certain that a session is over (R7): nothing under it is open, or ever will be. */
public sealed interface SessionEnd {
  /** The session that is over. */
  NodeSession session();

  /**
   * A majority of the witnesses voted it dead.
   *
   * @param round that all votes are of
   * @param witnesses who voted, by index
   */
  record Certificate(NodeSession session, long round, SortedSet<Integer> witnesses)
      implements SessionEnd {
    public Certificate {
      witnesses = Collections.unmodifiableSortedSet(new TreeSet<>(witnesses));
    }
  }

  /** A later session of the same boot was heard of: the kernel had let go before it spoke. */
  record LaterIncarnation(NodeSession session, NodeSession later) implements SessionEnd {
    /**
     * Checks the order.
     *
     * @throws IllegalArgumentException when the later session is not a later one of the same boot
     */
    public LaterIncarnation {
      if (!later.isLaterThan(session)) {
        throw new IllegalArgumentException(later + " does not follow on " + session);
      }
    }
  }
}
