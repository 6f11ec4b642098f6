package io.egressgateway.policy.domain;

import io.egressgateway.core.model.NodeSession;
import java.time.Duration;
import java.util.Collections;
import java.util.Optional;
import java.util.SortedMap;
import java.util.SortedSet;
import java.util.TreeMap;
import java.util.TreeSet;

/**
 * Sessions of one node that keep their lease though no controller hears them, and which of them are
 * denied renewals because of it.
 */
final class Denials {
  /** Pause before it is said again that a session is to be denied, until the journal has it. */
  private static final Duration SAID_AGAIN = Duration.ofSeconds(1);

  private final Optional<Duration> staleTimeout;
  private final TreeSet<NodeSession> denied = new TreeSet<>();
  private final SortedMap<NodeSession, Long> saidNanos = new TreeMap<>();
  private SortedSet<NodeSession> movable = Collections.emptySortedSet();

  /** With none denied. */
  Denials(Optional<Duration> staleTimeout) {
    this.staleTimeout = staleTimeout;
  }

  /** The sessions whose addresses would go elsewhere. */
  void movable(SortedSet<NodeSession> sessions) {
    movable = sessions;
    saidNanos.keySet().retainAll(movable);
  }

  /** The journal has it. Of each boot the latest is kept: it stands for all before it. */
  void add(NodeSession session) {
    if (!covers(session)) {
      denied.removeIf(session::isLaterThan);
      denied.add(session);
    }
    saidNanos.remove(session);
  }

  /** The session is over: there is nothing to deny any more. */
  void over(NodeSession session) {
    denied.removeIf(session::covers);
    saidNanos.remove(session);
  }

  boolean covers(NodeSession session) {
    return denied.stream().anyMatch(one -> one.covers(session));
  }

  /**
   * When a session is to be denied; empty for one that is not, however long it is unheard.
   *
   * @param heardNanos when it was last heard of, or could have been
   */
  Optional<Long> dueNanos(NodeSession session, long heardNanos) {
    if (!movable.contains(session) || covers(session)) {
      return Optional.empty();
    }
    Long said = saidNanos.get(session);
    return staleTimeout.map(
        timeout ->
            Math.max(
                heardNanos + timeout.toNanos(),
                said == null ? heardNanos : said + SAID_AGAIN.toNanos()));
  }

  /** It is said now. */
  void said(NodeSession session, long nowNanos) {
    saidNanos.put(session, nowNanos);
  }
}
