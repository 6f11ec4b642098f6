package io.egressgateway.node.netlink.wire.route;

import static io.egressgateway.node.netlink.wire.NetlinkConstants.NLM_F_ACK;
import static io.egressgateway.node.netlink.wire.NetlinkConstants.NLM_F_CREATE;
import static io.egressgateway.node.netlink.wire.NetlinkConstants.NLM_F_DUMP;
import static io.egressgateway.node.netlink.wire.NetlinkConstants.NLM_F_EXCL;
import static io.egressgateway.node.netlink.wire.NetlinkConstants.NLM_F_REPLACE;
import static io.egressgateway.node.netlink.wire.route.AddressConstants.IFA_ADDRESS;
import static io.egressgateway.node.netlink.wire.route.AddressConstants.IFA_CACHEINFO;
import static io.egressgateway.node.netlink.wire.route.AddressConstants.IFA_FLAGS;
import static io.egressgateway.node.netlink.wire.route.AddressConstants.IFA_F_DEPRECATED;
import static io.egressgateway.node.netlink.wire.route.AddressConstants.IFA_F_MCAUTOJOIN;
import static io.egressgateway.node.netlink.wire.route.AddressConstants.IFA_LOCAL;
import static io.egressgateway.node.netlink.wire.route.AddressConstants.IFA_PROTO;
import static io.egressgateway.node.netlink.wire.route.AddressConstants.RTM_DELADDR;
import static io.egressgateway.node.netlink.wire.route.AddressConstants.RTM_GETADDR;
import static io.egressgateway.node.netlink.wire.route.AddressConstants.RTM_NEWADDR;

import io.egressgateway.core.model.IpAddress;
import io.egressgateway.core.model.IpFamily;
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
import java.util.OptionalLong;

/**
 * RTM_NEWADDR, RTM_DELADDR, RTM_GETADDR.
 *
 * <pre>
 *  0           1            2               3            4
 * +-----------+------------+---------------+------------+-----------------+
 * | family    | prefixlen  | flags (low 8) | scope      | ifa_index (u32) |
 * +-----------+------------+---------------+------------+-----------------+
 * | IFA_LOCAL, IFA_ADDRESS (the peer's if it differs), IFA_FLAGS (u32), IFA_PROTO (u8)
 * | IFA_CACHEINFO { preferred u32, valid u32, cstamp u32, tstamp u32 }: seconds, all ones: for ever
 * </pre>
 *
 * <p>linux/if_addr.h, struct ifaddrmsg.
 */
public final class AddressCodec {
  private static final int HEADER_BYTES = 8;
  private static final int CACHEINFO_BYTES = 16;
  private static final long FOREVER = 0xffffffffL;

  private AddressCodec() {}

  /** Asks for every address of a family. */
  public static NetlinkMessage dump(IpFamily family) {
    AttributeWriter payload = header(RouteFamily.number(family), 0, Scope.UNIVERSE, 0);
    return NetlinkMessage.request(RTM_GETADDR, NLM_F_DUMP, payload.toBytes());
  }

  /** Adds an address; refused with EEXIST if the device has it. */
  public static NetlinkMessage add(Address address) {
    return NetlinkMessage.request(
        RTM_NEWADDR, NLM_F_CREATE | NLM_F_EXCL | NLM_F_ACK, written(address, 0));
  }

  /** Adds an address or refreshes its lifetime. */
  public static NetlinkMessage replace(Address address) {
    return NetlinkMessage.request(
        RTM_NEWADDR, NLM_F_CREATE | NLM_F_REPLACE | NLM_F_ACK, written(address, 0));
  }

  /**
   * Refreshes an address's lifetime; refused with EINVAL if the device does not have it. Without
   * NLM_F_CREATE the kernel would add it all the same. But one with IFA_F_MCAUTOJOIN it adds only
   * once it has joined the group of that address, and a unicast address is no group's. For an
   * address that is there the flag has no meaning; those of IPv6 keep it.
   */
  public static NetlinkMessage extend(Address unicast) {
    return NetlinkMessage.request(
        RTM_NEWADDR, NLM_F_REPLACE | NLM_F_ACK, written(unicast, IFA_F_MCAUTOJOIN));
  }

