package io.egressgateway.node.netlink.wire;

import static org.assertj.core.api.Assertions.assertThat;

import io.egressgateway.core.model.IpAddress;
import io.egressgateway.core.model.IpFamily;
import io.egressgateway.node.netlink.wire.conntrack.ConntrackCodec;
import io.egressgateway.node.netlink.wire.conntrack.ConntrackEntry;
import io.egressgateway.node.netlink.wire.conntrack.FlowKey;
import io.egressgateway.node.netlink.wire.conntrack.Layer4;
import io.egressgateway.node.netlink.wire.conntrack.MarkFilter;
import io.egressgateway.node.netlink.wire.conntrack.Progress;
import io.egressgateway.node.netlink.wire.conntrack.ProtocolState;
import io.egressgateway.node.netlink.wire.conntrack.ProtocolState.TcpSide;
import io.egressgateway.node.netlink.wire.conntrack.SourceNat;
import io.egressgateway.node.netlink.wire.conntrack.Tuple;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.OptionalLong;
import org.junit.jupiter.api.Test;

/** The bytes of each message of ctnetlink. */
final class ConntrackGoldenTest {
  private static final Tuple FROM_POD =
      new Tuple(
          IpAddress.of("10.244.1.7"), IpAddress.of("192.0.2.80"), new Layer4.Ports(6, 40000, 443));

  private static void check(NetlinkMessage message, String dump) {
    assertThat(Hexdump.of(message)).isEqualTo(Hexdump.withoutRemarks(dump));
  }

  @Test
  void createsATranslatedTcpConnection() {
    ConntrackEntry entry =
        new ConntrackEntry(
            FlowKey.of(FROM_POD),
            FROM_POD.inverse(),
            new Progress(0xe, 0x27020003, 432000, new ProtocolState.Tcp(3, side(7), side(9))),
            Optional.of(new SourceNat(IpAddress.of("10.6.1.55"), OptionalInt.of(52112))));
    check(
        ConntrackCodec.create(entry),
        """
        ec 00 00 00  nlmsg_len
        00 01 05 06  nlmsg_type, nlmsg_flags
        00 00 00 00  nlmsg_seq
        00 00 00 00  nlmsg_pid
        02 00 00 00  nfgen_family, version, res_id
        34 00 01 80  CTA_TUPLE_ORIG
        14 00 01 80    CTA_TUPLE_IP
        08 00 01 00      CTA_IP_V4_SRC
        0a f4 01 07
        08 00 02 00      CTA_IP_V4_DST
        c0 00 02 50
        1c 00 02 80    CTA_TUPLE_PROTO
        05 00 01 00      CTA_PROTO_NUM
        06 00 00 00
        06 00 02 00      CTA_PROTO_SRC_PORT
        9c 40 00 00
        06 00 03 00      CTA_PROTO_DST_PORT
        01 bb 00 00
        34 00 02 80  CTA_TUPLE_REPLY: as without translation
        14 00 01 80    CTA_TUPLE_IP
        08 00 01 00      CTA_IP_V4_SRC
        c0 00 02 50
        08 00 02 00      CTA_IP_V4_DST
        0a f4 01 07
        1c 00 02 80    CTA_TUPLE_PROTO
        05 00 01 00      CTA_PROTO_NUM
        06 00 00 00
        06 00 02 00      CTA_PROTO_SRC_PORT
        01 bb 00 00
        06 00 03 00      CTA_PROTO_DST_PORT
        9c 40 00 00
        08 00 03 00  CTA_STATUS: seen reply, assured, confirmed
        00 00 00 0e
        08 00 07 00  CTA_TIMEOUT
        00 06 97 80
        08 00 08 00  CTA_MARK
        27 02 00 03
        30 00 04 80  CTA_PROTOINFO
        2c 00 01 80    CTA_PROTOINFO_TCP
        05 00 01 00      CTA_PROTOINFO_TCP_STATE
        03 00 00 00
        05 00 02 00      CTA_PROTOINFO_TCP_WSCALE_ORIGINAL
        07 00 00 00
        05 00 03 00      CTA_PROTOINFO_TCP_WSCALE_REPLY
        09 00 00 00
        06 00 04 00      CTA_PROTOINFO_TCP_FLAGS_ORIGINAL: flags, mask
        08 08 00 00
        06 00 05 00      CTA_PROTOINFO_TCP_FLAGS_REPLY
        08 08 00 00
        28 00 06 80  CTA_NAT_SRC
        08 00 01 00    CTA_NAT_V4_MINIP
        0a 06 01 37
        08 00 02 00    CTA_NAT_V4_MAXIP
        0a 06 01 37
        14 00 03 80    CTA_NAT_PROTO
        06 00 01 00      CTA_PROTONAT_PORT_MIN
        cb 90 00 00
        06 00 02 00      CTA_PROTONAT_PORT_MAX
        cb 90 00 00
        """);
  }

