package io.egressgateway.node.agent;

import io.egressgateway.core.link.v1.AgentMessage;
import io.egressgateway.core.link.v1.Fault;
import io.egressgateway.core.link.v1.Hello;
import io.egressgateway.core.link.v1.NodeFacts;
import io.egressgateway.core.link.v1.PlanApplied;
import io.egressgateway.core.link.v1.PlanFailed;
import io.egressgateway.core.model.IpAddress;
import io.egressgateway.core.model.Revision;

/** What the agent says, as messages of {@code link.proto}. */
final class LinkMessages {
  private static final long NANOS_PER_MICRO = 1000;

  private LinkMessages() {}

  static AgentMessage hello(LinkSettings.Identity identity, Revision applied) {
    return AgentMessage.newBuilder()
        .setHello(
            Hello.newBuilder()
                .setNode(identity.node().value())
                .setBootId(identity.bootId())
                .setIncarnation(identity.incarnation())
                .setAppliedRevision(applied.value())
                .setAgentVersion(identity.version()))
        .build();
  }

  static AgentMessage encode(Report report) {
    AgentMessage.Builder message = AgentMessage.newBuilder();
    return switch (report) {
      case Report.Applied(var revision, var took) ->
          message
              .setPlanApplied(
                  PlanApplied.newBuilder()
                      .setRevision(revision.value())
                      .setTookMicros(took.toNanos() / NANOS_PER_MICRO))
              .build();
      case Report.Failed(var revision, var fault) ->
          message
              .setPlanFailed(
                  PlanFailed.newBuilder()
                      .setRevision(revision.value())
                      .addFaults(
                          Fault.newBuilder()
                              .setOperation(fault.operation())
                              .setSubject(fault.subject())
                              .setReason(fault.reason())))
              .build();
      case Report.Facts(var uplink) ->
          message
              .setFacts(
                  NodeFacts.newBuilder()
                      .setUplink(uplink.name())
                      .setUplinkMtu(uplink.mtu())
                      .setUplinkMac(uplink.mac().toString())
                      .addAllUplinkAddresses(
                          uplink.addresses().stream().map(IpAddress::toString).toList()))
              .build();
    };
  }
}