  /** Deletes an address; device, address and prefix length must match. */
  public static NetlinkMessage delete(Address address) {
    Bytes ip = RouteFamily.bytes(address.ip());
    AttributeWriter payload = header(address).putBytes(IFA_LOCAL, ip).putBytes(IFA_ADDRESS, ip);
    return NetlinkMessage.request(RTM_DELADDR, NLM_F_ACK, payload.toBytes());
  }

  private static AttributeWriter header(Address address) {
    int family = RouteFamily.number(address.ip().family());
    return header(family, address.prefixLength(), address.scope(), address.link());
  }

  private static AttributeWriter header(int family, int prefixLength, Scope scope, int link) {
    AttributeWriter payload = new AttributeWriter().rawU8(family).rawU8(prefixLength);
    return payload.rawU8(0).rawU8(scope.value()).rawU32(link);
  }

  private static Bytes written(Address address, int moreFlags) {
    Bytes ip = RouteFamily.bytes(address.ip());
    AttributeWriter payload = header(address).putBytes(IFA_LOCAL, ip).putBytes(IFA_ADDRESS, ip);
    payload.putU32(IFA_FLAGS, FlagBits.encode(address.flags()) | moreFlags);
    AddressLifetime lifetime = address.lifetime();
    if (!lifetime.equals(AddressLifetime.FOREVER)) {
      payload.putBytes(IFA_CACHEINFO, cacheInfo(lifetime));
    }
    address.protocol().ifPresent(protocol -> payload.putU8(IFA_PROTO, protocol));
    return payload.toBytes();
  }

  private static Bytes cacheInfo(AddressLifetime lifetime) {
    return Bytes.concat(
        List.of(
            Bytes.u32((int) lifetime.preferredSeconds().orElse(FOREVER)),
            Bytes.u32((int) lifetime.validSeconds().orElse(FOREVER)),
            Bytes.zeros(8)));
  }

  /** Whether {@link #decode} reads this message. */
  public static boolean reads(NetlinkMessage message) {
    return (message.type() == RTM_NEWADDR || message.type() == RTM_DELADDR)
        && RouteFamily.of(new PayloadReader(message, HEADER_BYTES).u8(0)).isPresent();
  }

  /** Reads RTM_NEWADDR or RTM_DELADDR. */
  public static Address decode(NetlinkMessage message) {
    PayloadReader payload = new PayloadReader(message, HEADER_BYTES);
    AttributeReader attributes = payload.attributes();
    Bytes local = attributes.bytes(IFA_LOCAL).orElseGet(() -> attributes.requireBytes(IFA_ADDRESS));
    IpAddress ip = RouteFamily.address(local);
    int prefixLength = payload.u8(1);
    if (prefixLength > ip.family().bits()) {
      throw new MalformedNetlinkMessage("prefix length " + prefixLength + " of " + ip);
    }
    long flags = attributes.u32(IFA_FLAGS).orElse(payload.u8(2));
    // An IPv4 address that is kept for ever reads as preferred for ever, whatever it is.
    AddressLifetime lifetime = lifetime(attributes.bytes(IFA_CACHEINFO));
    OptionalInt protocol = attributes.u8(IFA_PROTO);
    return new Address(
        payload.i32(4),
        ip,
        prefixLength,
        new Scope(payload.u8(3)),
        FlagBits.decode(AddressFlag.class, flags),
        (flags & IFA_F_DEPRECATED) == 0 ? lifetime : lifetime.notPreferred(),
        protocol.orElse(0) == 0 ? OptionalInt.empty() : protocol);
  }

  private static AddressLifetime lifetime(Optional<Bytes> cacheInfo) {
    if (cacheInfo.isEmpty()) {
      return AddressLifetime.FOREVER;
    }
    if (cacheInfo.get().length() < CACHEINFO_BYTES) {
      throw new MalformedNetlinkMessage("IFA_CACHEINFO has " + cacheInfo.get().length() + " bytes");
    }
    long preferred = cacheInfo.get().toBuffer().getInt(0) & FOREVER;
    // An address in its last second reads as 0 left.
    long valid = Math.max(1, cacheInfo.get().toBuffer().getInt(4) & FOREVER);
    return new AddressLifetime(orForever(valid), orForever(Math.min(preferred, valid)));
  }

  private static OptionalLong orForever(long seconds) {
    return seconds == FOREVER ? OptionalLong.empty() : OptionalLong.of(seconds);
  }
}
