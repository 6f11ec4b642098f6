package io.egressgateway.node.netlink.wire.route;

import static io.egressgateway.node.netlink.wire.NetlinkConstants.AF_UNSPEC;
import static io.egressgateway.node.netlink.wire.NetlinkConstants.NLM_F_ACK;
import static io.egressgateway.node.netlink.wire.NetlinkConstants.NLM_F_CREATE;
import static io.egressgateway.node.netlink.wire.NetlinkConstants.NLM_F_DUMP;
import static io.egressgateway.node.netlink.wire.NetlinkConstants.NLM_F_EXCL;
import static io.egressgateway.node.netlink.wire.route.LinkConstants.IFF_UP;
import static io.egressgateway.node.netlink.wire.route.LinkConstants.IFLA_ADDRESS;
import static io.egressgateway.node.netlink.wire.route.LinkConstants.IFLA_EXT_MASK;
import static io.egressgateway.node.netlink.wire.route.LinkConstants.IFLA_IFALIAS;
import static io.egressgateway.node.netlink.wire.route.LinkConstants.IFLA_IFNAME;
import static io.egressgateway.node.netlink.wire.route.LinkConstants.IFLA_INFO_DATA;
import static io.egressgateway.node.netlink.wire.route.LinkConstants.IFLA_INFO_KIND;
import static io.egressgateway.node.netlink.wire.route.LinkConstants.IFLA_LINK;
import static io.egressgateway.node.netlink.wire.route.LinkConstants.IFLA_LINKINFO;
import static io.egressgateway.node.netlink.wire.route.LinkConstants.IFLA_MASTER;
import static io.egressgateway.node.netlink.wire.route.LinkConstants.IFLA_MTU;
import static io.egressgateway.node.netlink.wire.route.LinkConstants.IFLA_NET_NS_FD;
import static io.egressgateway.node.netlink.wire.route.LinkConstants.IFLA_VXLAN_COLLECT_METADATA;
import static io.egressgateway.node.netlink.wire.route.LinkConstants.IFLA_VXLAN_GBP;
import static io.egressgateway.node.netlink.wire.route.LinkConstants.IFLA_VXLAN_ID;
import static io.egressgateway.node.netlink.wire.route.LinkConstants.IFLA_VXLAN_LEARNING;
import static io.egressgateway.node.netlink.wire.route.LinkConstants.IFLA_VXLAN_LINK;
import static io.egressgateway.node.netlink.wire.route.LinkConstants.IFLA_VXLAN_LOCAL;
import static io.egressgateway.node.netlink.wire.route.LinkConstants.IFLA_VXLAN_LOCAL6;
import static io.egressgateway.node.netlink.wire.route.LinkConstants.IFLA_VXLAN_PORT;
import static io.egressgateway.node.netlink.wire.route.LinkConstants.IFLA_VXLAN_TTL;
import static io.egressgateway.node.netlink.wire.route.LinkConstants.IFLA_VXLAN_UDP_CSUM;
import static io.egressgateway.node.netlink.wire.route.LinkConstants.IFLA_VXLAN_UDP_ZERO_CSUM6_RX;
import static io.egressgateway.node.netlink.wire.route.LinkConstants.IFLA_VXLAN_UDP_ZERO_CSUM6_TX;
import static io.egressgateway.node.netlink.wire.route.LinkConstants.RTEXT_FILTER_SKIP_STATS;
import static io.egressgateway.node.netlink.wire.route.LinkConstants.RTM_DELLINK;
import static io.egressgateway.node.netlink.wire.route.LinkConstants.RTM_GETLINK;
import static io.egressgateway.node.netlink.wire.route.LinkConstants.RTM_NEWLINK;
import static io.egressgateway.node.netlink.wire.route.LinkConstants.VETH_INFO_PEER;

