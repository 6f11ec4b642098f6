package io.egressgateway.node.agent;

import com.google.protobuf.ByteString;
import io.egressgateway.core.lease.Standing;
import io.egressgateway.core.link.v1.AddressConflict;
import io.egressgateway.core.link.v1.AgentMessage;
import io.egressgateway.core.link.v1.EipOpened;
import io.egressgateway.core.link.v1.EipReleased;
import io.egressgateway.core.link.v1.Fault;
import io.egressgateway.core.link.v1.FlowsInstalled;
import io.egressgateway.core.link.v1.Hello;
import io.egressgateway.core.link.v1.NodeFacts;
import io.egressgateway.core.link.v1.PlanApplied;
import io.egressgateway.core.link.v1.PlanFailed;
import io.egressgateway.core.link.v1.PortShortage;
import io.egressgateway.core.link.v1.SessionBeat;
import io.egressgateway.core.model.IpAddress;
import io.egressgateway.core.model.NodeName;
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
      case Report.Facts(var uplink, var clockPpm, var lostPaths, var findings) ->
          message
              .setFacts(
                  NodeFacts.newBuilder()
                      .setUplink(uplink.name())
                      .setClockPpm(clockPpm)
                      .setUplinkMtu(uplink.mtu())
                      .setUplinkMac(uplink.mac().toString())
                      .addAllUplinkAddresses(
                          uplink.addresses().stream().map(IpAddress::toString).toList())
                      .addAllLostPaths(lostPaths.stream().map(NodeName::value).toList())
                      .addAllCollisions(findings.collisions())
                      .addAllPortShortages(
                          findings.shortages().stream().map(LinkMessages::encode).toList()))
              .build();
      case Report.Beat(var session, var standing) ->
          message
              .setBeat(
                  SessionBeat.newBuilder()
                      .setBootId(session.bootId())
                      .setIncarnation(session.incarnation())
                      .setStanding(encode(standing)))
              .build();
      case Report.Opened(var address, var epoch, var session) ->
          message
              .setOpened(
                  EipOpened.newBuilder()
                      .setAddress(bytes(address))
                      .setEpoch(epoch.value())
                      .setBootId(session.bootId())
                      .setIncarnation(session.incarnation()))
              .build();
      case Report.Released(var address, var epoch, var session) ->
          message
              .setReleased(
                  EipReleased.newBuilder()
                      .setAddress(bytes(address))
                      .setEpoch(epoch.value())
                      .setBootId(session.bootId())
                      .setIncarnation(session.incarnation()))
              .build();
      case Report.Conflict(var address, var mac) ->
          message
              .setConflict(
                  AddressConflict.newBuilder()
                      .setAddress(bytes(address))
                      .setMac(ByteString.copyFrom(mac.toBytes())))
              .build();
      case Report.FlowsHanded(var parcel) -> message.setFlows(FlowMessages.encode(parcel)).build();
      case Report.FlowsReplicated(var part) ->
          message.setReplica(FlowMessages.encode(part)).build();
      case Report.FlowsInstalled(var address, var outcome) ->
          message
              .setFlowsInstalled(
                  FlowsInstalled.newBuilder()
                      .setAddress(bytes(address))
                      .setInstalled(outcome.installed())
                      .setRefused(outcome.refused()))
              .build();
      case Report.Examined examined ->
          message.setKernelAnswer(WayMessages.encode(examined)).build();
    };
  }

  private static PortShortage encode(io.egressgateway.core.model.PortShortage shortage) {
    return PortShortage.newBuilder()
        .setAddress(bytes(shortage.eip()))
        .setDestination(bytes(shortage.destination()))
        .setDestinationPort(shortage.port())
        .setProtocol(shortage.protocol())
        .build();
  }

  private static io.egressgateway.core.link.v1.Standing encode(Standing standing) {
    return switch (standing) {
      case UNLEASED -> io.egressgateway.core.link.v1.Standing.STANDING_UNLEASED;
      case LEASED -> io.egressgateway.core.link.v1.Standing.STANDING_LEASED;
      case LEAVING -> io.egressgateway.core.link.v1.Standing.STANDING_LEAVING;
      case UPLINK_DOWN -> io.egressgateway.core.link.v1.Standing.STANDING_UPLINK_DOWN;
      case HOLDING -> io.egressgateway.core.link.v1.Standing.STANDING_HOLDING;
    };
  }

  private static ByteString bytes(IpAddress address) {
    return ByteString.copyFrom(address.toBytes());
  }
}
