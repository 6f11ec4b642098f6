package io.egressgateway.node.netlink.wire.route;

import static io.egressgateway.node.netlink.wire.NetlinkConstants.AF_BRIDGE;
import static io.egressgateway.node.netlink.wire.NetlinkConstants.NLM_F_ACK;
import static io.egressgateway.node.netlink.wire.NetlinkConstants.NLM_F_APPEND;
import static io.egressgateway.node.netlink.wire.NetlinkConstants.NLM_F_CREATE;
import static io.egressgateway.node.netlink.wire.NetlinkConstants.NLM_F_DUMP;
import static io.egressgateway.node.netlink.wire.NetlinkConstants.NLM_F_REPLACE;
import static io.egressgateway.node.netlink.wire.route.NeighbourConstants.NDA_DST;
import static io.egressgateway.node.netlink.wire.route.NeighbourConstants.NDA_LLADDR;
import static io.egressgateway.node.netlink.wire.route.NeighbourConstants.NTF_SELF;
import static io.egressgateway.node.netlink.wire.route.NeighbourConstants.NUD_PERMANENT;
import static io.egressgateway.node.netlink.wire.route.NeighbourConstants.RTM_DELNEIGH;
import static io.egressgateway.node.netlink.wire.route.NeighbourConstants.RTM_GETNEIGH;
import static io.egressgateway.node.netlink.wire.route.NeighbourConstants.RTM_NEWNEIGH;

import io.egressgateway.core.model.IpAddress;
import io.egressgateway.core.model.IpFamily;
import io.egressgateway.core.model.MacAddress;
import io.egressgateway.node.netlink.wire.AttributeReader;
import io.egressgateway.node.netlink.wire.AttributeWriter;
import io.egressgateway.node.netlink.wire.Bytes;
import io.egressgateway.node.netlink.wire.MalformedNetlinkMessage;
import io.egressgateway.node.netlink.wire.NetlinkMessage;
import io.egressgateway.node.netlink.wire.PayloadReader;
import java.util.Arrays;
import java.util.Optional;

/**
 * RTM_NEWNEIGH, RTM_DELNEIGH, RTM_GETNEIGH, for neighbours (AF_INET, AF_INET6) and for forwarding
 * databases (AF_BRIDGE).
 *
 * <pre>
 *  0           1           2                       4
 * +-----------+-----------+-----------------------+-----------------------+
 * | family    | pad       | pad                   | ndm_ifindex (s32)     |
 * +-----------+-----------+-----------------------+-----------+-----------+
 * | ndm_state (u16, NUD_…)| ndm_flags (NTF_…) u8  | ndm_type u8           |
 * +-----------------------+-----------------------+-----------------------+
 * | NDA_DST (the IP address; of an fdb entry: the tunnel end), NDA_LLADDR (the MAC)
 * </pre>
 *
 * <p>linux/neighbour.h, struct ndmsg.
 */
public final class NeighbourCodec {
  private static final int HEADER_BYTES = 12;
  private static final int MAC_BYTES = 6;

  private NeighbourCodec() {}

  /** Asks for every neighbour of a family. */
  public static NetlinkMessage dump(IpFamily family) {
    AttributeWriter payload = header(RouteFamily.number(family), 0, 0, 0);
    return NetlinkMessage.request(RTM_GETNEIGH, NLM_F_DUMP, payload.toBytes());
  }

  /** Asks for the forwarding database of one device. */
  public static NetlinkMessage dumpForwarding(int link) {
    AttributeWriter payload = header(AF_BRIDGE, link, 0, 0);
    return NetlinkMessage.request(RTM_GETNEIGH, NLM_F_DUMP, payload.toBytes());
  }

  /** Sets the neighbour, whether or not the address has one. */
  public static NetlinkMessage replace(Neighbour neighbour) {
    AttributeWriter payload =
        header(neighbour).putBytes(NDA_DST, RouteFamily.bytes(neighbour.ip()));
    neighbour.mac().ifPresent(mac -> payload.putBytes(NDA_LLADDR, Bytes.of(mac.toBytes())));
    return NetlinkMessage.request(
        RTM_NEWNEIGH, NLM_F_CREATE | NLM_F_REPLACE | NLM_F_ACK, payload.toBytes());
  }

  /** Deletes the neighbour of a device and address. */
  public static NetlinkMessage delete(Neighbour neighbour) {
    AttributeWriter payload =
        header(neighbour).putBytes(NDA_DST, RouteFamily.bytes(neighbour.ip()));
    return NetlinkMessage.request(RTM_DELNEIGH, NLM_F_ACK, payload.toBytes());
  }

