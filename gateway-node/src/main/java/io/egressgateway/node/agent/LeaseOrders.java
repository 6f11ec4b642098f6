package io.egressgateway.node.agent;

import io.egressgateway.core.lease.AgentLeaseCore.Event;
import io.egressgateway.core.lease.LeaseTerms;
import io.egressgateway.core.link.MalformedLinkMessage;
import io.egressgateway.core.link.WitnessMembership;
import io.egressgateway.core.link.v1.Enlist;
import io.egressgateway.core.link.v1.Fence;
import io.egressgateway.core.link.v1.Grant;
import io.egressgateway.core.link.v1.Release;
import io.egressgateway.core.model.Epoch;
import io.egressgateway.core.model.IpAddress;
import io.egressgateway.core.model.NodeName;
import io.egressgateway.core.model.NodeSession;
import io.egressgateway.core.model.WitnessAddress;
import io.egressgateway.core.model.WitnessLoss;
import java.time.Duration;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.List;

/**
 * Reads what controllers say about the lease. The node of a session is never on the wire: a link
 * belongs to one node.
 *
 * @param node this node
 */
record LeaseOrders(NodeName node) {
  /** No time of a lease is near this. */
  private static final long MICROS_MAX = Duration.ofMinutes(1).toNanos() / 1000;

  /** Something that a value type may refuse to be made of. */
  @FunctionalInterface
  private interface Making<T> {
    T make();
  }

  NodeLease.Enlistment read(Enlist enlist) throws MalformedLinkMessage {
    LeaseTerms terms =
        make(
            "enlist",
            () ->
                new LeaseTerms(
                    micros(enlist.getLeaseMicros()),
                    micros(enlist.getRenewalMicros()),
                    micros(enlist.getGuardMicros()),
                    micros(enlist.getSuspicionMicros())));
    List<WitnessAddress> addresses = new ArrayList<>();
    for (var witness : enlist.getWitnessesList()) {
      addresses.add(
          make("enlist.witnesses", () -> new WitnessAddress(witness.getHost(), witness.getPort())));
    }
    WitnessMembership witnesses = make("enlist.witnesses", () -> new WitnessMembership(addresses));
    if (!witnesses.digest().equals(enlist.getMembership())) {
      throw new MalformedLinkMessage(
          "enlist.membership", "is not the digest of the witnesses " + witnesses);
    }
    return new NodeLease.Enlistment(terms, witnesses);
  }

  Event.Granted read(Grant grant) throws MalformedLinkMessage {
    return make(
        "grant",
        () ->
            new Event.Granted(
                IpAddress.fromBytes(grant.getAddress().toByteArray()),
                new Epoch(grant.getEpoch()),
                new NodeSession(node, grant.getBootId(), grant.getIncarnation()),
                grant.getHold() ? WitnessLoss.HOLD : WitnessLoss.CLOSE));
  }

  Event read(Release release) throws MalformedLinkMessage {
    return make(
        "release",
        () ->
            new Event.ReleaseAsked(
                IpAddress.fromBytes(release.getAddress().toByteArray()),
                new Epoch(release.getEpoch()),
                new NodeSession(node, release.getBootId(), release.getIncarnation())));
  }

  Event read(Fence fence) throws MalformedLinkMessage {
    return make(
        "fence",
        () -> new Event.Fenced(new NodeSession(node, fence.getBootId(), fence.getIncarnation())));
  }

  private static Duration micros(long micros) {
    if (micros < 0 || micros > MICROS_MAX) {
      throw new IllegalArgumentException(micros + " microseconds are outside 0.." + MICROS_MAX);
    }
    return Duration.of(micros, ChronoUnit.MICROS);
  }

  private static <T> T make(String field, Making<T> making) throws MalformedLinkMessage {
    try {
      return making.make();
    } catch (IllegalArgumentException refused) {
      throw new MalformedLinkMessage(field, String.valueOf(refused.getMessage()));
    }
  }
}
