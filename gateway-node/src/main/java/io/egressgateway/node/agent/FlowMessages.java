package io.egressgateway.node.agent;

import com.google.protobuf.ByteString;
import io.egressgateway.core.link.MalformedLinkMessage;
import io.egressgateway.core.link.v1.FlowsWanted;
import io.egressgateway.core.link.v1.HandedFlows;
import io.egressgateway.core.link.v1.ReplicaPart;
import io.egressgateway.core.link.v1.ReplicationWanted;
import io.egressgateway.core.model.EipNumber;
import io.egressgateway.core.model.IpAddress;
import io.egressgateway.core.model.NodeName;
import io.egressgateway.node.flow.FlowParcel;
import io.egressgateway.node.flow.FlowReplica;
import io.egressgateway.node.flow.HandedEip;
import io.egressgateway.node.flow.Replicated;
import java.util.ArrayList;
import java.util.List;

/** What is said about connections that follow their egress IP, to and from {@code link.proto}. */
final class FlowMessages {
  private FlowMessages() {}

  static HandedFlows encode(FlowParcel parcel) {
    return HandedFlows.newBuilder()
        .setAddress(ByteString.copyFrom(parcel.eip().address().toBytes()))
        .setEip(parcel.eip().number().value())
        .setNode(parcel.node().value())
        .setPart(parcel.part())
        .setLast(parcel.place() == FlowParcel.Place.LAST)
        .setFlows(parcel.flows())
        .build();
  }

  static FlowParcel read(HandedFlows message) throws MalformedLinkMessage {
    if (message.getPart() < 0 || message.getFlows().size() > FlowParcel.BYTES_MAX) {
      throw new MalformedLinkMessage(
          "flows",
          "part %s of %d bytes; the most is %d"
              .formatted(
                  Integer.toUnsignedString(message.getPart()),
                  message.getFlows().size(),
                  FlowParcel.BYTES_MAX));
    }
    return new FlowParcel(
        eip(message.getAddress(), message.getEip()),
        node("flows.node", message.getNode()),
        message.getPart(),
        message.getLast() ? FlowParcel.Place.LAST : FlowParcel.Place.MORE_FOLLOW,
        message.getFlows());
  }

  static ReplicaPart encode(FlowReplica part) {
    return ReplicaPart.newBuilder()
        .setAddress(ByteString.copyFrom(part.eip().address().toBytes()))
        .setEip(part.eip().number().value())
        .setNode(part.node().value())
        .setStream(part.stream())
        .setRound(part.round())
        .setFlows(part.flows())
        .build();
  }

  static FlowReplica read(ReplicaPart message) throws MalformedLinkMessage {
    if (message.getRound() < 0 || message.getFlows().size() > FlowParcel.BYTES_MAX) {
      throw new MalformedLinkMessage(
          "replica",
          "round %s, %d bytes; the most is %d"
              .formatted(
                  Long.toUnsignedString(message.getRound()),
                  message.getFlows().size(),
                  FlowParcel.BYTES_MAX));
    }
    return new FlowReplica(
        eip(message.getAddress(), message.getEip()),
        node("replica.node", message.getNode()),
        message.getStream(),
        message.getRound(),
        message.getFlows());
  }

  static List<Replicated> replicated(ReplicationWanted message) throws MalformedLinkMessage {
    List<Replicated> all = new ArrayList<>(message.getReplicatedCount());
    for (var each : message.getReplicatedList()) {
      all.add(
          new Replicated(
              eip(each.getAddress(), each.getEip()),
              node("replication_wanted.node", each.getNode())));
    }
    return all;
  }

  static HandedEip eip(FlowsWanted message) throws MalformedLinkMessage {
    return eip(message.getAddress(), message.getEip());
  }

  static NodeName receiver(FlowsWanted message) throws MalformedLinkMessage {
    return node("flows_wanted.node", message.getNode());
  }

  private static HandedEip eip(ByteString address, int number) throws MalformedLinkMessage {
    try {
      return new HandedEip(IpAddress.fromBytes(address.toByteArray()), new EipNumber(number));
    } catch (IllegalArgumentException refused) {
      throw new MalformedLinkMessage("flows.address", String.valueOf(refused.getMessage()));
    }
  }

  private static NodeName node(String field, String name) throws MalformedLinkMessage {
    try {
      return new NodeName(name);
    } catch (IllegalArgumentException refused) {
      throw new MalformedLinkMessage(field, String.valueOf(refused.getMessage()));
    }
  }
}