  /** Adds a tunnel end for a MAC, beside those it has; EEXIST is not reported for the same one. */
  public static NetlinkMessage append(ForwardingEntry entry) {
    return NetlinkMessage.request(
        RTM_NEWNEIGH, NLM_F_CREATE | NLM_F_APPEND | NLM_F_ACK, written(entry));
  }

  /** Makes this the one tunnel end of a MAC. */
  public static NetlinkMessage replace(ForwardingEntry entry) {
    return NetlinkMessage.request(
        RTM_NEWNEIGH, NLM_F_CREATE | NLM_F_REPLACE | NLM_F_ACK, written(entry));
  }

  /** Deletes one tunnel end of a MAC. */
  public static NetlinkMessage delete(ForwardingEntry entry) {
    return NetlinkMessage.request(RTM_DELNEIGH, NLM_F_ACK, written(entry));
  }

  private static Bytes written(ForwardingEntry entry) {
    AttributeWriter payload = header(AF_BRIDGE, entry.link(), NUD_PERMANENT, NTF_SELF);
    payload.putBytes(NDA_LLADDR, Bytes.of(entry.mac().toBytes()));
    entry.destination().ifPresent(ip -> payload.putBytes(NDA_DST, RouteFamily.bytes(ip)));
    return payload.toBytes();
  }

  private static AttributeWriter header(Neighbour neighbour) {
    int family = RouteFamily.number(neighbour.ip().family());
    return header(family, neighbour.link(), neighbour.state().bits(), 0);
  }

  private static AttributeWriter header(int family, int link, int state, int flags) {
    AttributeWriter payload = new AttributeWriter().rawU8(family).rawU8(0).rawU16(0);
    return payload.rawU32(link).rawU16(state).rawU8(flags).rawU8(0);
  }

  /** Whether {@link #decode} reads this message. */
  public static boolean reads(NetlinkMessage message) {
    return isNeighbourMessage(message)
        && RouteFamily.of(family(message)).isPresent()
        && new PayloadReader(message, HEADER_BYTES).attributes().has(NDA_DST);
  }

  /** Whether {@link #decodeForwarding} reads this message: an entry of a device's own database. */
  public static boolean readsForwarding(NetlinkMessage message) {
    PayloadReader payload = new PayloadReader(message, HEADER_BYTES);
    return isNeighbourMessage(message)
        && family(message) == AF_BRIDGE
        && (payload.u8(10) & NTF_SELF) != 0
        && payload.attributes().has(NDA_LLADDR);
  }

  private static boolean isNeighbourMessage(NetlinkMessage message) {
    return message.type() == RTM_NEWNEIGH || message.type() == RTM_DELNEIGH;
  }

  private static int family(NetlinkMessage message) {
    return new PayloadReader(message, HEADER_BYTES).u8(0);
  }

  /** Reads RTM_NEWNEIGH or RTM_DELNEIGH of an IP family. */
  public static Neighbour decode(NetlinkMessage message) {
    PayloadReader payload = new PayloadReader(message, HEADER_BYTES);
    AttributeReader attributes = payload.attributes();
    IpAddress ip = RouteFamily.address(attributes.requireBytes(NDA_DST));
    return new Neighbour(payload.i32(4), ip, mac(attributes), state(payload.u16(8)));
  }

  /** Reads RTM_NEWNEIGH or RTM_DELNEIGH of a forwarding database. */
  public static ForwardingEntry decodeForwarding(NetlinkMessage message) {
    PayloadReader payload = new PayloadReader(message, HEADER_BYTES);
    AttributeReader attributes = payload.attributes();
    MacAddress mac =
        mac(attributes).orElseThrow(() -> new MalformedNetlinkMessage("fdb entry without a MAC"));
    return new ForwardingEntry(
        payload.i32(4), mac, attributes.bytes(NDA_DST).map(RouteFamily::address));
  }

  private static Optional<MacAddress> mac(AttributeReader attributes) {
    return attributes
        .bytes(NDA_LLADDR)
        .filter(bytes -> bytes.length() == MAC_BYTES)
        .map(bytes -> MacAddress.fromBytes(bytes.toArray()));
  }

  private static NeighbourState state(int bits) {
    return Arrays.stream(NeighbourState.values())
        .filter(state -> state.bits() == bits)
        .findFirst()
        .orElseThrow(() -> new MalformedNetlinkMessage("neighbour state " + bits));
  }
}
