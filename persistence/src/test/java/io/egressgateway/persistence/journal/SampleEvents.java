package io.egressgateway.persistence.journal;

import io.egressgateway.core.event.EipEvent;
import io.egressgateway.core.event.GatewayEvent;
import io.egressgateway.core.event.GatewayEvent.PlacementReason;
import io.egressgateway.core.event.NodeEvent;
import io.egressgateway.core.event.NumberingEvent;
import io.egressgateway.core.event.OwnershipProof;
import io.egressgateway.core.event.PolicyEvent;
import io.egressgateway.core.model.EgressIpRequest;
import io.egressgateway.core.model.EipNumber;
import io.egressgateway.core.model.Epoch;
import io.egressgateway.core.model.GatewayName;
import io.egressgateway.core.model.Generation;
import io.egressgateway.core.model.IpAddress;
import io.egressgateway.core.model.Ipv4Address;
import io.egressgateway.core.model.Ipv6Address;
import io.egressgateway.core.model.MacAddress;
import io.egressgateway.core.model.NodeName;
import io.egressgateway.core.model.NodeNumber;
import io.egressgateway.core.model.NodeSession;
import io.egressgateway.core.model.PolicyKey;
import io.egressgateway.core.model.Revision;
import io.egressgateway.core.model.WitnessLoss;
import java.time.Instant;
import java.util.Collections;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.SortedMap;
import java.util.SortedSet;
import java.util.TreeMap;
import java.util.TreeSet;

/**
 * The event behind each golden file, by the file's name: the manifest, then what is special about
 * this one where a type has more than one shape.
 */
public final class SampleEvents {
  private static final Instant AT = Instant.parse("2026-11-23T06:07:08.123456Z");
  private static final String UID = "7c2b1e0e-6f3f-4c52-9c0e-2f2c8a2f9d11";
  private static final IpAddress ADDRESS = IpAddress.of("10.6.168.201");
  private static final PolicyKey POLICY = new PolicyKey.Namespaced("default", "test");
  private static final GatewayName GATEWAY = new GatewayName("default");
  private static final NodeName NODE = new NodeName("egw-worker-node-1");

  private static final NodeSession SESSION =
      new NodeSession(NODE, "5b0b9a52-8d57-4d0f-9a3c-3f2f1f1d8a10", (2L << 32) | 1);
  private static final NodeSession LATER =
      new NodeSession(NODE, SESSION.bootId(), SESSION.incarnation() + 1);
  private static final OwnershipProof CERTIFICATE =
      new OwnershipProof.Certificate(SESSION, 17, new TreeSet<>(List.of(0, 2)));

  private SampleEvents() {}

  public static SortedMap<String, Object> all() {
    TreeMap<String, Object> samples = new TreeMap<>();
    putPolicyEvents(samples);
    putGatewayEvents(samples);
    putEipEvents(samples);
    putNodeEvents(samples);
    samples.put("numbering.number-assigned.v1", new NumberingEvent.NumberAssigned("n1", 7, AT));
    samples.put("numbering.number-freed.v1", new NumberingEvent.NumberFreed("n1", 7, AT));
    return Collections.unmodifiableSortedMap(samples);
  }

  private static void putPolicyEvents(Map<String, Object> samples) {
    samples.put("policy.accepted.v1", accepted(new EgressIpRequest.Default()));
    samples.put(
        "policy.accepted.v1-explicit",
        accepted(
            new EgressIpRequest.Explicit(
                Optional.of(Ipv4Address.of("10.6.168.203")),
                Optional.of(Ipv6Address.of("fd00::a8:203")))));
    samples.put(
        "policy.accepted.v1-explicit-ipv4",
        accepted(
            new EgressIpRequest.Explicit(
                Optional.of(Ipv4Address.of("10.6.168.203")), Optional.empty())));
    samples.put("policy.accepted.v1-round-robin", accepted(new EgressIpRequest.RoundRobin()));
    samples.put("policy.accepted.v1-node-address", accepted(new EgressIpRequest.NodeAddress()));
    samples.put("policy.egress-ip-bound.v1", new PolicyEvent.EgressIpBound(bothFamilies(), AT));
    samples.put("policy.egress-ip-unbound.v1", new PolicyEvent.EgressIpUnbound(AT));
    samples.put("policy.withdrawn.v1", new PolicyEvent.PolicyWithdrawn(AT));
  }

  private static PolicyEvent accepted(EgressIpRequest request) {
    return new PolicyEvent.PolicyAccepted(UID, new Generation(3), GATEWAY, request, AT);
  }