import io.egressgateway.core.model.IpAddress;
import io.egressgateway.core.model.IpFamily;
import io.egressgateway.core.model.MacAddress;
import io.egressgateway.node.netlink.wire.AttributeReader;
import io.egressgateway.node.netlink.wire.AttributeWriter;
import io.egressgateway.node.netlink.wire.Bytes;
import io.egressgateway.node.netlink.wire.FlagBits;
import io.egressgateway.node.netlink.wire.MalformedNetlinkMessage;
import io.egressgateway.node.netlink.wire.NetlinkMessage;
import io.egressgateway.node.netlink.wire.PayloadReader;
import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.SortedSet;
import java.util.TreeSet;

/**
 * RTM_NEWLINK, RTM_DELLINK, RTM_GETLINK.
 *
 * <pre>
 *  0           1           2                       4
 * +-----------+-----------+-----------------------+-----------------------+
 * | family 0  | pad       | ifi_type (ARPHRD_…)   | ifi_index (s32)       |
 * +-----------+-----------+-----------------------+-----------------------+
 * | ifi_flags (IFF_…)                             | ifi_change: which count|
 * +-----------------------------------------------+-----------------------+
 * | IFLA_…: IFNAME, ADDRESS, MTU, MASTER, LINK, IFALIAS, NET_NS_FD, LINKINFO
 * |   IFLA_LINKINFO { IFLA_INFO_KIND, IFLA_INFO_DATA { IFLA_VXLAN_… | VETH_INFO_PEER … } }
 * </pre>
 *
 * <p>linux/rtnetlink.h, struct ifinfomsg; linux/if_link.h; linux/veth.h.
 */
public final class LinkCodec {
  private static final int HEADER_BYTES = 16;
  private static final int MAC_BYTES = 6;

  private LinkCodec() {}

  /** Asks for every device. */
  public static NetlinkMessage dump() {
    AttributeWriter payload = header(0, 0, 0);
    payload.putU32(IFLA_EXT_MASK, RTEXT_FILTER_SKIP_STATS);
    return NetlinkMessage.request(RTM_GETLINK, NLM_F_DUMP, payload.toBytes());
  }

  /** Asks for one device. */
  public static NetlinkMessage get(LinkName name) {
    AttributeWriter payload = header(0, 0, 0).putString(IFLA_IFNAME, name.value());
    payload.putU32(IFLA_EXT_MASK, RTEXT_FILTER_SKIP_STATS);
    return NetlinkMessage.request(RTM_GETLINK, 0, payload.toBytes());
  }

  /** Creates a device; refused with EEXIST if the name is taken. */
  public static NetlinkMessage create(LinkSpec spec) {
    AttributeWriter payload = header(0, spec.changes());
    payload.putString(IFLA_IFNAME, spec.name().value());
    putChanges(payload, spec.changes());
    payload.nest(IFLA_LINKINFO, info -> putKind(info, spec.kind()));
    return NetlinkMessage.request(
        RTM_NEWLINK, NLM_F_CREATE | NLM_F_EXCL | NLM_F_ACK, payload.toBytes());
  }

  /** Sets properties of an existing device. */
  public static NetlinkMessage change(int index, List<LinkChange> changes) {
    AttributeWriter payload = header(index, changes);
    putChanges(payload, changes);
    return NetlinkMessage.request(RTM_NEWLINK, NLM_F_ACK, payload.toBytes());
  }

  /** Deletes a device. */
  public static NetlinkMessage delete(int index) {
    return NetlinkMessage.request(RTM_DELLINK, NLM_F_ACK, header(index, 0, 0).toBytes());
  }

  private static AttributeWriter header(int index, List<LinkChange> changes) {
    int flags = changes.contains(new LinkChange.Up()) ? IFF_UP : 0;
    int change = flags | (changes.contains(new LinkChange.Down()) ? IFF_UP : 0);
    return header(index, flags, change);
  }

  private static AttributeWriter header(int index, int flags, int change) {
    return writeHeader(new AttributeWriter(), index, flags, change);
  }

  private static AttributeWriter writeHeader(
      AttributeWriter writer, int index, int flags, int change) {
    return writer.rawU8(AF_UNSPEC).rawU8(0).rawU16(0).rawU32(index).rawU32(flags).rawU32(change);
  }

