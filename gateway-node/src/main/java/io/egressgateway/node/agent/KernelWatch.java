package io.egressgateway.node.agent;

import io.egressgateway.core.model.IpFamily;
import io.egressgateway.node.kernel.ForwardChain;
import io.egressgateway.node.kernel.Ruleset;
import io.egressgateway.node.netlink.KernelNotice;
import io.egressgateway.node.netlink.KernelNotice.Origin;
import io.egressgateway.node.netlink.MonitorTopic;
import io.egressgateway.node.netlink.NetlinkMonitor;
import io.egressgateway.node.netlink.socket.SocketLimits;
import io.egressgateway.node.netlink.wire.nft.NftSubject;
import io.egressgateway.node.netlink.wire.route.Address;
import io.egressgateway.node.netlink.wire.route.Link;
import io.egressgateway.node.netlink.wire.route.Route;
import io.egressgateway.node.netlink.wire.route.RoutingTable;
import io.egressgateway.node.netlink.wire.route.Scope;
import java.util.Arrays;
import java.util.Collection;
import java.util.List;
import java.util.Optional;
import java.util.function.BiPredicate;
import java.util.function.Consumer;

/**
 * Sifts the kernel's news: only what may concern us and was not done by us. Which it was is found
 * by reading everything, so a notice too many costs a reading and one too few waits for the timer.
 */
final class KernelWatch {
  private static final List<MonitorTopic> TOPICS =
      List.of(
          MonitorTopic.LINKS,
          MonitorTopic.NEIGHBOURS,
          MonitorTopic.ADDRESSES,
          MonitorTopic.ROUTES,
          MonitorTopic.RULES,
          MonitorTopic.SETTINGS,
          MonitorTopic.RULESET);

  private final KernelReader ours;
  private final BiPredicate<KernelNotice.Change, Link> isNews;

  private KernelWatch(KernelReader ours, BiPredicate<KernelNotice.Change, Link> isNews) {
    this.ours = ours;
    this.isNews = isNews;
  }

  /**
   * Starts listening.
   *
   * @param ours knows our tunnel and our addresses; called on listening threads
   * @param isNews whether a link that may answer for egress IPs is not as it was; called there, too
   */
  static AutoCloseable start(
      Collection<Integer> ownPorts,
      KernelReader ours,
      BiPredicate<KernelNotice.Change, Link> isNews,
      Consumer<String> changed) {
    KernelWatch watch = new KernelWatch(ours, isNews);
    List<Integer> ports = List.copyOf(ownPorts);
    return NetlinkMonitor.start(
        TOPICS,
        ports::contains,
        SocketLimits.NOTIFICATIONS,
        notice -> watch.concern(notice).ifPresent(changed));
  }

  /** What concerns us in a notice, in words. */
  private Optional<String> concern(KernelNotice notice) {
    return switch (notice) {
      case KernelNotice.OfLink(var origin, var change, var link) ->
          when(
              origin != Origin.OWN && (KernelReader.isOurs(link) || isNews.test(change, link)),
              "link " + link.name() + " " + change);
      case KernelNotice.OfAddress(var origin, var change, var address) ->
          when(
              origin != Origin.OWN && concerns(origin, change, address),
              "address " + address.ip() + " " + change);
      case KernelNotice.OfRoute(var origin, var change, var route) ->
          when(
              origin != Origin.OWN
                  && (route.protocol().equals(KernelReader.PROTOCOL) || isDefault(route)),
              "route " + route.destination() + " " + change);
      case KernelNotice.OfRule(var origin, var change, var rule) ->
          when(
              origin != Origin.OWN && rule.protocol().equals(KernelReader.PROTOCOL),
              "rule " + rule.priority() + " " + change);
      case KernelNotice.OfRuleset(var origin, var subject) ->
          when(
              origin != Origin.OWN
                  && (subject.table().equals(Ruleset.TABLE) || isForwardChain(subject)),
              "table " + subject.table() + subject.chain().map(" "::concat).orElse(""));
      case KernelNotice.OfNeighbour(var origin, var change, var neighbour) ->
          when(
              origin != Origin.OWN && ours.isOurLink(neighbour.link()),
              "neighbour " + neighbour.ip() + " " + change);
      case KernelNotice.OfForwarding(var origin, var change, var entry) ->
          when(
              origin != Origin.OWN && ours.isOurLink(entry.link()),
              "forwarding of " + entry.mac() + " " + change);
      case KernelNotice.OfSetting(var ignored, var link) ->
          when(link < 0 || ours.isOurLink(link), "setting of link " + link);
      case KernelNotice.Resync(var protocol, var reason) -> Optional.of(protocol + ": " + reason);
      case KernelNotice.Ended(var protocol, var reason) ->
          Optional.of(protocol + " notifications ended: " + reason);
    };
  }

  /**
   * The kernel names itself as the origin of each extension of an IPv6 address's life, several a
   * second; what is there is no news then, only what is not.
   */
  private boolean concerns(Origin origin, KernelNotice.Change change, Address address) {
    return ours.isOurs(address)
        ? origin != Origin.KERNEL || change == KernelNotice.Change.REMOVED
        : address.scope().equals(Scope.UNIVERSE);
  }

  private static boolean isForwardChain(NftSubject subject) {
    return subject.chain().isPresent()
        && Arrays.stream(IpFamily.values())
            .map(ForwardChain::id)
            .anyMatch(subject.table().chain(subject.chain().get())::equals);
  }

  /** Where it leads may be another uplink than before. */
  private static boolean isDefault(Route route) {
    return route.destination().prefixLength() == 0 && route.table().equals(RoutingTable.MAIN);
  }

  private static Optional<String> when(boolean concerns, String what) {
    return concerns ? Optional.of(what) : Optional.empty();
  }
}