  private static TcpSide side(int windowScale) {
    return new TcpSide(windowScale, 0).liberal();
  }

  @Test
  void dumpsAndDeletesByMark() {
    MarkFilter tunnelled = new MarkFilter(0x27000000, 0xff000000);
    check(
        ConntrackCodec.dump(IpFamily.IPV6, tunnelled),
        """
        24 00 00 00  nlmsg_len
        01 01 01 03  nlmsg_type, nlmsg_flags: NLM_F_DUMP
        00 00 00 00  nlmsg_seq
        00 00 00 00  nlmsg_pid
        0a 00 00 00  nfgen_family, version, res_id
        08 00 08 00  CTA_MARK
        27 00 00 00
        08 00 15 00  CTA_MARK_MASK
        ff 00 00 00
        """);
    check(
        ConntrackCodec.deleteMarked(MarkFilter.exactly(0x26000005)),
        """
        24 00 00 00  nlmsg_len
        02 01 05 00  nlmsg_type, nlmsg_flags: NLM_F_ACK
        00 00 00 00  nlmsg_seq
        00 00 00 00  nlmsg_pid
        00 00 00 00  nfgen_family: both; version, res_id
        08 00 08 00  CTA_MARK
        26 00 00 05
        08 00 15 00  CTA_MARK_MASK
        ff ff ff ff
        """);
  }

  @Test
  void deletesOnePing() {
    Tuple ping =
        new Tuple(
            IpAddress.of("fd00::7"), IpAddress.of("2001:db8::1"), new Layer4.Echo(58, 77, 128, 0));
    check(
        ConntrackCodec.delete(new FlowKey(ping, 9, OptionalLong.of(0xfedcba98L))),
        """
        78 00 00 00  nlmsg_len
        02 01 05 00  nlmsg_type, nlmsg_flags: NLM_F_ACK
        00 00 00 00  nlmsg_seq
        00 00 00 00  nlmsg_pid
        0a 00 00 00  nfgen_family, version, res_id
        54 00 01 80  CTA_TUPLE_ORIG
        2c 00 01 80    CTA_TUPLE_IP
        14 00 03 00      CTA_IP_V6_SRC
        fd 00 00 00
        00 00 00 00
        00 00 00 00
        00 00 00 07
        14 00 04 00      CTA_IP_V6_DST
        20 01 0d b8
        00 00 00 00
        00 00 00 00
        00 00 00 01
        24 00 02 80    CTA_TUPLE_PROTO
        05 00 01 00      CTA_PROTO_NUM
        3a 00 00 00
        06 00 07 00      CTA_PROTO_ICMPV6_ID
        00 4d 00 00
        05 00 08 00      CTA_PROTO_ICMPV6_TYPE
        80 00 00 00
        05 00 09 00      CTA_PROTO_ICMPV6_CODE
        00 00 00 00
        06 00 12 00  CTA_ZONE
        00 09 00 00
        08 00 0c 00  CTA_ID
        fe dc ba 98
        """);
  }
}
