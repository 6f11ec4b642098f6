package io.egressgateway.node.agent;

import io.egressgateway.node.kernel.KernelObject.Tunnel;
import io.egressgateway.node.kernel.Marks;
import io.egressgateway.node.netlink.wire.route.FirewallMark;
import io.egressgateway.node.netlink.wire.route.Link;
import io.egressgateway.node.netlink.wire.route.LinkKind;
import io.egressgateway.node.netlink.wire.route.RoutingRule;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Optional;

/** What others have in a kernel that cannot be there beside ours. Each is named with the remedy. */
public final class Collisions {
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

  /** Routing rules for marks that we set, and those that use tables of ours. */
  public static List<String> ofRules(Collection<RoutingRule> rules) {
    List<String> collisions = new ArrayList<>();
    for (RoutingRule rule : rules) {
      if (rule.protocol().equals(KernelReader.PROTOCOL)) {
        continue;
      }
      Optional<FirewallMark> mark = rule.selector().mark();
      if (mark.filter(Collisions::takesOurs).isPresent()) {
        collisions.add(
            "rule %d of %s takes packets marked %s, and our marks are 0x26000000-0x27ffffff: have its"
                    .formatted(rule.priority(), rule.family(), mark.get())
                + " owner use other marks");
      } else if (isOurs((int) rule.table().id())) {
        collisions.add(
            "rule %d of %s uses table %s, which is ours: have its owner use another"
                .formatted(rule.priority(), rule.family(), rule.table()));
      }
    }
    return List.copyOf(collisions);
  }

  /** A rule that looks at none of the bits by which our marks are ours was made for others. */
  private static boolean takesOurs(FirewallMark mark) {
    int decisive = mark.mask() & Marks.EITHER_KIND_MASK;
    return decisive != 0 && (mark.value() & decisive) == (Marks.EGRESS_KIND & decisive);
  }

  private static boolean isOurs(int number) {
    return (number & Marks.EITHER_KIND_MASK) == Marks.EGRESS_KIND;
  }
}
