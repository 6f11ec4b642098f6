package io.egressgateway.node.netlink.wire.route;

import static io.egressgateway.node.netlink.wire.NetlinkConstants.NLM_F_ACK;
import static io.egressgateway.node.netlink.wire.NetlinkConstants.NLM_F_CREATE;
import static io.egressgateway.node.netlink.wire.NetlinkConstants.NLM_F_DUMP;
import static io.egressgateway.node.netlink.wire.NetlinkConstants.NLM_F_EXCL;
import static io.egressgateway.node.netlink.wire.route.RuleConstants.FRA_DST;
import static io.egressgateway.node.netlink.wire.route.RuleConstants.FRA_FWMARK;
import static io.egressgateway.node.netlink.wire.route.RuleConstants.FRA_FWMASK;
import static io.egressgateway.node.netlink.wire.route.RuleConstants.FRA_IIFNAME;
import static io.egressgateway.node.netlink.wire.route.RuleConstants.FRA_PRIORITY;
import static io.egressgateway.node.netlink.wire.route.RuleConstants.FRA_PROTOCOL;
import static io.egressgateway.node.netlink.wire.route.RuleConstants.FRA_SRC;
import static io.egressgateway.node.netlink.wire.route.RuleConstants.FRA_TABLE;
import static io.egressgateway.node.netlink.wire.route.RuleConstants.RTM_DELRULE;
import static io.egressgateway.node.netlink.wire.route.RuleConstants.RTM_GETRULE;
import static io.egressgateway.node.netlink.wire.route.RuleConstants.RTM_NEWRULE;

import io.egressgateway.core.model.Cidr;
import io.egressgateway.core.model.IpFamily;
import io.egressgateway.node.netlink.wire.AttributeReader;
import io.egressgateway.node.netlink.wire.AttributeWriter;
import io.egressgateway.node.netlink.wire.Bytes;
import io.egressgateway.node.netlink.wire.NetlinkMessage;
import io.egressgateway.node.netlink.wire.PayloadReader;
import java.util.Arrays;
import java.util.Optional;

/**
 * RTM_NEWRULE, RTM_DELRULE, RTM_GETRULE.
 *
 * <pre>
 *  0          1          2          3          4          5          6          7
 * +----------+----------+----------+----------+----------+----------+----------+----------+
 * | family   | dst_len  | src_len  | tos      | table    | 0        | 0        | action   |
 * +----------+----------+----------+----------+----------+----------+----------+----------+
 * | flags (u32)                               |
 * +-------------------------------------------+
 * | FRA_DST, FRA_SRC, FRA_IIFNAME, FRA_PRIORITY, FRA_FWMARK, FRA_FWMASK, FRA_TABLE, FRA_PROTOCOL
 * </pre>
 *
 * <p>linux/fib_rules.h, struct fib_rule_hdr.
 */
public final class RuleCodec {
  private static final int HEADER_BYTES = 12;
  private static final long EXACT = 0xffffffffL;

  private RuleCodec() {}

  /** Asks for every rule of a family. */
  public static NetlinkMessage dump(IpFamily family) {
    AttributeWriter payload = new AttributeWriter().rawU8(RouteFamily.number(family));
    payload.rawBytes(Bytes.zeros(HEADER_BYTES - 1));
    return NetlinkMessage.request(RTM_GETRULE, NLM_F_DUMP, payload.toBytes());
  }

  /** Adds a rule; refused with EEXIST if there is an equal one. */
  public static NetlinkMessage add(RoutingRule rule) {
    return NetlinkMessage.request(
        RTM_NEWRULE, NLM_F_CREATE | NLM_F_EXCL | NLM_F_ACK, written(rule));
  }

  /** Deletes a rule that equals this one; ENOENT if there is none. */
  public static NetlinkMessage delete(RoutingRule rule) {
    return NetlinkMessage.request(RTM_DELRULE, NLM_F_ACK, written(rule));
  }

  private static Bytes written(RoutingRule rule) {
    RuleSelector selector = rule.selector();
    AttributeWriter payload = new AttributeWriter().rawU8(RouteFamily.number(rule.family()));
    payload.rawU8(selector.destination().map(Cidr::prefixLength).orElse(0));
    payload.rawU8(selector.source().map(Cidr::prefixLength).orElse(0)).rawU8(0);
    payload.rawU8(rule.table().headerByte()).rawU16(0).rawU8(rule.action().number()).rawU32(0);
    putBlock(payload, FRA_DST, selector.destination());
    putBlock(payload, FRA_SRC, selector.source());
    selector.inputLink().ifPresent(link -> payload.putString(FRA_IIFNAME, link.value()));
    payload.putU32(FRA_PRIORITY, rule.priority());
    selector
        .mark()
        .ifPresent(
            mark -> payload.putU32(FRA_FWMARK, mark.value()).putU32(FRA_FWMASK, mark.mask()));
    payload.putU32(FRA_TABLE, rule.table().id());
    return payload.putU8(FRA_PROTOCOL, rule.protocol().value()).toBytes();
  }

  private static void putBlock(AttributeWriter payload, int type, Optional<Cidr> block) {
    block
        .filter(cidr -> cidr.prefixLength() > 0)
        .ifPresent(cidr -> payload.putBytes(type, RouteFamily.bytes(cidr.address())));
  }

  /** Whether {@link #decode} reads this message. */
  public static boolean reads(NetlinkMessage message) {
    return (message.type() == RTM_NEWRULE || message.type() == RTM_DELRULE)
        && RouteFamily.of(new PayloadReader(message, HEADER_BYTES).u8(0)).isPresent();
  }

  /** Reads RTM_NEWRULE or RTM_DELRULE. */
  public static RoutingRule decode(NetlinkMessage message) {
    PayloadReader payload = new PayloadReader(message, HEADER_BYTES);
    AttributeReader attributes = payload.attributes();
    RuleSelector selector =
        new RuleSelector(
            block(attributes.bytes(FRA_SRC), payload.u8(2)),
            block(attributes.bytes(FRA_DST), payload.u8(1)),
            mark(attributes),
            attributes.string(FRA_IIFNAME).map(LinkName::read));
    return new RoutingRule(
        RouteFamily.require(payload.u8(0)),
        attributes.u32(FRA_PRIORITY).orElse(0),
        selector,
        action(payload.u8(7)),
        new RoutingTable(attributes.u32(FRA_TABLE).orElse(payload.u8(4))),
        new RouteProtocol(attributes.u8(FRA_PROTOCOL).orElse(0)));
  }

  private static Optional<Cidr> block(Optional<Bytes> address, int prefixLength) {
    return address.map(bytes -> RouteFamily.cidr(RouteFamily.address(bytes), prefixLength));
  }

  private static Optional<FirewallMark> mark(AttributeReader attributes) {
    long value = attributes.u32(FRA_FWMARK).orElse(0);
    long mask = attributes.u32(FRA_FWMASK).orElse(value == 0 ? 0 : EXACT);
    return mask == 0 ? Optional.empty() : Optional.of(new FirewallMark((int) value, (int) mask));
  }

  private static RuleAction action(int number) {
    return Arrays.stream(RuleAction.values())
        .filter(action -> action.number() == number)
        .findFirst()
        .orElse(RuleAction.UNSPECIFIED);
  }
}