  private static void putChanges(AttributeWriter payload, List<LinkChange> changes) {
    for (LinkChange change : changes) {
      switch (change) {
        case LinkChange.Up ignored -> {
          // In the header's flags.
        }
        case LinkChange.Down ignored -> {
          // In the header's flags.
        }
        case LinkChange.Rename(LinkName name) -> payload.putString(IFLA_IFNAME, name.value());
        case LinkChange.Mac(MacAddress mac) ->
            payload.putBytes(IFLA_ADDRESS, Bytes.of(mac.toBytes()));
        case LinkChange.Mtu(int bytes) -> payload.putU32(IFLA_MTU, bytes);
        case LinkChange.Master(int link) -> payload.putU32(IFLA_MASTER, link);
        case LinkChange.NoMaster ignored -> payload.putU32(IFLA_MASTER, 0);
        case LinkChange.Alias(String text) -> payload.putString(IFLA_IFALIAS, text);
        case LinkChange.Namespace(int fd) -> payload.putU32(IFLA_NET_NS_FD, fd);
      }
    }
  }

  private static void putKind(AttributeWriter info, LinkSpec.NewKind kind) {
    switch (kind) {
      case LinkSpec.NewKind.Bridge ignored -> info.putString(IFLA_INFO_KIND, "bridge");
      case LinkSpec.NewKind.Veth(LinkName peer, List<LinkChange> changes) -> {
        info.putString(IFLA_INFO_KIND, "veth");
        info.nest(IFLA_INFO_DATA, own -> own.nest(VETH_INFO_PEER, p -> putPeer(p, peer, changes)));
      }
      case LinkSpec.NewKind.Vxlan(VxlanSettings settings) -> {
        info.putString(IFLA_INFO_KIND, "vxlan");
        info.nest(IFLA_INFO_DATA, own -> putVxlan(own, settings));
      }
    }
  }

  private static void putPeer(AttributeWriter peer, LinkName name, List<LinkChange> changes) {
    writeHeader(peer, 0, 0, 0).putString(IFLA_IFNAME, name.value());
    putChanges(peer, changes);
  }

  private static void putVxlan(AttributeWriter own, VxlanSettings vxlan) {
    own.putU32(IFLA_VXLAN_ID, vxlan.vni());
    vxlan.lowerLink().ifPresent(index -> own.putU32(IFLA_VXLAN_LINK, index));
    vxlan
        .local()
        .ifPresent(
            local -> {
              int type = local.family() == IpFamily.IPV4 ? IFLA_VXLAN_LOCAL : IFLA_VXLAN_LOCAL6;
              own.putBytes(type, Bytes.of(local.toBytes()));
            });
    own.putU8(IFLA_VXLAN_TTL, vxlan.ttl());
    SortedSet<VxlanFlag> flags = vxlan.flags();
    own.putU8(IFLA_VXLAN_LEARNING, bit(flags, VxlanFlag.LEARNING));
    own.putBe16(IFLA_VXLAN_PORT, vxlan.port());
    own.putU8(IFLA_VXLAN_UDP_CSUM, bit(flags, VxlanFlag.UDP_CSUM));
    own.putU8(IFLA_VXLAN_UDP_ZERO_CSUM6_TX, bit(flags, VxlanFlag.UDP_ZERO_CSUM6_TX));
    own.putU8(IFLA_VXLAN_UDP_ZERO_CSUM6_RX, bit(flags, VxlanFlag.UDP_ZERO_CSUM6_RX));
    if (flags.contains(VxlanFlag.COLLECT_METADATA)) {
      own.putU8(IFLA_VXLAN_COLLECT_METADATA, 1);
    }
    if (flags.contains(VxlanFlag.GBP)) {
      own.putFlag(IFLA_VXLAN_GBP);
    }
  }

  private static int bit(SortedSet<VxlanFlag> flags, VxlanFlag flag) {
    return flags.contains(flag) ? 1 : 0;
  }

