package io.egressgateway.node.agent;

import io.egressgateway.core.plan.KernelNumbers;
import io.egressgateway.node.kernel.KernelObject.Tunnel;
import io.egressgateway.node.kernel.Marks;
import io.egressgateway.node.netlink.wire.route.FirewallMark;
import io.egressgateway.node.netlink.wire.route.Link;
import io.egressgateway.node.netlink.wire.route.LinkKind;
import io.egressgateway.node.netlink.wire.route.Route;
import io.egressgateway.node.netlink.wire.route.RoutingRule;
import io.egressgateway.node.netlink.wire.route.RuleAction;
import io.egressgateway.node.netlink.wire.route.RuleSelector;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Optional;

/** What others have in a kernel that cannot be there beside ours. Each is named with the remedy. */
public final class Collisions {
  private static final long LOCAL_TABLE = 255;

  private Collisions() {}

  /** VXLAN devices with the network identifier and port of ours, or its name. */
  public static List<String> ofLinks(Collection<Link> links, String device, Tunnel.Header header) {
    List<String> collisions = new ArrayList<>();
    for (Link link : links) {
      boolean ours = KernelReader.isOurs(link);
      if (!ours && link.name().value().equals(device)) {
        collisions.add(
            "a device of the name %s exists and has not the alias '%s': remove it, or set another"
                    .formatted(device, Marks.LINK_ALIAS)
                + " feature.vxlan.name");
      } else if (!ours
          && link.kind() instanceof LinkKind.Vxlan(var found)
          && found.vni() == header.vni()
          && found.port() == header.port()) {
        collisions.add(
            "device %s has VXLAN id %d on port %d: set another feature.vxlan.id or feature.vxlan.port"
                .formatted(link.name(), header.vni(), header.port()));
      }
    }
    return List.copyOf(collisions);
  }

  /**
   * Routing rules for marks that we set, those that use tables of ours, and those before ours that
   * lead every packet somewhere else.
   */
  public static List<String> ofRules(Collection<RoutingRule> rules, KernelNumbers numbers) {
    List<String> collisions = new ArrayList<>();
    for (RoutingRule rule : rules) {
      if (rule.protocol().equals(KernelReader.PROTOCOL)) {
        continue;
      }
      Optional<FirewallMark> mark = rule.selector().mark();
      if (mark.filter(wanted -> takesOurs(wanted, numbers)).isPresent()) {
        collisions.add(
            "rule %d of %s takes packets marked %s, and our marks are %s: have its owner use other"
                    .formatted(rule.priority(), rule.family(), mark.get(), numbers.marks())
                + " marks, or set another feature.mark");
      } else if (numbers.isTable((int) rule.table().id())) {
        collisions.add(
            "rule %d of %s uses table %s, which is ours: have its owner use another, or set another"
                    .formatted(rule.priority(), rule.family(), rule.table().id())
                + " feature.routingTables");
      } else if (comesFirst(rule, numbers)) {
        collisions.add(
            "rule %d of %s leads every packet into table %s before our rules at %d are asked: set"
                    .formatted(
                        rule.priority(), rule.family(), rule.table().id(), numbers.replyPriority())
                + " feature.routingRulePriority below %d".formatted(rule.priority()));
      }
    }
    return List.copyOf(collisions);
  }

  /** A rule that looks at none of the bits by which our marks are ours was made for others. */
  private static boolean takesOurs(FirewallMark mark, KernelNumbers numbers) {
    int decisive = mark.mask() & numbers.mask();
    return decisive != 0 && (mark.value() & decisive) == (numbers.mark() & decisive);
  }

  /** The kernel's own table says only what is local, and comes first everywhere. */
  private static boolean comesFirst(RoutingRule rule, KernelNumbers numbers) {
    return rule.priority() < numbers.gatewayPriority()
        && rule.selector().equals(RuleSelector.ALL)
        && rule.action().equals(RuleAction.TO_TABLE)
        && rule.table().id() != LOCAL_TABLE;
  }

  /**
   * Routing rules for others' marks that are asked before ours and take some of our packets
   * nevertheless, because they look at bits that are a part of our numbers.
   *
   * @param marks of packets that this node routes
   */
  public static List<String> ofMarks(
      Collection<RoutingRule> rules, KernelNumbers numbers, Collection<Integer> marks) {
    List<String> collisions = new ArrayList<>();
    for (RoutingRule rule : rules) {
      Optional<FirewallMark> wanted = rule.selector().mark();
      boolean others =
          !rule.protocol().equals(KernelReader.PROTOCOL)
              && rule.priority() < numbers.gatewayPriority()
              && wanted.filter(mark -> !takesOurs(mark, numbers)).isPresent();
      if (others) {
        marks.stream()
            .filter(mark -> (mark & wanted.get().mask()) == wanted.get().value())
            .findFirst()
            .ifPresent(
                mark ->
                    collisions.add(
                        "rule %d of %s takes packets marked %s, and with them ours marked 0x%08x: set"
                                .formatted(rule.priority(), rule.family(), wanted.get(), mark)
                            + " feature.routingRulePriority below %d".formatted(rule.priority())));
      }
    }
    return List.copyOf(collisions);
  }

  /** Routes of others among those of a table of ours. */
  public static List<String> ofRoutes(Collection<Route> routes) {
    return routes.stream()
        .filter(route -> !route.protocol().equals(KernelReader.PROTOCOL))
        .map(
            route ->
                "a route to %s of protocol %s is in table %s, which is ours: have its owner use another,"
                        .formatted(
                            route.destination(),
                            route.protocol().value(),
                            "0x%08x".formatted(route.table().id()))
                    + " or set another feature.routingTables")
        .distinct()
        .toList();
  }
}
