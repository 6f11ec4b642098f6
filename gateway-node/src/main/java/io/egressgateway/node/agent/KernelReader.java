package io.egressgateway.node.agent;

import io.egressgateway.core.model.IpFamily;
import io.egressgateway.node.kernel.AddressMark;
import io.egressgateway.node.kernel.BackstopRule;
import io.egressgateway.node.kernel.DesiredKernel;
import io.egressgateway.node.kernel.Element;
import io.egressgateway.node.kernel.Elements;
import io.egressgateway.node.kernel.ForwardChain;
import io.egressgateway.node.kernel.KernelFault;
import io.egressgateway.node.kernel.KernelObject;
import io.egressgateway.node.kernel.KernelObject.Forwarding;
import io.egressgateway.node.kernel.KernelObject.HeldAddress;
import io.egressgateway.node.kernel.KernelObject.Neighbour;
import io.egressgateway.node.kernel.KernelObject.Tunnel;
import io.egressgateway.node.kernel.KernelObject.TunnelAddress;
import io.egressgateway.node.kernel.KernelState;
import io.egressgateway.node.kernel.LookupSet;
import io.egressgateway.node.kernel.LookupSet.Match;
import io.egressgateway.node.kernel.Marks;
import io.egressgateway.node.kernel.Ruleset;
import io.egressgateway.node.kernel.TableState;
import io.egressgateway.node.netlink.NftNetlink;
import io.egressgateway.node.netlink.RouteNetlink;
import io.egressgateway.node.netlink.wire.nft.ChainEntry;
import io.egressgateway.node.netlink.wire.nft.ChainId;
import io.egressgateway.node.netlink.wire.nft.NftTable;
import io.egressgateway.node.netlink.wire.nft.RuleEntry;
import io.egressgateway.node.netlink.wire.nft.SetId;
import io.egressgateway.node.netlink.wire.nft.TableEntry;
import io.egressgateway.node.netlink.wire.route.Address;
import io.egressgateway.node.netlink.wire.route.FirewallMark;
import io.egressgateway.node.netlink.wire.route.Link;
import io.egressgateway.node.netlink.wire.route.LinkKind;
import io.egressgateway.node.netlink.wire.route.NeighbourState;
import io.egressgateway.node.netlink.wire.route.Route;
import io.egressgateway.node.netlink.wire.route.RouteProtocol;
import io.egressgateway.node.netlink.wire.route.RoutingRule;
import io.egressgateway.node.netlink.wire.route.VxlanFlag;
import io.egressgateway.node.netlink.wire.route.VxlanSettings;
import java.util.ArrayList;
import java.util.Collection;
import java.util.EnumSet;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.Set;
import java.util.SortedSet;
import java.util.TreeSet;
import java.util.function.Function;
import java.util.function.Supplier;
import java.util.stream.Collectors;

/**
 * Reads what is ours: it is known by the alias of the link, the protocol number of routes and
 * rules, the {@link AddressMark} of addresses, and the name of the table. Whatever else stands on
 * our link is ours too.
 */
final class KernelReader {
  static final RouteProtocol PROTOCOL = new RouteProtocol(Marks.PROTOCOL);

  /** What an object reads as when it has our mark but is nothing that we make. */
  private static final int NO_MARK = 0;

  private final RouteNetlink routing;
  private final NftNetlink nft;
  private final Settings settings;
  private final AddressMark mark;

  /** Indexes of our devices when they were last read. */
  private volatile Set<Integer> ourLinks = Set.of();

  /**
   * @param mark by which addresses of ours are known
   */
  KernelReader(RouteNetlink routing, NftNetlink nft, Settings settings, AddressMark mark) {
    this.routing = routing;
    this.nft = nft;
    this.settings = settings;
    this.mark = mark;
  }

  KernelState read() throws KernelFault {
    return read(() -> Elements.of(elements(foundSets())));
  }

  /** Of sets of single keys these elements are taken to be there. */
  KernelState readAround(Elements known) throws KernelFault {
    return read(
        () -> {
          Set<LookupSet> found = foundSets();
          return known.having(
              set -> !found.contains(set) || set.match() == Match.RANGES,
              elements(found.stream().filter(set -> set.match() == Match.RANGES).toList()));
        });
  }