  /** Whether {@link #decode} reads this message. */
  public static boolean reads(NetlinkMessage message) {
    return message.type() == RTM_NEWLINK || message.type() == RTM_DELLINK;
  }

  /** Reads RTM_NEWLINK or RTM_DELLINK. */
  public static Link decode(NetlinkMessage message) {
    PayloadReader payload = new PayloadReader(message, HEADER_BYTES);
    AttributeReader attributes = payload.attributes();
    return new Link(
        payload.i32(4),
        LinkName.read(attributes.requireString(IFLA_IFNAME)),
        kind(attributes.nested(IFLA_LINKINFO)),
        FlagBits.decode(LinkFlag.class, payload.i32(8)),
        mac(attributes.bytes(IFLA_ADDRESS)),
        (int) attributes.u32(IFLA_MTU).orElse(0),
        index(attributes, IFLA_MASTER),
        index(attributes, IFLA_LINK),
        attributes.string(IFLA_IFALIAS));
  }

  private static Optional<MacAddress> mac(Optional<Bytes> address) {
    return address
        .filter(bytes -> bytes.length() == MAC_BYTES)
        .map(bytes -> MacAddress.fromBytes(bytes.toArray()));
  }

  private static OptionalInt index(AttributeReader attributes, int type) {
    return attributes.u32(type).stream()
        .mapToInt(value -> (int) value)
        .filter(value -> value != 0)
        .findFirst();
  }

  private static LinkKind kind(Optional<AttributeReader> info) {
    Optional<String> kind = info.flatMap(i -> i.string(IFLA_INFO_KIND));
    if (kind.isEmpty()) {
      return new LinkKind.Plain();
    }
    return switch (kind.get()) {
      case "veth" -> new LinkKind.Veth();
      case "bridge" -> new LinkKind.Bridge();
      case "vxlan" ->
          info.flatMap(i -> i.nested(IFLA_INFO_DATA))
              .<LinkKind>map(own -> new LinkKind.Vxlan(vxlan(own)))
              .orElseGet(() -> new LinkKind.Other("vxlan"));
      default -> new LinkKind.Other(kind.get());
    };
  }

  private static VxlanSettings vxlan(AttributeReader own) {
    SortedSet<VxlanFlag> flags = new TreeSet<>();
    addIf(flags, VxlanFlag.LEARNING, own.u8(IFLA_VXLAN_LEARNING));
    addIf(flags, VxlanFlag.UDP_CSUM, own.u8(IFLA_VXLAN_UDP_CSUM));
    addIf(flags, VxlanFlag.UDP_ZERO_CSUM6_TX, own.u8(IFLA_VXLAN_UDP_ZERO_CSUM6_TX));
    addIf(flags, VxlanFlag.UDP_ZERO_CSUM6_RX, own.u8(IFLA_VXLAN_UDP_ZERO_CSUM6_RX));
    addIf(flags, VxlanFlag.COLLECT_METADATA, own.u8(IFLA_VXLAN_COLLECT_METADATA));
    if (own.has(IFLA_VXLAN_GBP)) {
      flags.add(VxlanFlag.GBP);
    }
    Optional<IpAddress> local =
        own.bytes(IFLA_VXLAN_LOCAL)
            .or(() -> own.bytes(IFLA_VXLAN_LOCAL6))
            .map(RouteFamily::address)
            .filter(address -> !address.isUnspecified());
    int vni = (int) own.requireU32(IFLA_VXLAN_ID);
    int port = own.be16(IFLA_VXLAN_PORT).orElse(0);
    int ttl = own.u8(IFLA_VXLAN_TTL).orElse(0);
    try {
      return new VxlanSettings(vni, port, local, index(own, IFLA_VXLAN_LINK), ttl, flags);
    } catch (IllegalArgumentException e) {
      throw new MalformedNetlinkMessage(String.valueOf(e.getMessage()));
    }
  }

  private static void addIf(SortedSet<VxlanFlag> flags, VxlanFlag flag, OptionalInt bit) {
    if (bit.orElse(0) != 0) {
      flags.add(flag);
    }
  }
}
