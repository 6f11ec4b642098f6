package io.egressgateway.node.flow;

import io.egressgateway.core.model.EipNumber;
import io.egressgateway.core.model.IpAddress;
import io.egressgateway.core.model.Ipv4Address;
import io.egressgateway.core.model.NodeName;
import io.egressgateway.core.model.NodeNumber;
import io.egressgateway.node.netlink.wire.conntrack.ConntrackConstants;
import io.egressgateway.node.netlink.wire.conntrack.Layer4;
import io.egressgateway.node.netlink.wire.conntrack.ProtocolState;
import io.egressgateway.node.netlink.wire.conntrack.ProtocolState.TcpSide;
import io.egressgateway.node.netlink.wire.conntrack.Tuple;
import java.util.List;
import java.util.stream.IntStream;

/** Connections for tests. */
final class Flows {
  static final HandedEip EIP = new HandedEip(IpAddress.of("10.6.1.55"), new EipNumber(9));
  static final HandedEip OTHER_EIP = new HandedEip(IpAddress.of("10.6.1.56"), new EipNumber(10));
  static final NodeName HOLDER = new NodeName("node-1");
  static final NodeName STANDBY = new NodeName("node-2");
  static final int ESTABLISHED = 3;

  private static final NodeNumber WORKER = new NodeNumber(3);
  private static final int LONG = 432_000;

  private Flows() {}

  /** One of 60,000. */
  static HandedFlow flow(int index) {
    return flow(index, ESTABLISHED);
  }

  static HandedFlow flow(int index, int tcpState) {
    TcpSide side = new TcpSide(7, ConntrackConstants.IP_CT_TCP_FLAG_WINDOW_SCALE);
    return new HandedFlow(
        new Tuple(
            new Ipv4Address(0x0af40000 + index % 250),
            IpAddress.of("192.0.2.80"),
            new Layer4.Ports(6, 1024 + index, 443)),
        1024 + index,
        WORKER,
        LONG,
        new ProtocolState.Tcp(tcpState, side, side));
  }

  static HandedFlow withTimeout(HandedFlow flow, long seconds) {
    return new HandedFlow(
        flow.original(), flow.translatedPort(), flow.sender(), seconds, flow.protocol());
  }

  /** From the first to before the last. */
  static List<HandedFlow> flows(int from, int until) {
    return IntStream.range(from, until).mapToObj(Flows::flow).toList();
  }

  /** What the standby gets of what the holder sends. */
  static FlowReplica part(HandedEip eip, long stream, long round, FlowChanges changes) {
    return new FlowReplica(eip, HOLDER, stream, round, FlowCodec.encode(changes));
  }
}
