package io.egressgateway.node.netlink.wire;

import io.egressgateway.core.model.IpFamily;
import io.egressgateway.node.netlink.wire.conntrack.ConntrackEntry;
import io.egressgateway.node.netlink.wire.conntrack.FlowKey;
import io.egressgateway.node.netlink.wire.conntrack.Layer4;
import io.egressgateway.node.netlink.wire.conntrack.Progress;
import io.egressgateway.node.netlink.wire.conntrack.ProtocolState;
import io.egressgateway.node.netlink.wire.conntrack.ProtocolState.TcpSide;
import io.egressgateway.node.netlink.wire.conntrack.SourceNat;
import io.egressgateway.node.netlink.wire.conntrack.Tuple;
import java.util.OptionalInt;
import java.util.OptionalLong;

/** Tracked connections chosen by a seed. */
final class ConntrackGenerator {
  private static final int IPPROTO_ICMP = 1;
  private static final int IPPROTO_TCP = 6;
  private static final int IPPROTO_UDP = 17;
  private static final int IPPROTO_ICMPV6 = 58;
  private static final int IPPROTO_SCTP = 132;
  private static final int IPPROTO_ESP = 50;

  private final Generator any;

  ConntrackGenerator(long seed) {
    any = new Generator(seed);
  }

  ConntrackEntry entry() {
    IpFamily family = any.anyOf(IpFamily.class);
    Tuple original = new Tuple(any.address(family), any.address(family), layer4(family));
    return new ConntrackEntry(
        new FlowKey(original, any.below(0x10000), OptionalLong.empty()),
        original.inverse(),
        new Progress(any.anyInt(), any.anyInt(), any.u32(), state(original.layer4().protocol())),
        any.maybe(() -> new SourceNat(any.address(family), port())));
  }

  FlowKey key() {
    FlowKey key = entry().key();
    return new FlowKey(key.original(), key.zone(), OptionalLong.of(any.u32()));
  }

  private OptionalInt port() {
    return any.below(2) == 0 ? OptionalInt.empty() : OptionalInt.of(any.below(0x10000));
  }

  private Layer4 layer4(IpFamily family) {
    return switch (any.below(5)) {
      case 0 -> ports(IPPROTO_TCP);
      case 1 -> ports(IPPROTO_UDP);
      case 2 -> ports(IPPROTO_SCTP);
      case 3 -> new Layer4.Bare(IPPROTO_ESP);
      default ->
          new Layer4.Echo(
              family == IpFamily.IPV4 ? IPPROTO_ICMP : IPPROTO_ICMPV6,
              any.below(0x10000),
              any.below(256),
              any.below(256));
    };
  }

  private Layer4 ports(int protocol) {
    return new Layer4.Ports(protocol, any.below(0x10000), any.below(0x10000));
  }

  private ProtocolState state(int protocol) {
    return switch (protocol) {
      case IPPROTO_TCP -> new ProtocolState.Tcp(any.below(256), side(), side());
      case IPPROTO_SCTP -> new ProtocolState.Sctp(any.below(256), any.anyInt(), any.anyInt());
      default -> new ProtocolState.Stateless();
    };
  }

  private TcpSide side() {
    return new TcpSide(any.below(15), any.below(256));
  }
}
