package io.egressgateway.policy.witness;

import io.egressgateway.core.lease.Renewals;
import io.egressgateway.core.lease.WitnessCore.Event;
import io.egressgateway.core.link.MalformedLinkMessage;
import io.egressgateway.core.model.NodeName;
import io.egressgateway.core.model.NodeSession;
import io.egressgateway.core.witness.v1.DeadSession;
import io.egressgateway.core.witness.v1.RenewRequest;
import io.egressgateway.core.witness.v1.RevokeReply;
import io.egressgateway.core.witness.v1.RevokeRequest;
import io.egressgateway.core.witness.v1.TombstonesReply;
import java.time.Duration;
import java.time.temporal.ChronoUnit;
import java.util.Optional;
import java.util.SortedSet;
import java.util.TreeSet;

/** What is said to a witness, as values. Everything is checked: nobody is trusted to be well. */
final class WitnessMessages {
  /** An hour: more than any lease, and far from what a long of nanoseconds can hold. */
  private static final long LEASE_MICROS_MAX = 3_600_000_000L;

  private WitnessMessages() {}

  static Event.Renew renew(RenewRequest request) throws MalformedLinkMessage {
    if (request.getSequence() < 0) {
      throw new MalformedLinkMessage("sequence", "more than " + Long.MAX_VALUE);
    }
    long lease = request.getLeaseMicros();
    if (lease < 0 || lease > LEASE_MICROS_MAX) {
      throw new MalformedLinkMessage("lease_micros", lease + " is more than an hour");
    }
    return new Event.Renew(
        session(request.getNode(), request.getBootId(), request.getIncarnation()),
        request.getSequence(),
        Duration.of(lease, ChronoUnit.MICROS));
  }

  static Event.Revoke revoke(RevokeRequest request) throws MalformedLinkMessage {
    if (request.getRound() < 0) {
      throw new MalformedLinkMessage("round", "more than " + Long.MAX_VALUE);
    }
    return new Event.Revoke(
        session(request.getNode(), request.getBootId(), request.getIncarnation()),
        request.getRound(),
        request.getDenyRenewals() ? Renewals.DENIED : Renewals.ALLOWED);
  }

  static Event.Tombstones tombstones(TombstonesReply reply) throws MalformedLinkMessage {
    SortedSet<NodeSession> sessions = new TreeSet<>();
    for (DeadSession session : reply.getSessionsList()) {
      sessions.add(session(session.getNode(), session.getBootId(), session.getIncarnation()));
    }
    return new Event.Tombstones(sessions);
  }

  /** Rounded up: whoever comes back then is not too early. */
  static long microsUp(Duration duration) {
    return Math.ceilDiv(duration.toNanos(), 1_000);
  }

  /** What {@link #microsUp} wrote; empty when nothing was said, or what no lease can have left. */
  static Optional<Duration> remaining(RevokeReply reply) {
    long micros = reply.getRemainingMicros();
    return micros > 0 && micros <= LEASE_MICROS_MAX
        ? Optional.of(Duration.of(micros, ChronoUnit.MICROS))
        : Optional.empty();
  }

  static DeadSession encode(NodeSession session) {
    return DeadSession.newBuilder()
        .setNode(session.node().value())
        .setBootId(session.bootId())
        .setIncarnation(session.incarnation())
        .build();
  }

  private static NodeSession session(String node, String bootId, long incarnation)
      throws MalformedLinkMessage {
    try {
      return new NodeSession(new NodeName(node), bootId, incarnation);
    } catch (IllegalArgumentException refused) {
      throw new MalformedLinkMessage("session", String.valueOf(refused.getMessage()));
    }
  }
}
