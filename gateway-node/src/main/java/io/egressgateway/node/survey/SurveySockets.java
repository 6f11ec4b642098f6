package io.egressgateway.node.survey;

import io.egressgateway.core.model.EipNumber;
import io.egressgateway.core.model.IpAddress;
import io.egressgateway.core.model.IpFamily;
import io.egressgateway.core.model.PortShortage;
import io.egressgateway.core.plan.KernelNumbers;
import io.egressgateway.core.plan.NodePlan;
import io.egressgateway.node.agent.Collisions;
import io.egressgateway.node.agent.ForeignForwards;
import io.egressgateway.node.kernel.KernelObject.Tunnel;
import io.egressgateway.node.kernel.LookupSet;
import io.egressgateway.node.kernel.Marks;
import io.egressgateway.node.kernel.Ruleset;
import io.egressgateway.node.netlink.ConntrackNetlink;
import io.egressgateway.node.netlink.NftNetlink;
import io.egressgateway.node.netlink.RouteNetlink;
import io.egressgateway.node.netlink.socket.Errno;
import io.egressgateway.node.netlink.socket.NetlinkException;
import io.egressgateway.node.netlink.socket.SocketLimits;
import io.egressgateway.node.netlink.wire.Bytes;
import io.egressgateway.node.netlink.wire.conntrack.ConntrackEntry;
import io.egressgateway.node.netlink.wire.conntrack.Layer4;
import io.egressgateway.node.netlink.wire.conntrack.MarkFilter;
import io.egressgateway.node.netlink.wire.nft.Counter;
import io.egressgateway.node.netlink.wire.nft.SetElement;
import io.egressgateway.node.netlink.wire.route.FirewallMark;
import io.egressgateway.node.netlink.wire.route.RouteProtocol;
import io.egressgateway.node.netlink.wire.route.RoutingRule;
import io.egressgateway.node.netlink.wire.route.RoutingTable;
import io.egressgateway.node.netlink.wire.route.RuleAction;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.SortedMap;
import java.util.TreeMap;

/**
 * What a survey reads of the kernel, in the network namespace of the thread that opened it. For one
 * thread at a time; every method throws {@link NetlinkException} if the kernel does not answer.
 */
final class SurveySockets implements AutoCloseable {
  private final RouteNetlink routing;
  private final NftNetlink nft;
  private final ConntrackNetlink conntrack;

  private SurveySockets(RouteNetlink routing, NftNetlink nft, ConntrackNetlink conntrack) {
    this.routing = routing;
    this.nft = nft;
    this.conntrack = conntrack;
  }

  static SurveySockets open() {
    RouteNetlink routing = RouteNetlink.open(SocketLimits.REQUESTS);
    try {
      NftNetlink nft = NftNetlink.open(SocketLimits.REQUESTS);
      try {
        return new SurveySockets(routing, nft, ConntrackNetlink.open(SocketLimits.REQUESTS));
      } catch (NetlinkException refused) {
        nft.close();
        throw refused;
      }
    } catch (NetlinkException refused) {
      routing.close();
      throw refused;
    }
  }

  /** What the kernel has counted of the egress IPs that the plan has here. */
  SortedMap<Tallies.Subject, Counter> counters(NodePlan plan) {
    SortedMap<Tallies.Subject, Counter> counters = new TreeMap<>();
    for (LookupSet set : LookupSet.values()) {
      if (set.counts()) {
        for (SetElement element : elements(set)) {
          Optional<Tallies.Subject> subject = subject(set, element.key(), plan);
          if (subject.isPresent() && element.counted().isPresent()) {
            counters.merge(subject.get(), element.counted().get(), SurveySockets::sum);
          }
        }
      }
    }
    return counters;
  }

  private List<SetElement> elements(LookupSet set) {
    try {
      return nft.elements(Ruleset.TABLE.set(set.setName()));
    } catch (NetlinkException refused) {
      if (refused.errno() == Errno.ENOENT) {
        // Before the first plan, or between two tables.
        return List.of();
      }
      throw refused;
    }
  }

  private static Counter sum(Counter one, Counter other) {
    return new Counter(one.packets() + other.packets(), one.bytes() + other.bytes());
  }

