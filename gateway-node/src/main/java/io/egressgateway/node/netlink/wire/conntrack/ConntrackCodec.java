package io.egressgateway.node.netlink.wire.conntrack;

import static io.egressgateway.node.netlink.wire.NetlinkConstants.AF_UNSPEC;
import static io.egressgateway.node.netlink.wire.NetlinkConstants.NLM_F_ACK;
import static io.egressgateway.node.netlink.wire.NetlinkConstants.NLM_F_CREATE;
import static io.egressgateway.node.netlink.wire.NetlinkConstants.NLM_F_DUMP;
import static io.egressgateway.node.netlink.wire.NetlinkConstants.NLM_F_EXCL;
import static io.egressgateway.node.netlink.wire.conntrack.ConntrackConstants.CTA_ID;
import static io.egressgateway.node.netlink.wire.conntrack.ConntrackConstants.CTA_MARK;
import static io.egressgateway.node.netlink.wire.conntrack.ConntrackConstants.CTA_MARK_MASK;
import static io.egressgateway.node.netlink.wire.conntrack.ConntrackConstants.CTA_NAT_PROTO;
import static io.egressgateway.node.netlink.wire.conntrack.ConntrackConstants.CTA_NAT_SRC;
import static io.egressgateway.node.netlink.wire.conntrack.ConntrackConstants.CTA_NAT_V4_MAXIP;
import static io.egressgateway.node.netlink.wire.conntrack.ConntrackConstants.CTA_NAT_V4_MINIP;
import static io.egressgateway.node.netlink.wire.conntrack.ConntrackConstants.CTA_NAT_V6_MAXIP;
import static io.egressgateway.node.netlink.wire.conntrack.ConntrackConstants.CTA_NAT_V6_MINIP;
import static io.egressgateway.node.netlink.wire.conntrack.ConntrackConstants.CTA_PROTONAT_PORT_MAX;
import static io.egressgateway.node.netlink.wire.conntrack.ConntrackConstants.CTA_PROTONAT_PORT_MIN;
import static io.egressgateway.node.netlink.wire.conntrack.ConntrackConstants.CTA_STATS_INSERT_FAILED;
import static io.egressgateway.node.netlink.wire.conntrack.ConntrackConstants.CTA_STATUS;
import static io.egressgateway.node.netlink.wire.conntrack.ConntrackConstants.CTA_TIMEOUT;
import static io.egressgateway.node.netlink.wire.conntrack.ConntrackConstants.CTA_TUPLE_ORIG;
import static io.egressgateway.node.netlink.wire.conntrack.ConntrackConstants.CTA_TUPLE_REPLY;
import static io.egressgateway.node.netlink.wire.conntrack.ConntrackConstants.CTA_ZONE;
import static io.egressgateway.node.netlink.wire.conntrack.ConntrackConstants.IPCTNL_MSG_CT_DELETE;
import static io.egressgateway.node.netlink.wire.conntrack.ConntrackConstants.IPCTNL_MSG_CT_GET;
import static io.egressgateway.node.netlink.wire.conntrack.ConntrackConstants.IPCTNL_MSG_CT_GET_STATS_CPU;
import static io.egressgateway.node.netlink.wire.conntrack.ConntrackConstants.IPCTNL_MSG_CT_NEW;
import static io.egressgateway.node.netlink.wire.conntrack.ConntrackConstants.NFNETLINK_V0;
import static io.egressgateway.node.netlink.wire.conntrack.ConntrackConstants.NFNL_SUBSYS_CTNETLINK;

import io.egressgateway.core.model.IpFamily;
import io.egressgateway.node.netlink.wire.AttributeReader;
import io.egressgateway.node.netlink.wire.AttributeWriter;
import io.egressgateway.node.netlink.wire.NetlinkMessage;
import io.egressgateway.node.netlink.wire.PayloadReader;
import io.egressgateway.node.netlink.wire.route.RouteFamily;
import java.util.Optional;
import java.util.OptionalInt;

