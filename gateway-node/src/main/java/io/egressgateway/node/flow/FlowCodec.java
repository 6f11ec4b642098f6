package io.egressgateway.node.flow;

import com.google.protobuf.ByteString;
import com.google.protobuf.InvalidProtocolBufferException;
import io.egressgateway.core.link.MalformedLinkMessage;
import io.egressgateway.core.link.v1.Flow;
import io.egressgateway.core.link.v1.FlowBatch;
import io.egressgateway.core.link.v1.SctpState;
import io.egressgateway.core.link.v1.TcpState;
import io.egressgateway.core.model.IpAddress;
import io.egressgateway.core.model.NodeNumber;
import io.egressgateway.node.netlink.wire.conntrack.Layer4;
import io.egressgateway.node.netlink.wire.conntrack.ProtocolState;
import io.egressgateway.node.netlink.wire.conntrack.ProtocolState.TcpSide;
import io.egressgateway.node.netlink.wire.conntrack.Tuple;
import java.util.ArrayList;
import java.util.List;

/** Connections to and from the bytes of a {@code FlowBatch}. What is read is not trusted. */
final class FlowCodec {
  private static final int U8_MAX = 0xff;
  private static final int PORT_MAX = 0xffff;

  private FlowCodec() {}

  static ByteString encode(List<HandedFlow> flows) {
    return encode(new FlowChanges(flows, List.of()));
  }

  static ByteString encode(FlowChanges changes) {
    FlowBatch.Builder batch = FlowBatch.newBuilder();
    changes.flows().forEach(flow -> batch.addFlows(encode(flow)));
    changes
        .ended()
        .forEach(
            tuple -> {
              if (tuple.layer4() instanceof Layer4.Ports ports) {
                batch.addEnded(encode(tuple, ports));
              }
            });
    return batch.build().toByteString();
  }

  private static Flow.Builder encode(Tuple original, Layer4.Ports ports) {
    return Flow.newBuilder()
        .setProtocol(ports.protocol())
        .setSource(octets(original.source()))
        .setSourcePort(ports.source())
        .setDestination(octets(original.destination()))
        .setDestinationPort(ports.destination());
  }

  private static Flow encode(HandedFlow flow) {
    Flow.Builder message =
        encode(flow.original(), flow.ports())
            .setTranslatedPort(flow.translatedPort())
            .setSender(flow.sender().value())
            .setTimeoutSeconds((int) flow.timeoutSeconds());
    switch (flow.protocol()) {
      case ProtocolState.Tcp(int state, TcpSide original, TcpSide reply) ->
          message.setTcp(
              TcpState.newBuilder()
                  .setState(state)
                  .setOriginalWindowScale(original.windowScale())
                  .setOriginalFlags(original.flags())
                  .setReplyWindowScale(reply.windowScale())
                  .setReplyFlags(reply.flags()));
      case ProtocolState.Sctp(int state, int originalTag, int replyTag) ->
          message.setSctp(
              SctpState.newBuilder()
                  .setState(state)
                  .setOriginalTag(originalTag)
                  .setReplyTag(replyTag));
      case ProtocolState.Stateless ignored -> {
        // Nothing to tell.
      }
    }
    return message.build();
  }

  private static ByteString octets(IpAddress address) {
    return ByteString.copyFrom(address.toBytes());
  }

  static List<HandedFlow> decode(ByteString bytes) throws MalformedLinkMessage {
    return decodeChanges(bytes).flows();
  }

  static FlowChanges decodeChanges(ByteString bytes) throws MalformedLinkMessage {
    FlowBatch batch;
    try {
      batch = FlowBatch.parseFrom(bytes);
    } catch (InvalidProtocolBufferException unreadable) {
      throw new MalformedLinkMessage("flows.flows", String.valueOf(unreadable.getMessage()));
    }
    List<HandedFlow> flows = new ArrayList<>(batch.getFlowsCount());
    for (Flow flow : batch.getFlowsList()) {
      flows.add(decode(flow));
    }
    List<Tuple> ended = new ArrayList<>(batch.getEndedCount());
    for (Flow flow : batch.getEndedList()) {
      ended.add(original(flow));
    }
    return new FlowChanges(flows, ended);
  }

  private static Tuple original(Flow flow) throws MalformedLinkMessage {
    Layer4.Ports ports =
        new Layer4.Ports(
            within("protocol", flow.getProtocol(), U8_MAX),
            within("source_port", flow.getSourcePort(), PORT_MAX),
            within("destination_port", flow.getDestinationPort(), PORT_MAX));
    try {
      return new Tuple(
          IpAddress.fromBytes(flow.getSource().toByteArray()),
          IpAddress.fromBytes(flow.getDestination().toByteArray()),
          ports);
    } catch (IllegalArgumentException refused) {
      throw new MalformedLinkMessage("flow", String.valueOf(refused.getMessage()));
    }
  }

  private static HandedFlow decode(Flow flow) throws MalformedLinkMessage {
    Tuple original = original(flow);
    int translated = within("translated_port", flow.getTranslatedPort(), PORT_MAX);
    ProtocolState state = state(flow);
    try {
      return new HandedFlow(
          original,
          translated,
          new NodeNumber(flow.getSender()),
          Integer.toUnsignedLong(flow.getTimeoutSeconds()),
          state);
    } catch (IllegalArgumentException refused) {
      throw new MalformedLinkMessage("flow", String.valueOf(refused.getMessage()));
    }
  }

  private static ProtocolState state(Flow flow) throws MalformedLinkMessage {
    return switch (flow.getStateCase()) {
      case TCP -> {
        TcpState tcp = flow.getTcp();
        yield new ProtocolState.Tcp(
            within("tcp.state", tcp.getState(), U8_MAX),
            side(tcp.getOriginalWindowScale(), tcp.getOriginalFlags()),
            side(tcp.getReplyWindowScale(), tcp.getReplyFlags()));
      }
      case SCTP -> {
        SctpState sctp = flow.getSctp();
        yield new ProtocolState.Sctp(
            within("sctp.state", sctp.getState(), U8_MAX),
            sctp.getOriginalTag(),
            sctp.getReplyTag());
      }
      case STATE_NOT_SET -> new ProtocolState.Stateless();
    };
  }

  private static TcpSide side(int windowScale, int flags) throws MalformedLinkMessage {
    return new TcpSide(
        within("tcp.window_scale", windowScale, U8_MAX), within("tcp.flags", flags, U8_MAX));
  }

  private static int within(String field, int value, int max) throws MalformedLinkMessage {
    if (value < 0 || value > max) {
      throw new MalformedLinkMessage(
          "flow." + field, Integer.toUnsignedString(value) + " is more than " + max);
    }
    return value;
  }
}