  private static void putGatewayEvents(Map<String, Object> samples) {
    samples.put("gateway.adopted.v1", new GatewayEvent.GatewayAdopted(UID, AT));
    samples.put(
        "gateway.egress-ip-allocated.v1",
        new GatewayEvent.EgressIpAllocated(POLICY, bothFamilies(), AT));
    samples.put(
        "gateway.egress-ip-allocated.v1-cluster-policy",
        new GatewayEvent.EgressIpAllocated(
            new PolicyKey.ClusterScoped("test"), new TreeSet<>(List.of(ADDRESS)), AT));
    samples.put("gateway.egress-ip-freed.v1", new GatewayEvent.EgressIpFreed(POLICY, AT));
    for (PlacementReason reason : PlacementReason.values()) {
      samples.put(
          "gateway.egress-ip-placed.v1-" + reason.name().toLowerCase(Locale.ROOT).replace('_', '-'),
          new GatewayEvent.EgressIpPlaced(ADDRESS, NODE, reason, AT));
    }
    samples.put("gateway.order-taken.v1", new GatewayEvent.OrderTaken("move-1", AT));
    samples.put("gateway.egress-ip-unplaced.v1", new GatewayEvent.EgressIpUnplaced(ADDRESS, AT));
    samples.put("gateway.retired.v1", new GatewayEvent.GatewayRetired(AT));
  }

  private static void putEipEvents(Map<String, Object> samples) {
    samples.put("eip.numbered.v1", new EipEvent.EipNumbered(new EipNumber(12), AT));
    samples.put("eip.assigned.v1", assigned(new OwnershipProof.NeverHeld()));
    samples.put(
        "eip.assigned.v1-release-acknowledged",
        assigned(new OwnershipProof.ReleaseAcknowledged(SESSION)));
    samples.put(
        "eip.assigned.v1-never-granted", assigned(new OwnershipProof.NeverGranted(SESSION)));
    samples.put("eip.assigned.v1-certificate", assigned(CERTIFICATE));
    samples.put(
        "eip.assigned.v1-later-incarnation",
        assigned(new OwnershipProof.LaterIncarnation(SESSION, LATER)));
    samples.put(
        "eip.assigned.v1-fence-asserted",
        assigned(new OwnershipProof.FenceAsserted(SESSION, "jane", "powered off by its BMC")));
    samples.put(
        "eip.assigned.v2",
        new EipEvent.EipAssigned(new Epoch(4), LATER, GATEWAY, CERTIFICATE, WitnessLoss.HOLD, AT));
    samples.put(
        "eip.move-decided.v1", new EipEvent.EipMoveDecided(new Epoch(4), LATER, GATEWAY, AT));
    samples.put(
        "eip.move-decided.v2",
        new EipEvent.EipMoveDecided(new Epoch(4), LATER, GATEWAY, WitnessLoss.HOLD, AT));
    samples.put(
        "eip.moved.v1",
        new EipEvent.EipMoved(new Epoch(5), new OwnershipProof.ReleaseAcknowledged(SESSION), AT));
    samples.put("eip.release-requested.v1", new EipEvent.EipReleaseRequested(new Epoch(4), AT));
    samples.put(
        "eip.released.v1",
        new EipEvent.EipReleased(
            new Epoch(4), new OwnershipProof.ReleaseAcknowledged(SESSION), AT));
  }

  private static EipEvent assigned(OwnershipProof proof) {
    return new EipEvent.EipAssigned(new Epoch(4), LATER, GATEWAY, proof, AT);
  }

  private static void putNodeEvents(Map<String, Object> samples) {
    samples.put(
        "node.registered.v1",
        registered(
            Optional.of(Ipv4Address.of("172.31.0.7")), Optional.of(Ipv6Address.of("fd11::7"))));
    samples.put(
        "node.registered.v1-ipv4",
        registered(Optional.of(Ipv4Address.of("172.31.0.7")), Optional.empty()));
    samples.put(
        "node.revisions-reserved.v1", new NodeEvent.RevisionsReserved(new Revision(2000), AT));
    samples.put(
        "node.eip-granted.v1",
        new NodeEvent.EipGranted(ADDRESS, new EipNumber(12), new Epoch(4), SESSION, AT));
    samples.put(
        "node.eip-granted.v2",
        new NodeEvent.EipGranted(
            ADDRESS, new EipNumber(12), new Epoch(4), SESSION, WitnessLoss.HOLD, AT));
    samples.put("node.eip-withdrawn.v1", new NodeEvent.EipWithdrawn(ADDRESS, new Epoch(4), AT));
    samples.put("node.session-revoked.v1", new NodeEvent.SessionRevoked(SESSION, CERTIFICATE, AT));
    samples.put("node.session-denied.v1", new NodeEvent.SessionDenied(SESSION, AT));
    samples.put("node.removed.v1", new NodeEvent.NodeRemoved(AT));
  }

  private static NodeEvent registered(Optional<Ipv4Address> ipv4, Optional<Ipv6Address> ipv6) {
    return new NodeEvent.NodeRegistered(
        UID,
        new NodeEvent.TunnelIdentity(
            new NodeNumber(7), MacAddress.of("66:00:00:00:00:07"), ipv4, ipv6),
        AT);
  }

  private static SortedSet<IpAddress> bothFamilies() {
    return new TreeSet<>(List.of(ADDRESS, IpAddress.of("fd00::a8:201")));
  }
}
