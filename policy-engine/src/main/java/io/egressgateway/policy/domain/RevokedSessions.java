package io.egressgateway.policy.domain;

import io.egressgateway.core.model.NodeSession;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import java.util.SortedSet;
import java.util.TreeSet;

/**
 * Sessions of one node that are over. Of each boot the latest is kept: all before it are over with
 * it. Boots that were long ago are forgotten; who still lives in one has no promise of a witness.
 */
final class RevokedSessions {
  /** Boots to remember. */
  static final int BOOTS_MAX = 64;

  private final Map<String, NodeSession> latest = new LinkedHashMap<>();
  private final SortedSet<NodeSession> told = new TreeSet<>();

  RevokedSessions(SortedSet<NodeSession> journalled) {
    journalled.forEach(this::add);
  }

  /** Notes the end of a session; false when it was noted before. */
  boolean add(NodeSession session) {
    NodeSession former = latest.get(session.bootId());
    if (former == null || session.isLaterThan(former)) {
      latest.remove(session.bootId());
      latest.put(session.bootId(), session);
      if (latest.size() > BOOTS_MAX) {
        latest.remove(latest.keySet().iterator().next());
      }
    }
    return told.add(session);
  }

  boolean covers(NodeSession session) {
    NodeSession last = latest.get(session.bootId());
    return last != null && !session.isLaterThan(last);
  }

  /** Whether the end of just this session was noted. */
  boolean isTold(NodeSession session) {
    return told.contains(session);
  }

  /** A session that came after this one in the same boot, and is over as well. */
  Optional<NodeSession> laterThan(NodeSession session) {
    return Optional.ofNullable(latest.get(session.bootId()))
        .filter(last -> last.isLaterThan(session));
  }

  /** Forgets what was told of sessions other than these, except the latest of each boot. */
  void retain(SortedSet<NodeSession> sessions) {
    told.removeIf(session -> !sessions.contains(session) && !latest.containsValue(session));
  }
}
