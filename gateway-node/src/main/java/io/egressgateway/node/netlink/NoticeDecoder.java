package io.egressgateway.node.netlink;

import static io.egressgateway.node.netlink.wire.route.AddressConstants.RTM_DELADDR;
import static io.egressgateway.node.netlink.wire.route.AddressConstants.RTM_NEWADDR;
import static io.egressgateway.node.netlink.wire.route.LinkConstants.RTM_DELLINK;
import static io.egressgateway.node.netlink.wire.route.LinkConstants.RTM_NEWLINK;
import static io.egressgateway.node.netlink.wire.route.NeighbourConstants.RTM_DELNEIGH;
import static io.egressgateway.node.netlink.wire.route.NeighbourConstants.RTM_NEWNEIGH;
import static io.egressgateway.node.netlink.wire.route.RouteConstants.RTM_DELROUTE;
import static io.egressgateway.node.netlink.wire.route.RouteConstants.RTM_NEWROUTE;
import static io.egressgateway.node.netlink.wire.route.RuleConstants.RTM_DELRULE;
import static io.egressgateway.node.netlink.wire.route.RuleConstants.RTM_NEWRULE;

import io.egressgateway.node.netlink.KernelNotice.Change;
import io.egressgateway.node.netlink.KernelNotice.Origin;
import io.egressgateway.node.netlink.socket.NetlinkProtocol;
import io.egressgateway.node.netlink.wire.NetlinkMessage;
import io.egressgateway.node.netlink.wire.nft.NftMessage;
import io.egressgateway.node.netlink.wire.route.AddressCodec;
import io.egressgateway.node.netlink.wire.route.LinkCodec;
import io.egressgateway.node.netlink.wire.route.NeighbourCodec;
import io.egressgateway.node.netlink.wire.route.RouteCodec;
import io.egressgateway.node.netlink.wire.route.RuleCodec;
import io.egressgateway.node.netlink.wire.route.SettingCodec;
import java.util.Optional;
import java.util.function.Function;
import java.util.function.IntPredicate;

/** Turns notification messages into notices. Pure. */
final class NoticeDecoder {
  private final IntPredicate isOwnPort;

  NoticeDecoder(IntPredicate isOwnPort) {
    this.isOwnPort = isOwnPort;
  }

  /** How the notifications of a protocol are read. */
  Function<NetlinkMessage, Optional<KernelNotice>> of(NetlinkProtocol protocol) {
    return switch (protocol) {
      case ROUTE -> this::route;
      case NETFILTER -> this::ruleset;
    };
  }

  /** Reads an rtnetlink notification; empty for those that no topic stands for. */
  private Optional<KernelNotice> route(NetlinkMessage message) {
    Origin origin = origin(message);
    Change change =
        switch (message.type()) {
          case RTM_DELLINK, RTM_DELADDR, RTM_DELNEIGH, RTM_DELROUTE, RTM_DELRULE -> Change.REMOVED;
          default -> Change.SET;
        };
    return switch (message.type()) {
      case RTM_NEWLINK, RTM_DELLINK ->
          Optional.of(new KernelNotice.OfLink(origin, change, LinkCodec.decode(message)));
      case RTM_NEWADDR, RTM_DELADDR ->
          Optional.of(message)
              .filter(AddressCodec::reads)
              .map(m -> new KernelNotice.OfAddress(origin, change, AddressCodec.decode(m)));
      case RTM_NEWROUTE, RTM_DELROUTE ->
          Optional.of(message)
              .filter(RouteCodec::reads)
              .map(m -> new KernelNotice.OfRoute(origin, change, RouteCodec.decode(m)));
      case RTM_NEWRULE, RTM_DELRULE ->
          Optional.of(message)
              .filter(RuleCodec::reads)
              .map(m -> new KernelNotice.OfRule(origin, change, RuleCodec.decode(m)));
      case RTM_NEWNEIGH, RTM_DELNEIGH -> neighbour(message, origin, change);
      default ->
          Optional.of(message)
              .filter(SettingCodec::reads)
              .map(m -> new KernelNotice.OfSetting(origin, SettingCodec.decodeLink(m)));
    };
  }

  private static Optional<KernelNotice> neighbour(
      NetlinkMessage message, Origin origin, Change change) {
    if (NeighbourCodec.reads(message)) {
      return Optional.of(
          new KernelNotice.OfNeighbour(origin, change, NeighbourCodec.decode(message)));
    }
    return Optional.of(message)
        .filter(NeighbourCodec::readsForwarding)
        .map(
            m -> new KernelNotice.OfForwarding(origin, change, NeighbourCodec.decodeForwarding(m)));
  }

  /** Reads an nf_tables notification; empty for the commit at a transaction's end. */
  private Optional<KernelNotice> ruleset(NetlinkMessage message) {
    return NftMessage.subject(message)
        .map(subject -> new KernelNotice.OfRuleset(origin(message), subject));
  }

  private Origin origin(NetlinkMessage message) {
    if (message.portId() == 0) {
      return Origin.KERNEL;
    }
    return isOwnPort.test(message.portId()) ? Origin.OWN : Origin.FOREIGN;
  }
}