  private static Optional<Tallies.Subject> subject(LookupSet set, Bytes key, NodePlan plan) {
    return switch (set) {
      case EIP_SENT -> held(key, plan).map(eip -> new Tallies.Subject(Tallies.Kind.SENT, eip));
      case EIP_ADDRESS_V4, EIP_ADDRESS_V6 ->
          held(key, plan).map(eip -> new Tallies.Subject(Tallies.Kind.CONNECTIONS, eip));
      case EIP_RECEIVED_V4, EIP_RECEIVED_V6 ->
          Optional.of(
              new Tallies.Subject(Tallies.Kind.RECEIVED, IpAddress.fromBytes(key.toArray())));
      default -> Optional.empty();
    };
  }

  private static Optional<IpAddress> held(Bytes mark, NodePlan plan) {
    int value = ByteBuffer.wrap(mark.toArray()).order(ByteOrder.nativeOrder()).getInt();
    return Optional.of(value & KernelNumbers.NUMBER_MASK)
        .filter(number -> number > 0)
        .flatMap(number -> Optional.ofNullable(plan.ownership().held().get(new EipNumber(number))));
  }

  /** The ports of the egress IPs that the plan has here. */
  PortUse ports(NodePlan plan) {
    PortUse use = new PortUse();
    Set<IpAddress> held = new HashSet<>(plan.ownership().held().values());
    KernelNumbers numbers = plan.mesh().settings().numbers();
    for (IpFamily family : IpFamily.values()) {
      if (held.stream().anyMatch(eip -> eip.family() == family)) {
        conntrack.scan(
            family,
            new MarkFilter(numbers.mark(), numbers.mask()),
            entry -> count(entry, held, use));
      }
    }
    return use;
  }

  private static void count(ConntrackEntry entry, Set<IpAddress> held, PortUse use) {
    IpAddress eip = entry.reply().destination();
    if (held.contains(eip)
        && entry.reply().layer4() instanceof Layer4.Ports(int protocol, int port, int translated)) {
      use.add(new PortShortage(eip, protocol, entry.reply().source(), port), translated);
    }
  }

  /** See {@link ConntrackNetlink#refusals}. */
  long refusals() {
    return conntrack.refusals();
  }

  /** What others have in the way of what the plan asks for. */
  List<String> collisions(NodePlan plan) {
    KernelNumbers numbers = plan.mesh().settings().numbers();
    Tunnel.Header header =
        new Tunnel.Header(
            plan.mesh().settings().vni(),
            plan.mesh().settings().port(),
            Tunnel.Extension.GROUP_POLICY);
    List<String> collisions =
        new ArrayList<>(
            Collisions.ofLinks(routing.links(), plan.mesh().settings().device(), header));
    for (IpFamily family : IpFamily.values()) {
      List<RoutingRule> rules = routing.rules(family);
      collisions.addAll(Collisions.ofRules(rules, numbers));
      collisions.addAll(Collisions.ofMarks(rules, numbers, marks(plan, rules)));
      for (RoutingTable table : tables(rules)) {
        collisions.addAll(Collisions.ofRoutes(routing.routes(family, table)));
      }
    }
    collisions.addAll(ForeignForwards.collisions(ForeignForwards.read(nft), routing, plan));
    return collisions.stream().distinct().sorted().toList();
  }

  private static boolean isWayOfOurs(RoutingRule rule) {
    return rule.protocol().equals(new RouteProtocol(Marks.PROTOCOL))
        && rule.action() == RuleAction.TO_TABLE;
  }

  /** Of the packets that the node routes. */
  private static Set<Integer> marks(NodePlan plan, List<RoutingRule> rules) {
    Set<Integer> marks = new HashSet<>();
    rules.stream()
        .filter(SurveySockets::isWayOfOurs)
        .forEach(rule -> rule.selector().mark().map(FirewallMark::value).ifPresent(marks::add));
    plan.ownership()
        .held()
        .keySet()
        .forEach(eip -> marks.add(plan.mesh().settings().numbers().egress(eip)));
    return marks;
  }

  private static List<RoutingTable> tables(List<RoutingRule> rules) {
    return rules.stream()
        .filter(SurveySockets::isWayOfOurs)
        .map(RoutingRule::table)
        .distinct()
        .toList();
  }

  @Override
  public void close() {
    routing.close();
    nft.close();
    conntrack.close();
  }
}