  private KernelState read(Supplier<Elements> elements) throws KernelFault {
    List<Link> links = routing.links();
    ourLinks =
        links.stream()
            .filter(KernelReader::isOurs)
            .map(Link::index)
            .collect(Collectors.toUnmodifiableSet());
    Names names = new Names(links);
    List<KernelObject> objects = new ArrayList<>();
    List<String> paths =
        new ArrayList<>(List.of("net/ipv4/ip_forward", DesiredKernel.IPV6_FORWARDING));
    for (Link link : links) {
      if (isOurs(link) && link.kind() instanceof LinkKind.Vxlan(var vxlan)) {
        objects.add(tunnel(link, vxlan, names));
        addForwarding(link, objects);
        paths.add("net/ipv4/conf/" + link.name() + "/rp_filter");
      }
    }
    for (IpFamily family : IpFamily.values()) {
      addAddresses(family, names, objects);
      addNeighbours(family, names, objects);
      addRoutes(family, names, objects);
      addRules(family, objects);
    }
    SortedSet<IpFamily> closed = addAcceptances(objects);
    return KernelState.empty()
        .withObjects(objects)
        .withClosedForwards(closed)
        .withTable(table(elements))
        .withSettings(settings.read(paths));
  }

  /** From any thread: whether it was our device when it was last read. */
  boolean isOurLink(int index) {
    return ourLinks.contains(index);
  }

  /** From any thread: whether it is an address that we put where it is. */
  boolean isOurs(Address address) {
    return isOurLink(address.link()) ? mark.isOfTunnel(address) : mark.isEgressIp(address);
  }

  static boolean isOurs(Link link) {
    return link.alias().equals(Optional.of(Marks.LINK_ALIAS));
  }

  private record Names(Map<Integer, Link> links) {
    Names(List<Link> links) {
      this(links.stream().collect(Collectors.toMap(Link::index, Function.identity())));
    }

    /** A link that is already gone again has its number for a name. */
    String of(int index) {
      return Optional.ofNullable(links.get(index))
          .map(link -> link.name().value())
          .orElse("link " + index);
    }

    String of(OptionalInt index) {
      return index.isPresent() ? of(index.getAsInt()) : "";
    }

    boolean isOurs(int index) {
      return Optional.ofNullable(links.get(index)).filter(KernelReader::isOurs).isPresent();
    }
  }

  private static Tunnel tunnel(Link link, VxlanSettings vxlan, Names names) {
    return new Tunnel(
        link.name().value(),
        link.mac().orElseThrow(() -> new IllegalStateException("a VXLAN device has a MAC")),
        new Tunnel.Outer(
            new Tunnel.Header(
                vxlan.vni(),
                vxlan.port(),
                vxlan.flags().contains(VxlanFlag.GBP)
                    ? Tunnel.Extension.GROUP_POLICY
                    : Tunnel.Extension.NONE),
            vxlan.local(),
            names.of(vxlan.lowerLink())),
        new Tunnel.Operation(
            link.mtu(), link.isUp() ? Tunnel.LinkState.UP : Tunnel.LinkState.DOWN));
  }

  private void addForwarding(Link link, List<KernelObject> objects) {
    for (var entry : routing.forwarding(link.index())) {
      entry
          .destination()
          .ifPresent(
              destination ->
                  objects.add(new Forwarding(link.name().value(), entry.mac(), destination)));
    }
  }

  private void addAddresses(IpFamily family, Names names, List<KernelObject> objects) {
    for (Address address : routing.addresses(family)) {
      String link = names.of(address.link());
      if (names.isOurs(address.link())) {
        if (mark.isOfTunnel(address)) {
          objects.add(new TunnelAddress(link, address.ip(), address.prefixLength()));
        }
      } else if (mark.isEgressIp(address)) {
        objects.add(new HeldAddress(link, address.ip()));
      }
    }
  }

  private void addNeighbours(IpFamily family, Names names, List<KernelObject> objects) {
    for (var neighbour : routing.neighbours(family)) {
      if (names.isOurs(neighbour.link()) && neighbour.state() == NeighbourState.PERMANENT) {
        neighbour
            .mac()
            .ifPresent(
                mac -> objects.add(new Neighbour(names.of(neighbour.link()), neighbour.ip(), mac)));
      }
    }
  }

  private void addRoutes(IpFamily family, Names names, List<KernelObject> objects) {
    for (Route route : routing.routes(family, PROTOCOL)) {
      objects.add(
          new KernelObject.Route(
              (int) route.table().id(),
              route.destination(),
              route.nextHop().gateway(),
              names.of(route.nextHop().link())));
    }
  }

