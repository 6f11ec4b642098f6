package io.egressgateway.node.agent;

import io.egressgateway.core.model.IpAddress;
import io.egressgateway.core.model.IpFamily;
import io.egressgateway.core.model.NodeAddressSlot;
import io.egressgateway.core.model.NodeNumber;
import io.egressgateway.core.plan.KernelNumbers;
import io.egressgateway.core.plan.NodePlan;
import io.egressgateway.node.kernel.ForeignForward;
import io.egressgateway.node.kernel.ForwardChain;
import io.egressgateway.node.kernel.Marks;
import io.egressgateway.node.kernel.Passage;
import io.egressgateway.node.kernel.Passage.Port;
import io.egressgateway.node.netlink.NftNetlink;
import io.egressgateway.node.netlink.RouteNetlink;
import io.egressgateway.node.netlink.wire.nft.ChainEntry;
import io.egressgateway.node.netlink.wire.nft.ElementValue;
import io.egressgateway.node.netlink.wire.nft.Immediate;
import io.egressgateway.node.netlink.wire.nft.Lookup;
import io.egressgateway.node.netlink.wire.nft.NftChain;
import io.egressgateway.node.netlink.wire.nft.NftExpression;
import io.egressgateway.node.netlink.wire.nft.NftRule;
import io.egressgateway.node.netlink.wire.nft.NftTable;
import io.egressgateway.node.netlink.wire.nft.RuleEntry;
import io.egressgateway.node.netlink.wire.nft.SetElement;
import io.egressgateway.node.netlink.wire.nft.TableEntry;
import io.egressgateway.node.netlink.wire.nft.TableId;
import io.egressgateway.node.netlink.wire.nft.Verdict;
import io.egressgateway.node.netlink.wire.route.Link;
import io.egressgateway.node.netlink.wire.route.Route;
import io.egressgateway.node.netlink.wire.route.RoutingTable;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.Deque;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.SortedMap;
import java.util.SortedSet;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.function.Predicate;

/** What other tables do to the packets that a plan has this node forward. */
public final class ForeignForwards {
  /**
   * Tables that stop nothing of ours: iptables' other ones, which are large; kube-proxy's; and the
   * one that firewalld has while it reloads.
   */
  private static final Set<String> HARMLESS =
      Set.of("mangle", "nat", "raw", "security", "kube-proxy", "firewalld_policy_drop");

  /** Of a table; what is beyond is taken for a way through. */
  private static final int CHAINS_MAX = 256;

  /** How the kernel names the sets and maps that stand in a rule. */
  private static final String OF_A_RULE = "__";

  /** A link that no rule can name. */
  private static final Port NOWHERE = new Port("the outside", 0);

  private ForeignForwards() {}

  /** Every table of others with a chain that hears of our packets, but for iptables' own. */
  public static List<ForeignForward> read(NftNetlink nft) {
    List<ForeignForward> found = new ArrayList<>();
    for (NftTable table : nft.tables().stream().map(TableEntry::table).toList()) {
      if (isForeign(table.id())) {
        List<NftChain> heard =
            nft.chains(table.id()).stream()
                .map(ChainEntry::chain)
                .filter(ForeignForwards::isForeign)
                .toList();
        if (!heard.isEmpty()) {
          found.add(new Walk(nft, table.id()).from(heard));
        }
      }
    }
    return List.copyOf(found);
  }

  private static boolean isForeign(TableId table) {
    return switch (table.family()) {
      case INET, IP, IP6 ->
          !table.name().startsWith(Marks.TABLE) && !HARMLESS.contains(table.name());
      default -> false;
    };
  }

  private static boolean isForeign(NftChain chain) {
    return ForeignForward.isHeard(chain)
        && Arrays.stream(IpFamily.values()).map(ForwardChain::id).noneMatch(chain.id()::equals);
  }