/**
 * IPCTNL_MSG_CT_NEW, IPCTNL_MSG_CT_GET, IPCTNL_MSG_CT_DELETE: as requests, as rows of a dump, and
 * as news of connections that began or ended.
 *
 * <pre>
 *  nlmsg_type: | NFNL_SUBSYS_CTNETLINK (u8) | IPCTNL_MSG_CT_… (u8) |
 *  0              1          2                    4
 * +--------------+----------+--------------------+
 * | nfgen_family | version 0| res_id (u16 be)    |
 * +--------------+----------+--------------------+
 * | CTA_TUPLE_ORIG, CTA_TUPLE_REPLY, CTA_PROTOINFO, CTA_NAT_SRC (nested)
 * | CTA_STATUS, CTA_TIMEOUT, CTA_MARK, CTA_MARK_MASK, CTA_ID (u32 be), CTA_ZONE (u16 be)
 * </pre>
 *
 * <p>linux/netfilter/nfnetlink_conntrack.h. A translated entry is made with the reply tuple that it
 * had without translation, and CTA_NAT_SRC: the kernel makes the translated one of them. Given the
 * translated one it sees nothing to do, and the flow is not translated.
 */
public final class ConntrackCodec {
  private static final int HEADER_BYTES = 4;

  private ConntrackCodec() {}

  /** Asks for the entries of one family with such a mark; the kernel chooses. */
  public static NetlinkMessage dump(IpFamily family, MarkFilter marks) {
    AttributeWriter payload = header(RouteFamily.number(family));
    writeMarks(payload, marks);
    return request(IPCTNL_MSG_CT_GET, NLM_F_DUMP, payload);
  }

  /** Asks for one entry. */
  public static NetlinkMessage get(FlowKey key) {
    return request(IPCTNL_MSG_CT_GET, 0, keyed(key));
  }

  /** Makes an entry; EEXIST if one of its tuples is taken. */
  public static NetlinkMessage create(ConntrackEntry entry) {
    AttributeWriter payload = header(family(entry.key()));
    TupleCodec.write(payload, CTA_TUPLE_ORIG, entry.key().original());
    TupleCodec.write(payload, CTA_TUPLE_REPLY, entry.reply());
    writeZone(payload, entry.key());
    Progress progress = entry.progress();
    payload
        .putBe32(CTA_STATUS, progress.status())
        .putBe32(CTA_TIMEOUT, progress.timeoutSeconds())
        .putBe32(CTA_MARK, progress.mark());
    ProtocolStateCodec.write(payload, progress.protocol());
    entry.sourceNat().ifPresent(nat -> writeSourceNat(payload, nat));
    return request(IPCTNL_MSG_CT_NEW, NLM_F_CREATE | NLM_F_EXCL | NLM_F_ACK, payload);
  }

  /** Asks for the counts of every processor. */
  public static NetlinkMessage statistics() {
    return request(IPCTNL_MSG_CT_GET_STATS_CPU, NLM_F_DUMP, header(AF_UNSPEC));
  }

  /** Reads how many entries one processor could not make known; 0 of another message. */
  public static long refusals(NetlinkMessage message) {
    return message.type() == (NFNL_SUBSYS_CTNETLINK << 8 | IPCTNL_MSG_CT_GET_STATS_CPU)
        ? new PayloadReader(message, HEADER_BYTES)
            .attributes()
            .be32(CTA_STATS_INSERT_FAILED)
            .orElse(0)
        : 0;
  }

  /** Gives one entry another mark; ENOENT if there is none. */
  public static NetlinkMessage mark(FlowKey key, int mark) {
    return request(IPCTNL_MSG_CT_NEW, NLM_F_ACK, keyed(key).putBe32(CTA_MARK, mark));
  }

  /** Deletes one entry; ENOENT if there is none. */
  public static NetlinkMessage delete(FlowKey key) {
    return request(IPCTNL_MSG_CT_DELETE, NLM_F_ACK, keyed(key));
  }

  /** Deletes the entries of both families with such a mark. */
  public static NetlinkMessage deleteMarked(MarkFilter marks) {
    AttributeWriter payload = header(AF_UNSPEC);
    writeMarks(payload, marks);
    return request(IPCTNL_MSG_CT_DELETE, NLM_F_ACK, payload);
  }

