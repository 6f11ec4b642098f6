package io.egressgateway.node.netlink.wire.route;

import static io.egressgateway.node.netlink.wire.NetlinkConstants.NLM_F_ACK;
import static io.egressgateway.node.netlink.wire.NetlinkConstants.NLM_F_CREATE;
import static io.egressgateway.node.netlink.wire.NetlinkConstants.NLM_F_DUMP;
import static io.egressgateway.node.netlink.wire.NetlinkConstants.NLM_F_EXCL;
import static io.egressgateway.node.netlink.wire.NetlinkConstants.NLM_F_REPLACE;
import static io.egressgateway.node.netlink.wire.route.RouteConstants.RTA_DST;
import static io.egressgateway.node.netlink.wire.route.RouteConstants.RTA_GATEWAY;
import static io.egressgateway.node.netlink.wire.route.RouteConstants.RTA_OIF;
import static io.egressgateway.node.netlink.wire.route.RouteConstants.RTA_PREFSRC;
import static io.egressgateway.node.netlink.wire.route.RouteConstants.RTA_PRIORITY;
import static io.egressgateway.node.netlink.wire.route.RouteConstants.RTA_TABLE;
import static io.egressgateway.node.netlink.wire.route.RouteConstants.RTA_VIA;
import static io.egressgateway.node.netlink.wire.route.RouteConstants.RTM_DELROUTE;
import static io.egressgateway.node.netlink.wire.route.RouteConstants.RTM_GETROUTE;
import static io.egressgateway.node.netlink.wire.route.RouteConstants.RTM_NEWROUTE;
import static io.egressgateway.node.netlink.wire.route.RouteConstants.RTNH_F_ONLINK;

import io.egressgateway.core.model.Cidr;
import io.egressgateway.core.model.IpAddress;
import io.egressgateway.core.model.IpFamily;
import io.egressgateway.node.netlink.wire.AttributeReader;
import io.egressgateway.node.netlink.wire.AttributeWriter;
import io.egressgateway.node.netlink.wire.Bytes;
import io.egressgateway.node.netlink.wire.MalformedNetlinkMessage;
import io.egressgateway.node.netlink.wire.NetlinkMessage;
import io.egressgateway.node.netlink.wire.PayloadReader;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;

/**
 * RTM_NEWROUTE, RTM_DELROUTE, RTM_GETROUTE.
 *
 * <pre>
 *  0          1          2          3          4          5          6          7
 * +----------+----------+----------+----------+----------+----------+----------+----------+
 * | family   | dst_len  | src_len  | tos      | table    | protocol | scope    | type     |
 * +----------+----------+----------+----------+----------+----------+----------+----------+
 * | rtm_flags (u32): RTNH_F_ONLINK            |
 * +-------------------------------------------+
 * | RTA_DST, RTA_OIF, RTA_GATEWAY or RTA_VIA { family u16, address }, RTA_PRIORITY,
 * | RTA_PREFSRC, RTA_TABLE (u32; the header's u8 says 252 where it does not fit)
 * </pre>
 *
 * <p>linux/rtnetlink.h, struct rtmsg.
 */
public final class RouteCodec {
  private static final int HEADER_BYTES = 12;

  private RouteCodec() {}

  /** Asks for every route of a table; the kernel filters. ENOENT if there is no such table. */
  public static NetlinkMessage dump(IpFamily family, RoutingTable table) {
    AttributeWriter payload = new AttributeWriter();
    payload.rawU8(RouteFamily.number(family)).rawU8(0).rawU8(0).rawU8(0);
    payload.rawU8(table.headerByte()).rawU8(0).rawU8(0).rawU8(0).rawU32(0);
    payload.putU32(RTA_TABLE, table.id());
    return NetlinkMessage.request(RTM_GETROUTE, NLM_F_DUMP, payload.toBytes());
  }

  /** Asks for every route of a family that {@code protocol} installed, in all tables. */
  public static NetlinkMessage dump(IpFamily family, RouteProtocol protocol) {
    AttributeWriter payload = new AttributeWriter();
    payload.rawU8(RouteFamily.number(family)).rawU8(0).rawU8(0).rawU8(0);
    payload.rawU8(0).rawU8(protocol.value()).rawU8(0).rawU8(0).rawU32(0);
    return NetlinkMessage.request(RTM_GETROUTE, NLM_F_DUMP, payload.toBytes());
  }

  /** Adds a route; refused with EEXIST if there is one to the same place. */
  public static NetlinkMessage add(Route route) {
    return NetlinkMessage.request(
        RTM_NEWROUTE, NLM_F_CREATE | NLM_F_EXCL | NLM_F_ACK, written(route));
  }

