package io.egressgateway.k8s.status;

import io.egressgateway.core.event.NodeEvent.TunnelIdentity;
import io.egressgateway.core.model.IpAddress;
import io.egressgateway.core.model.IpFamily;
import io.egressgateway.core.plan.KernelNumbers;
import io.egressgateway.k8s.crd.EgressTunnel;
import io.egressgateway.policy.entity.AgentFacts;
import io.egressgateway.policy.entity.StatusReport;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** The status of an EgressTunnel. */
final class TunnelProjection {

  private TunnelProjection() {}

  /**
   * What the status should be.
   *
   * @param before what the object has
   * @param numbers by which packets are led to the node
   */
  static EgressTunnel.Status of(
      Wanted.OfTunnel wanted,
      EgressTunnel.@Nullable Status before,
      Instant now,
      KernelNumbers numbers) {
    Wanted.Verdict verdict = verdict(wanted);
    return new EgressTunnel.Status(
        Conditions.project(verdict, before == null ? null : before.conditions(), now),
        lastHeartbeat(wanted, before, now),
        wanted.report().tunnel().map(identity -> mark(identity, numbers)).orElse(null),
        wanted.phase(),
        wanted
            .report()
            .tunnel()
            .map(identity -> tunnel(identity, wanted.report().facts()))
            .orElse(null));
  }

  /**
   * When the agent was last known to be heard, give or take the time that it takes to miss it. It
   * is written with a change of the phase only: agents are heard of too often for the API.
   */
  private static @Nullable String lastHeartbeat(
      Wanted.OfTunnel wanted, EgressTunnel.@Nullable Status before, Instant now) {
    if (before != null && before.lastHeartbeatTime() != null && wanted.phase() == before.phase()) {
      return before.lastHeartbeatTime();
    }
    return now.truncatedTo(ChronoUnit.SECONDS).toString();
  }

  /** The phase that the API shows. A node that is not ready is named so whatever its agent says. */
  static EgressTunnel.Phase phase(StatusReport.Phase phase, Readiness node) {
    return switch (phase) {
      case PENDING -> EgressTunnel.Phase.PENDING;
      case INIT -> or(node, EgressTunnel.Phase.INIT);
      case FAILED -> or(node, EgressTunnel.Phase.FAILED);
      case READY -> or(node, EgressTunnel.Phase.READY);
      case HEARTBEAT_TIMEOUT -> or(node, EgressTunnel.Phase.HEARTBEAT_TIMEOUT);
    };
  }

  /** What the Node object says of itself. */
  enum Readiness {
    READY,
    NOT_READY
  }

  private static EgressTunnel.Phase or(Readiness node, EgressTunnel.Phase phase) {
    return switch (node) {
      case READY -> phase;
      case NOT_READY -> EgressTunnel.Phase.NODE_NOT_READY;
    };
  }

  private static Wanted.Verdict verdict(Wanted.OfTunnel wanted) {
    return new Wanted.Verdict(Optional.empty(), Optional.empty(), wanted.report().conditions());
  }

  private static String mark(TunnelIdentity identity, KernelNumbers numbers) {
    return "0x%08x".formatted(numbers.toGateway(identity.number()));
  }

  private static EgressTunnel.Tunnel tunnel(TunnelIdentity identity, Optional<AgentFacts> facts) {
    return new EgressTunnel.Tunnel(
        identity.ipv4().map(IpAddress::toString).orElse(null),
        identity.ipv6().map(IpAddress::toString).orElse(null),
        identity.mac().toString(),
        facts.map(TunnelProjection::parent).orElse(null));
  }

  private static EgressTunnel.Parent parent(AgentFacts facts) {
    return new EgressTunnel.Parent(
        address(facts, IpFamily.IPV4), address(facts, IpFamily.IPV6), facts.uplink());
  }

  private static @Nullable String address(AgentFacts facts, IpFamily family) {
    return facts.addresses().stream()
        .filter(address -> address.family() == family)
        .map(IpAddress::toString)
        .findFirst()
        .orElse(null);
  }
}