  private static AttributeWriter keyed(FlowKey key) {
    AttributeWriter payload = header(family(key));
    TupleCodec.write(payload, CTA_TUPLE_ORIG, key.original());
    writeZone(payload, key);
    key.id().ifPresent(id -> payload.putBe32(CTA_ID, id));
    return payload;
  }

  private static void writeZone(AttributeWriter to, FlowKey key) {
    if (key.zone() != 0) {
      to.putBe16(CTA_ZONE, key.zone());
    }
  }

  private static void writeMarks(AttributeWriter to, MarkFilter marks) {
    to.putBe32(CTA_MARK, marks.value()).putBe32(CTA_MARK_MASK, marks.mask());
  }

  private static void writeSourceNat(AttributeWriter to, SourceNat nat) {
    boolean isV4 = nat.address().family() == IpFamily.IPV4;
    to.nest(
        CTA_NAT_SRC,
        body -> {
          body.putBytes(
              isV4 ? CTA_NAT_V4_MINIP : CTA_NAT_V6_MINIP, RouteFamily.bytes(nat.address()));
          body.putBytes(
              isV4 ? CTA_NAT_V4_MAXIP : CTA_NAT_V6_MAXIP, RouteFamily.bytes(nat.address()));
          nat.port()
              .ifPresent(
                  port ->
                      body.nest(
                          CTA_NAT_PROTO,
                          ports ->
                              ports
                                  .putBe16(CTA_PROTONAT_PORT_MIN, port)
                                  .putBe16(CTA_PROTONAT_PORT_MAX, port)));
        });
  }

  private static int family(FlowKey key) {
    return RouteFamily.number(key.original().source().family());
  }

  private static AttributeWriter header(int family) {
    return new AttributeWriter().rawU8(family).rawU8(NFNETLINK_V0).rawBe16(0);
  }

  private static NetlinkMessage request(int message, int flags, AttributeWriter payload) {
    return NetlinkMessage.request(NFNL_SUBSYS_CTNETLINK << 8 | message, flags, payload.toBytes());
  }

  /** Whether {@link #decode} reads this message: a row, or news of an entry. */
  public static boolean reads(NetlinkMessage message) {
    return message.type() == (NFNL_SUBSYS_CTNETLINK << 8 | IPCTNL_MSG_CT_NEW)
        || tellsOfEnd(message);
  }

  /** Whether the message says that the entry is gone. */
  public static boolean tellsOfEnd(NetlinkMessage message) {
    return message.type() == (NFNL_SUBSYS_CTNETLINK << 8 | IPCTNL_MSG_CT_DELETE);
  }

  /**
   * Reads a row or news. News of an end tell neither of status nor of time: both are 0 then. What
   * the kernel tells of has no {@link SourceNat}; that is read only of requests.
   */
  public static ConntrackEntry decode(NetlinkMessage message) {
    AttributeReader attributes = new PayloadReader(message, HEADER_BYTES).attributes();
    FlowKey key =
        new FlowKey(
            TupleCodec.read(attributes.requireNested(CTA_TUPLE_ORIG)),
            attributes.be16(CTA_ZONE).orElse(0),
            attributes.be32(CTA_ID));
    Progress progress =
        new Progress(
            (int) attributes.be32(CTA_STATUS).orElse(0),
            (int) attributes.be32(CTA_MARK).orElse(0),
            attributes.be32(CTA_TIMEOUT).orElse(0),
            ProtocolStateCodec.read(attributes));
    return new ConntrackEntry(
        key,
        TupleCodec.read(attributes.requireNested(CTA_TUPLE_REPLY)),
        progress,
        attributes.nested(CTA_NAT_SRC).flatMap(ConntrackCodec::readSourceNat));
  }

  private static Optional<SourceNat> readSourceNat(AttributeReader nat) {
    return nat.bytes(CTA_NAT_V4_MINIP)
        .or(() -> nat.bytes(CTA_NAT_V6_MINIP))
        .map(RouteFamily::address)
        .map(
            address ->
                new SourceNat(
                    address,
                    nat.nested(CTA_NAT_PROTO)
                        .map(ports -> ports.be16(CTA_PROTONAT_PORT_MIN))
                        .orElseGet(OptionalInt::empty)));
  }
}