  private void addRules(IpFamily family, List<KernelObject> objects) {
    for (RoutingRule rule : routing.rules(family)) {
      if (rule.protocol().equals(PROTOCOL)) {
        objects.add(
            backstop(rule)
                .orElseGet(
                    () ->
                        new KernelObject.RoutingRule(
                            family,
                            (int) rule.priority(),
                            rule.selector().mark().map(FirewallMark::value).orElse(NO_MARK),
                            (int) rule.table().id())));
      }
    }
  }

  private static Optional<KernelObject> backstop(RoutingRule rule) {
    return rule.selector()
        .inputLink()
        .filter(link -> rule.equals(BackstopRule.of(rule.family(), link)))
        .map(link -> new KernelObject.TunnelBackstop(rule.family(), link.value()));
  }

  /** Which of iptables' chains are closed. */
  private SortedSet<IpFamily> addAcceptances(List<KernelObject> objects) {
    SortedSet<IpFamily> closed = new TreeSet<>();
    for (IpFamily family : IpFamily.values()) {
      Optional<ForwardChain> chain = forwardChain(nft, family);
      if (chain.filter(ForwardChain::isClosed).isPresent()) {
        closed.add(family);
      }
      chain.flatMap(ForwardChain::found).ifPresent(objects::add);
    }
    return closed;
  }

  /** The chain of a family, if iptables has made one. */
  static Optional<ForwardChain> forwardChain(NftNetlink nft, IpFamily family) {
    ChainId id = ForwardChain.id(family);
    return nft.chain(id).map(chain -> new ForwardChain(family, chain, nft.rules(id)));
  }

  /** The egress IPs of a family. */
  Set<HeldAddress> held(IpFamily family) {
    List<KernelObject> objects = new ArrayList<>();
    addAddresses(family, new Names(routing.links()), objects);
    Set<HeldAddress> held = new HashSet<>();
    for (KernelObject object : objects) {
      if (object instanceof HeldAddress address) {
        held.add(address);
      }
    }
    return held;
  }

  /** The routes and routing rules of a family. */
  Set<KernelObject> ways(IpFamily family) {
    List<KernelObject> objects = new ArrayList<>();
    addRoutes(family, new Names(routing.links()), objects);
    addRules(family, objects);
    return Set.copyOf(objects);
  }

  /** The elements at these keys; none of a set that is not there. */
  List<Element> elements(Set<Element.Key> keys) {
    Map<LookupSet, List<Element.Key>> bySet =
        keys.stream().collect(Collectors.groupingBy(Element.Key::set));
    List<Element> elements = new ArrayList<>();
    bySet.forEach((set, itsKeys) -> elements.addAll(elements(set, itsKeys)));
    elements.removeIf(element -> !keys.contains(element.key()));
    return elements;
  }

  private List<Element> elements(LookupSet set, List<Element.Key> keys) {
    SetId id = Ruleset.TABLE.set(set.setName());
    // The ends of plain ranges are elements of their own, so of these all are read; they are few.
    return ElementCodec.decode(
        set,
        ElementCodec.isPlainRange(set)
            ? nft.elements(id)
            : nft.elements(id, ElementCodec.keys(keys)));
  }

  private Optional<TableState> table(Supplier<Elements> elements) {
    return nft.tables().stream()
        .map(TableEntry::table)
        .filter(entry -> entry.id().equals(Ruleset.TABLE))
        .findFirst()
        .map(table -> new TableState(fingerprint(table), elements.get()));
  }

  private TableState.Fingerprint fingerprint(NftTable table) {
    return Ruleset.fingerprint(
        table,
        nft.chains(Ruleset.TABLE).stream().map(ChainEntry::chain).toList(),
        nft.rules(Ruleset.TABLE).stream().map(RuleEntry::rule).toList());
  }

  private Set<LookupSet> foundSets() {
    Set<LookupSet> found = EnumSet.noneOf(LookupSet.class);
    nft.sets(Ruleset.TABLE)
        .forEach(entry -> LookupSet.named(entry.set().id().name()).ifPresent(found::add));
    return found;
  }

  private List<Element> elements(Collection<LookupSet> sets) {
    List<Element> elements = new ArrayList<>();
    for (LookupSet set : sets) {
      elements.addAll(ElementCodec.decode(set, nft.elements(Ruleset.TABLE.set(set.setName()))));
    }
    return elements;
  }
}