  /** Reads what can be reached of a table, and no more: others have chains by the thousand. */
  private static final class Walk {
    private final NftNetlink nft;
    private final TableId table;
    private final Map<String, List<NftRule>> rules = new HashMap<>();
    private final Map<String, List<SetElement>> sets = new HashMap<>();
    private final Deque<String> waiting = new ArrayDeque<>();

    Walk(NftNetlink nft, TableId table) {
      this.nft = nft;
      this.table = table;
    }

    ForeignForward from(List<NftChain> heard) {
      heard.forEach(chain -> waiting.add(chain.id().name()));
      while (!waiting.isEmpty() && rules.size() < CHAINS_MAX) {
        String chain = waiting.remove();
        if (!rules.containsKey(chain)) {
          List<NftRule> read = nft.rules(table.chain(chain)).stream().map(RuleEntry::rule).toList();
          rules.put(chain, read);
          read.stream().flatMap(rule -> rule.expressions().stream()).forEach(this::follow);
        }
      }
      return new ForeignForward(table, heard, rules, sets);
    }

    private void follow(NftExpression expression) {
      switch (expression) {
        case Immediate.Decide(var verdict) -> follow(verdict);
        case Lookup.Member member -> read(member.set().name());
        case Lookup.Value value -> read(value.map().name());
        default -> {}
      }
    }

    private void follow(Verdict verdict) {
      switch (verdict) {
        case Verdict.Jump(String chain) -> waiting.add(chain);
        case Verdict.Goto(String chain) -> waiting.add(chain);
        default -> {}
      }
    }

    /** A rule's own are small; others can have any size, and reading them costs the square. */
    private void read(String set) {
      if (set.startsWith(OF_A_RULE) && !sets.containsKey(set)) {
        List<SetElement> elements = nft.elements(table.set(set));
        sets.put(set, elements);
        for (SetElement element : elements) {
          if (element.value() instanceof ElementValue.Decision(var verdict)) {
            follow(verdict);
          }
        }
      }
    }
  }

  /**
   * The chains that stop what the plan has this node forward, each with the remedy.
   *
   * @param foreign what there is; nothing else is read if it is empty
   */
  public static List<String> collisions(
      List<ForeignForward> foreign, RouteNetlink routing, NodePlan plan) {
    if (foreign.isEmpty()) {
      return List.of();
    }
    SortedMap<String, Stopped> stopped = new TreeMap<>();
    for (Passage passage : passages(routing, plan)) {
      for (ForeignForward table : foreign) {
        table
            .stops(passage)
            .map(chain -> new Stopped(chain, table, passage, new TreeSet<>()))
            .ifPresent(
                found ->
                    stopped
                        .computeIfAbsent(found.key(), added -> found)
                        .from()
                        .add(passage.in().name()));
      }
    }
    return stopped.values().stream().map(Stopped::sentence).toList();
  }

  /**
   * What comes out of a tunnel and leaves by the default route, on a node that has no plan.
   *
   * @param device of the tunnel, which need not be there
   */
  public static Passage outward(
      RouteNetlink routing, IpFamily family, String device, KernelNumbers numbers) {
    Map<Integer, Port> links = links(routing);
    Port outside =
        defaultRoute(routing.routes(family, RoutingTable.MAIN))
            .flatMap(route -> port(route, links))
            .orElse(NOWHERE);
    return new Passage(
        family,
        new Port(device, NOWHERE.index()),
        outside,
        Optional.empty(),
        Passage.Leg.OUT_OF_TUNNEL,
        numbers);
  }

  private static Map<Integer, Port> links(RouteNetlink routing) {
    Map<Integer, Port> links = new HashMap<>();
    for (Link link : routing.links()) {
      links.put(link.index(), new Port(link.name().value(), link.index()));
    }
    return links;
  }

  private static Optional<Route> defaultRoute(List<Route> routes) {
    return routes.stream()
        .filter(route -> route.destination().prefixLength() == 0)
        .min(Comparator.comparingLong(Route::metric));
  }

  private static Optional<Port> port(Route route, Map<Integer, Port> links) {
    return route.nextHop().link().isPresent()
        ? Optional.ofNullable(links.get(route.nextHop().link().getAsInt()))
        : Optional.empty();
  }

