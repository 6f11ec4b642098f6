package io.egressgateway.node.netlink.wire.conntrack;

import static io.egressgateway.node.netlink.wire.conntrack.ConntrackConstants.CTA_PROTOINFO;
import static io.egressgateway.node.netlink.wire.conntrack.ConntrackConstants.CTA_PROTOINFO_SCTP;
import static io.egressgateway.node.netlink.wire.conntrack.ConntrackConstants.CTA_PROTOINFO_SCTP_STATE;
import static io.egressgateway.node.netlink.wire.conntrack.ConntrackConstants.CTA_PROTOINFO_SCTP_VTAG_ORIGINAL;
import static io.egressgateway.node.netlink.wire.conntrack.ConntrackConstants.CTA_PROTOINFO_SCTP_VTAG_REPLY;
import static io.egressgateway.node.netlink.wire.conntrack.ConntrackConstants.CTA_PROTOINFO_TCP;
import static io.egressgateway.node.netlink.wire.conntrack.ConntrackConstants.CTA_PROTOINFO_TCP_FLAGS_ORIGINAL;
import static io.egressgateway.node.netlink.wire.conntrack.ConntrackConstants.CTA_PROTOINFO_TCP_FLAGS_REPLY;
import static io.egressgateway.node.netlink.wire.conntrack.ConntrackConstants.CTA_PROTOINFO_TCP_STATE;
import static io.egressgateway.node.netlink.wire.conntrack.ConntrackConstants.CTA_PROTOINFO_TCP_WSCALE_ORIGINAL;
import static io.egressgateway.node.netlink.wire.conntrack.ConntrackConstants.CTA_PROTOINFO_TCP_WSCALE_REPLY;

import io.egressgateway.node.netlink.wire.AttributeReader;
import io.egressgateway.node.netlink.wire.AttributeWriter;
import io.egressgateway.node.netlink.wire.Bytes;
import io.egressgateway.node.netlink.wire.MalformedNetlinkMessage;
import io.egressgateway.node.netlink.wire.conntrack.ProtocolState.Sctp;
import io.egressgateway.node.netlink.wire.conntrack.ProtocolState.Stateless;
import io.egressgateway.node.netlink.wire.conntrack.ProtocolState.Tcp;
import io.egressgateway.node.netlink.wire.conntrack.ProtocolState.TcpSide;
import java.util.Optional;

/**
 * CTA_PROTOINFO.
 *
 * <pre>
 * +-- CTA_PROTOINFO_TCP ------------------------------------------------+
 * | CTA_PROTOINFO_TCP_STATE, …_WSCALE_ORIGINAL, …_WSCALE_REPLY (u8)     |
 * | …_FLAGS_ORIGINAL, …_FLAGS_REPLY: | flags (u8) | mask (u8) |         |
 * +-- CTA_PROTOINFO_SCTP -----------------------------------------------+
 * | CTA_PROTOINFO_SCTP_STATE (u8), …_VTAG_ORIGINAL, …_VTAG_REPLY (be32) |
 * +---------------------------------------------------------------------+
 * </pre>
 *
 * <p>Of a TCP side's flags the kernel takes those in the mask, and leaves the mask empty when it
 * tells of them.
 */
final class ProtocolStateCodec {
  private static final int TCP_FLAGS_BYTES = 2;

  private ProtocolStateCodec() {}

  static void write(AttributeWriter to, ProtocolState state) {
    switch (state) {
      case Tcp tcp ->
          to.nest(CTA_PROTOINFO, info -> info.nest(CTA_PROTOINFO_TCP, body -> write(body, tcp)));
      case Sctp sctp ->
          to.nest(CTA_PROTOINFO, info -> info.nest(CTA_PROTOINFO_SCTP, body -> write(body, sctp)));
      case Stateless ignored -> {
        // Nothing to tell.
      }
    }
  }

  private static void write(AttributeWriter to, Tcp tcp) {
    to.putU8(CTA_PROTOINFO_TCP_STATE, tcp.state())
        .putU8(CTA_PROTOINFO_TCP_WSCALE_ORIGINAL, tcp.original().windowScale())
        .putU8(CTA_PROTOINFO_TCP_WSCALE_REPLY, tcp.reply().windowScale())
        .putBytes(CTA_PROTOINFO_TCP_FLAGS_ORIGINAL, flags(tcp.original()))
        .putBytes(CTA_PROTOINFO_TCP_FLAGS_REPLY, flags(tcp.reply()));
  }

  private static Bytes flags(TcpSide side) {
    return Bytes.of(new byte[] {(byte) side.flags(), (byte) side.flags()});
  }

  private static void write(AttributeWriter to, Sctp sctp) {
    to.putU8(CTA_PROTOINFO_SCTP_STATE, sctp.state())
        .putBe32(CTA_PROTOINFO_SCTP_VTAG_ORIGINAL, sctp.originalTag())
        .putBe32(CTA_PROTOINFO_SCTP_VTAG_REPLY, sctp.replyTag());
  }

  static ProtocolState read(AttributeReader entry) {
    Optional<AttributeReader> info = entry.nested(CTA_PROTOINFO);
    Optional<ProtocolState> tcp =
        info.flatMap(i -> i.nested(CTA_PROTOINFO_TCP)).map(ProtocolStateCodec::readTcp);
    Optional<ProtocolState> sctp =
        info.flatMap(i -> i.nested(CTA_PROTOINFO_SCTP)).map(ProtocolStateCodec::readSctp);
    return tcp.or(() -> sctp).orElseGet(Stateless::new);
  }

  private static ProtocolState readTcp(AttributeReader tcp) {
    return new Tcp(
        tcp.u8(CTA_PROTOINFO_TCP_STATE).orElse(0),
        readSide(tcp, CTA_PROTOINFO_TCP_WSCALE_ORIGINAL, CTA_PROTOINFO_TCP_FLAGS_ORIGINAL),
        readSide(tcp, CTA_PROTOINFO_TCP_WSCALE_REPLY, CTA_PROTOINFO_TCP_FLAGS_REPLY));
  }

  private static TcpSide readSide(AttributeReader tcp, int scale, int flags) {
    return new TcpSide(
        tcp.u8(scale).orElse(0), tcp.bytes(flags).map(ProtocolStateCodec::readFlags).orElse(0));
  }

  private static int readFlags(Bytes bytes) {
    if (bytes.length() < TCP_FLAGS_BYTES) {
      throw new MalformedNetlinkMessage("TCP flags of " + bytes.length() + " bytes");
    }
    return bytes.at(0);
  }

  private static ProtocolState readSctp(AttributeReader sctp) {
    return new Sctp(
        sctp.u8(CTA_PROTOINFO_SCTP_STATE).orElse(0),
        (int) sctp.be32(CTA_PROTOINFO_SCTP_VTAG_ORIGINAL).orElse(0),
        (int) sctp.be32(CTA_PROTOINFO_SCTP_VTAG_REPLY).orElse(0));
  }
}
