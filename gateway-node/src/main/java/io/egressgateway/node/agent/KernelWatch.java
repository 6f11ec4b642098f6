package io.egressgateway.node.agent;

import io.egressgateway.node.kernel.Marks;
import io.egressgateway.node.netlink.KernelNotice;
import io.egressgateway.node.netlink.KernelNotice.Origin;
import io.egressgateway.node.netlink.MonitorTopic;
import io.egressgateway.node.netlink.NetlinkMonitor;
import io.egressgateway.node.netlink.socket.SocketLimits;
import io.egressgateway.node.netlink.wire.route.Address;
import io.egressgateway.node.netlink.wire.route.Route;
import io.egressgateway.node.netlink.wire.route.RoutingTable;
import io.egressgateway.node.netlink.wire.route.Scope;
import java.util.Collection;
import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.function.Consumer;

/**
 * Sifts the kernel's news: only what may concern us and was not done by us. Which it was is found
 * by reading everything, so a notice too many costs a reading and one too few waits for the timer.
 */
final class KernelWatch {
  private static final List<MonitorTopic> TOPICS =
      List.of(
          MonitorTopic.LINKS,
          MonitorTopic.ADDRESSES,
          MonitorTopic.ROUTES,
          MonitorTopic.RULES,
          MonitorTopic.RULESET);

  private KernelWatch() {}

  static AutoCloseable start(Collection<Integer> ownPorts, Consumer<String> changed) {
    List<Integer> ports = List.copyOf(ownPorts);
    return NetlinkMonitor.start(
        TOPICS,
        ports::contains,
        SocketLimits.NOTIFICATIONS,
        notice -> concern(notice).ifPresent(changed));
  }

  /** What concerns us in a notice, in words. */
  static Optional<String> concern(KernelNotice notice) {
    return switch (notice) {
      case KernelNotice.OfLink(var origin, var change, var link) ->
          when(
              origin != Origin.OWN && KernelReader.isOurs(link),
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
      case KernelNotice.OfRuleset(var origin, var generation) ->
          when(origin != Origin.OWN, "ruleset generation " + generation.id());
      case KernelNotice.Resync(var protocol, var reason) -> Optional.of(protocol + ": " + reason);
      case KernelNotice.Ended(var protocol, var reason) ->
          Optional.of(protocol + " notifications ended: " + reason);
      case KernelNotice.OfNeighbour ignored -> Optional.empty();
      case KernelNotice.OfForwarding ignored -> Optional.empty();
    };
  }

  /**
   * The kernel names itself as the origin of each extension of an IPv6 address's life, several a
   * second; what is there is no news then, only what is not.
   */
  private static boolean concerns(Origin origin, KernelNotice.Change change, Address address) {
    return address.protocol().equals(OptionalInt.of(Marks.PROTOCOL))
        ? origin != Origin.KERNEL || change == KernelNotice.Change.REMOVED
        : address.scope().equals(Scope.UNIVERSE);
  }

  /** Where it leads may be another uplink than before. */
  private static boolean isDefault(Route route) {
    return route.destination().prefixLength() == 0 && route.table().equals(RoutingTable.MAIN);
  }

  private static Optional<String> when(boolean concerns, String what) {
    return concerns ? Optional.of(what) : Optional.empty();
  }
}