  /**
   * What a chain stops on the way to one link.
   *
   * @param first of the packets that it stops
   * @param from the links that they come by
   */
  private record Stopped(
      NftChain chain, ForeignForward table, Passage first, SortedSet<String> from) {
    String key() {
      return chain.id() + " " + first.leg() + " " + first.out().name();
    }

    String sentence() {
      int more = from.size() - 1;
      String what =
          switch (first.leg()) {
            case FROM_POD, OUT_OF_TUNNEL -> "new connections with egress IPs";
            case ANSWER -> "answers to connections with egress IPs";
          };
      return "chain %s stops %s, those to TCP port 443 at least, from %s%s to %s: %s"
          .formatted(
              chain.id(),
              what,
              from.first(),
              more > 0 ? " and %d more links".formatted(more) : "",
              first.out().name(),
              table.remedy(chain, first));
    }
  }

  /** A packet for each way that the plan has packets take through this node. */
  private static List<Passage> passages(RouteNetlink routing, NodePlan plan) {
    Map<Integer, Port> links = links(routing);
    Optional<Port> tunnel =
        links.values().stream()
            .filter(port -> port.name().equals(plan.mesh().settings().device()))
            .findFirst();
    List<Passage> passages = new ArrayList<>();
    for (IpFamily family : IpFamily.values()) {
      Ways ways = new Ways(family, links, routing.routes(family, RoutingTable.MAIN), plan);
      tunnel.ifPresent(device -> passages.addAll(ways.through(device)));
    }
    return passages;
  }

  /** Where packets of a family come from and go to. */
  private record Ways(
      IpFamily family, Map<Integer, Port> links, List<Route> routes, NodePlan plan) {

    List<Passage> through(Port tunnel) {
      KernelNumbers numbers = plan.mesh().settings().numbers();
      Optional<Port> outside = outside();
      List<Passage> passages = new ArrayList<>();
      if (holds() && outside.isPresent()) {
        passages.add(
            new Passage(
                family,
                tunnel,
                outside.get(),
                Optional.empty(),
                Passage.Leg.OUT_OF_TUNNEL,
                numbers));
      }
      List<Port> exits = new ArrayList<>();
      if (sends(node -> !node.equals(plan.mesh().self().number()))) {
        exits.add(tunnel);
      }
      if (sends(plan.mesh().self().number()::equals)) {
        outside.ifPresent(exits::add);
      }
      for (IpAddress pod : plan.selection().endpoints().keySet()) {
        Optional<Port> link = pod.family() == family ? linkOf(pod) : Optional.empty();
        for (Port out : exits) {
          link.map(
                  in ->
                      new Passage(family, in, out, Optional.of(pod), Passage.Leg.FROM_POD, numbers))
              .ifPresent(passages::add);
        }
      }
      if (exits.contains(tunnel)) {
        passages.stream()
            .filter(passage -> passage.leg() == Passage.Leg.FROM_POD)
            .findFirst()
            .map(
                way ->
                    new Passage(
                        family, tunnel, way.in(), Optional.empty(), Passage.Leg.ANSWER, numbers))
            .ifPresent(passages::add);
      }
      return passages;
    }

    private boolean holds() {
      return plan.ownership().held().values().stream()
          .anyMatch(address -> address.family() == family || NodeAddressSlot.is(address));
    }

    private boolean sends(Predicate<NodeNumber> to) {
      return plan.ownership().routes().values().stream().anyMatch(to);
    }

    private Optional<Port> outside() {
      return defaultRoute(routes).flatMap(route -> port(route, links));
    }

    private Optional<Port> linkOf(IpAddress pod) {
      return routes.stream()
          .filter(
              route -> route.destination().prefixLength() > 0 && route.destination().contains(pod))
          .max(Comparator.comparingInt((Route route) -> route.destination().prefixLength()))
          .flatMap(route -> port(route, links));
    }
  }
}