  /** Adds a route, or changes the one of the same table, destination and metric. */
  public static NetlinkMessage replace(Route route) {
    return NetlinkMessage.request(
        RTM_NEWROUTE, NLM_F_CREATE | NLM_F_REPLACE | NLM_F_ACK, written(route));
  }

  /** Deletes a route that equals this one; ESRCH if there is none. */
  public static NetlinkMessage delete(Route route) {
    return NetlinkMessage.request(RTM_DELROUTE, NLM_F_ACK, written(route));
  }

  private static Bytes written(Route route) {
    Cidr destination = route.destination();
    AttributeWriter payload = new AttributeWriter();
    payload.rawU8(RouteFamily.number(destination.family()));
    payload.rawU8(destination.prefixLength()).rawU8(0).rawU8(0);
    payload.rawU8(route.table().headerByte()).rawU8(route.protocol().value());
    payload.rawU8(route.scope().value()).rawU8(route.type().number());
    payload.rawU32(route.nextHop().reach() == NextHop.Reach.ONLINK ? RTNH_F_ONLINK : 0);
    if (destination.prefixLength() > 0) {
      payload.putBytes(RTA_DST, RouteFamily.bytes(destination.address()));
    }
    route.nextHop().gateway().ifPresent(gateway -> putGateway(payload, destination, gateway));
    route.nextHop().link().ifPresent(link -> payload.putU32(RTA_OIF, link));
    route
        .preferredSource()
        .ifPresent(source -> payload.putBytes(RTA_PREFSRC, RouteFamily.bytes(source)));
    if (route.metric() != 0) {
      payload.putU32(RTA_PRIORITY, route.metric());
    }
    return payload.putU32(RTA_TABLE, route.table().id()).toBytes();
  }

  private static void putGateway(AttributeWriter payload, Cidr destination, IpAddress gateway) {
    Bytes address = RouteFamily.bytes(gateway);
    if (gateway.family() == destination.family()) {
      payload.putBytes(RTA_GATEWAY, address);
    } else {
      Bytes family = Bytes.u16(RouteFamily.number(gateway.family()));
      payload.putBytes(RTA_VIA, Bytes.concat(List.of(family, address)));
    }
  }

  /** Whether {@link #decode} reads this message. */
  public static boolean reads(NetlinkMessage message) {
    return (message.type() == RTM_NEWROUTE || message.type() == RTM_DELROUTE)
        && RouteFamily.of(new PayloadReader(message, HEADER_BYTES).u8(0)).isPresent();
  }

  /** Reads RTM_NEWROUTE or RTM_DELROUTE. */
  public static Route decode(NetlinkMessage message) {
    PayloadReader payload = new PayloadReader(message, HEADER_BYTES);
    AttributeReader attributes = payload.attributes();
    IpFamily family = RouteFamily.require(payload.u8(0));
    RouteType type = type(payload.u8(7));
    IpAddress destination =
        attributes
            .bytes(RTA_DST)
            .map(RouteFamily::address)
            .orElseGet(() -> Cidr.everything(family).address());
    return new Route(
        new RoutingTable(attributes.u32(RTA_TABLE).orElse(payload.u8(4))),
        RouteFamily.cidr(destination, payload.u8(1)),
        type,
        // IPv6 shows refusing routes on the loopback device, whatever they were written with.
        type.refuses() ? NextHop.NONE : nextHop(attributes, payload.i32(8)),
        new Scope(payload.u8(6)),
        new RouteProtocol(payload.u8(5)),
        attributes.bytes(RTA_PREFSRC).map(RouteFamily::address),
        attributes.u32(RTA_PRIORITY).orElse(0));
  }

  private static NextHop nextHop(AttributeReader attributes, int flags) {
    Optional<IpAddress> gateway =
        attributes
            .bytes(RTA_GATEWAY)
            .or(() -> attributes.bytes(RTA_VIA).map(RouteCodec::viaAddress))
            .map(RouteFamily::address);
    OptionalInt link = attributes.u32(RTA_OIF).stream().mapToInt(index -> (int) index).findFirst();
    boolean onlink = (flags & RTNH_F_ONLINK) != 0;
    return new NextHop(gateway, link, onlink ? NextHop.Reach.ONLINK : NextHop.Reach.CHECKED);
  }

  private static Bytes viaAddress(Bytes via) {
    if (via.length() < 2) {
      throw new MalformedNetlinkMessage("RTA_VIA has " + via.length() + " bytes");
    }
    return via.slice(2, via.length());
  }

  private static RouteType type(int number) {
    return Arrays.stream(RouteType.values())
        .filter(type -> type.number() == number)
        .findFirst()
        .orElse(RouteType.UNSPECIFIED);
  }
}
