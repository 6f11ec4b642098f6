package io.egressgateway.node.netlink.wire.conntrack;

import static io.egressgateway.node.netlink.wire.conntrack.ConntrackConstants.CTA_IP_V4_DST;
import static io.egressgateway.node.netlink.wire.conntrack.ConntrackConstants.CTA_IP_V4_SRC;
import static io.egressgateway.node.netlink.wire.conntrack.ConntrackConstants.CTA_IP_V6_DST;
import static io.egressgateway.node.netlink.wire.conntrack.ConntrackConstants.CTA_IP_V6_SRC;
import static io.egressgateway.node.netlink.wire.conntrack.ConntrackConstants.CTA_PROTO_DST_PORT;
import static io.egressgateway.node.netlink.wire.conntrack.ConntrackConstants.CTA_PROTO_ICMPV6_CODE;
import static io.egressgateway.node.netlink.wire.conntrack.ConntrackConstants.CTA_PROTO_ICMPV6_ID;
import static io.egressgateway.node.netlink.wire.conntrack.ConntrackConstants.CTA_PROTO_ICMPV6_TYPE;
import static io.egressgateway.node.netlink.wire.conntrack.ConntrackConstants.CTA_PROTO_ICMP_CODE;
import static io.egressgateway.node.netlink.wire.conntrack.ConntrackConstants.CTA_PROTO_ICMP_ID;
import static io.egressgateway.node.netlink.wire.conntrack.ConntrackConstants.CTA_PROTO_ICMP_TYPE;
import static io.egressgateway.node.netlink.wire.conntrack.ConntrackConstants.CTA_PROTO_NUM;
import static io.egressgateway.node.netlink.wire.conntrack.ConntrackConstants.CTA_PROTO_SRC_PORT;
import static io.egressgateway.node.netlink.wire.conntrack.ConntrackConstants.CTA_TUPLE_IP;
import static io.egressgateway.node.netlink.wire.conntrack.ConntrackConstants.CTA_TUPLE_PROTO;
import static io.egressgateway.node.netlink.wire.conntrack.ConntrackConstants.IPPROTO_ICMPV6;

import io.egressgateway.core.model.IpAddress;
import io.egressgateway.core.model.IpFamily;
import io.egressgateway.node.netlink.wire.AttributeReader;
import io.egressgateway.node.netlink.wire.AttributeWriter;
import io.egressgateway.node.netlink.wire.MalformedNetlinkMessage;
import io.egressgateway.node.netlink.wire.conntrack.Layer4.Bare;
import io.egressgateway.node.netlink.wire.conntrack.Layer4.Echo;
import io.egressgateway.node.netlink.wire.conntrack.Layer4.Ports;
import io.egressgateway.node.netlink.wire.route.RouteFamily;

/**
 * CTA_TUPLE_ORIG and CTA_TUPLE_REPLY.
 *
 * <pre>
 * +-- CTA_TUPLE_IP -----------------------------------------------------+
 * | CTA_IP_V4_SRC, CTA_IP_V4_DST  or  CTA_IP_V6_SRC, CTA_IP_V6_DST      |
 * +-- CTA_TUPLE_PROTO --------------------------------------------------+
 * | CTA_PROTO_NUM (u8), then by protocol                                |
 * |   CTA_PROTO_SRC_PORT, CTA_PROTO_DST_PORT (u16 be)                   |
 * |   CTA_PROTO_ICMP[V6]_ID (u16 be), …_TYPE (u8), …_CODE (u8)          |
 * +---------------------------------------------------------------------+
 * </pre>
 */
final class TupleCodec {
  private TupleCodec() {}

  static void write(AttributeWriter to, int type, Tuple tuple) {
    to.nest(
        type,
        body -> {
          body.nest(CTA_TUPLE_IP, ip -> writeAddresses(ip, tuple));
          body.nest(CTA_TUPLE_PROTO, proto -> writeLayer4(proto, tuple.layer4()));
        });
  }

  private static void writeAddresses(AttributeWriter to, Tuple tuple) {
    boolean isV4 = tuple.source().family() == IpFamily.IPV4;
    to.putBytes(isV4 ? CTA_IP_V4_SRC : CTA_IP_V6_SRC, RouteFamily.bytes(tuple.source()));
    to.putBytes(isV4 ? CTA_IP_V4_DST : CTA_IP_V6_DST, RouteFamily.bytes(tuple.destination()));
  }

  private static void writeLayer4(AttributeWriter to, Layer4 layer4) {
    to.putU8(CTA_PROTO_NUM, layer4.protocol());
    switch (layer4) {
      case Ports(int ignored, int source, int destination) ->
          to.putBe16(CTA_PROTO_SRC_PORT, source).putBe16(CTA_PROTO_DST_PORT, destination);
      case Echo(int protocol, int id, int type, int code) -> {
        boolean isV6 = protocol == IPPROTO_ICMPV6;
        to.putBe16(isV6 ? CTA_PROTO_ICMPV6_ID : CTA_PROTO_ICMP_ID, id);
        to.putU8(isV6 ? CTA_PROTO_ICMPV6_TYPE : CTA_PROTO_ICMP_TYPE, type);
        to.putU8(isV6 ? CTA_PROTO_ICMPV6_CODE : CTA_PROTO_ICMP_CODE, code);
      }
      case Bare ignored -> {
        // The number says it all.
      }
    }
  }

  static Tuple read(AttributeReader tuple) {
    AttributeReader ip = tuple.requireNested(CTA_TUPLE_IP);
    boolean isV4 = ip.has(CTA_IP_V4_SRC);
    IpAddress source = address(ip, isV4 ? CTA_IP_V4_SRC : CTA_IP_V6_SRC, isV4);
    IpAddress destination = address(ip, isV4 ? CTA_IP_V4_DST : CTA_IP_V6_DST, isV4);
    return new Tuple(source, destination, readLayer4(tuple.requireNested(CTA_TUPLE_PROTO)));
  }

  private static IpAddress address(AttributeReader ip, int type, boolean isV4) {
    IpAddress address = RouteFamily.address(ip.requireBytes(type));
    if ((address.family() == IpFamily.IPV4) != isV4) {
      throw new MalformedNetlinkMessage("address " + address + " in attribute " + type);
    }
    return address;
  }

  private static Layer4 readLayer4(AttributeReader proto) {
    int protocol =
        proto
            .u8(CTA_PROTO_NUM)
            .orElseThrow(() -> new MalformedNetlinkMessage("a tuple without protocol"));
    if (proto.has(CTA_PROTO_ICMP_ID)) {
      return new Echo(
          protocol,
          proto.be16(CTA_PROTO_ICMP_ID).orElse(0),
          proto.u8(CTA_PROTO_ICMP_TYPE).orElse(0),
          proto.u8(CTA_PROTO_ICMP_CODE).orElse(0));
    }
    if (proto.has(CTA_PROTO_ICMPV6_ID)) {
      return new Echo(
          protocol,
          proto.be16(CTA_PROTO_ICMPV6_ID).orElse(0),
          proto.u8(CTA_PROTO_ICMPV6_TYPE).orElse(0),
          proto.u8(CTA_PROTO_ICMPV6_CODE).orElse(0));
    }
    if (proto.has(CTA_PROTO_SRC_PORT)) {
      return new Ports(
          protocol,
          proto.be16(CTA_PROTO_SRC_PORT).orElse(0),
          proto.be16(CTA_PROTO_DST_PORT).orElse(0));
    }
    return new Bare(protocol);
  }
}
