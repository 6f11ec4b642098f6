package io.egressgateway.node.agent;

import io.egressgateway.core.model.IpAddress;
import io.egressgateway.core.model.IpFamily;
import io.egressgateway.node.kernel.BackstopRule;
import io.egressgateway.node.kernel.Element;
import io.egressgateway.node.kernel.ForwardChain;
import io.egressgateway.node.kernel.KernelChange;
import io.egressgateway.node.kernel.KernelFault;
import io.egressgateway.node.kernel.KernelObject;
import io.egressgateway.node.kernel.KernelObject.HeldAddress;
import io.egressgateway.node.kernel.KernelObject.Tunnel;
import io.egressgateway.node.kernel.LookupSet;
import io.egressgateway.node.kernel.Marks;
import io.egressgateway.node.kernel.Refusals;
import io.egressgateway.node.kernel.Ruleset;
import io.egressgateway.node.netlink.NftBatch;
import io.egressgateway.node.netlink.NftNetlink;
import io.egressgateway.node.netlink.RouteNetlink;
import io.egressgateway.node.netlink.socket.NetlinkException;
import io.egressgateway.node.netlink.wire.nft.NftRule;
import io.egressgateway.node.netlink.wire.nft.SetElement;
import io.egressgateway.node.netlink.wire.nft.SetId;
import io.egressgateway.node.netlink.wire.route.Address;
import io.egressgateway.node.netlink.wire.route.AddressFlag;
import io.egressgateway.node.netlink.wire.route.AddressLifetime;
import io.egressgateway.node.netlink.wire.route.FirewallMark;
import io.egressgateway.node.netlink.wire.route.ForwardingEntry;
import io.egressgateway.node.netlink.wire.route.Link;
import io.egressgateway.node.netlink.wire.route.LinkChange;
import io.egressgateway.node.netlink.wire.route.LinkKind;
import io.egressgateway.node.netlink.wire.route.LinkName;
import io.egressgateway.node.netlink.wire.route.LinkSpec;
import io.egressgateway.node.netlink.wire.route.Neighbour;
import io.egressgateway.node.netlink.wire.route.NextHop;
import io.egressgateway.node.netlink.wire.route.Route;
import io.egressgateway.node.netlink.wire.route.RoutingRule;
import io.egressgateway.node.netlink.wire.route.RoutingTable;
import io.egressgateway.node.netlink.wire.route.RuleSelector;
import io.egressgateway.node.netlink.wire.route.VxlanFlag;
import io.egressgateway.node.netlink.wire.route.VxlanSettings;
import java.util.ArrayList;
import java.util.Collection;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.function.Function;
import java.util.stream.Collectors;

/** Carries out changes. What it makes bears our marks. */
final class KernelWriter {
  private final RouteNetlink routing;
  private final NftNetlink nft;
  private final Settings settings;
  private final EgressIpWriter egressIps;
  private final NumberChange numbers;

  /**
   * @param flows that get other marks when the numbers change
   * @param firstLifetime of an egress IP when it is put on the uplink; the fence extends it
   */
  KernelWriter(
      RouteNetlink routing,
      NftNetlink nft,
      TrackedFlows flows,
      Settings settings,
      AddressLifetime firstLifetime) {
    this.numbers = new NumberChange(routing, nft, flows);
    this.routing = routing;
    this.nft = nft;
    this.settings = settings;
    this.egressIps =
        new EgressIpWriter(
            this::index, routing::addAddresses, routing::deleteAddresses, firstLifetime);
  }

  /**
   * In order; egress IPs of a family that come one after the other, or go, do so in one piece.
   *
   * @return the first refusal of what the rest can do without
   * @throws KernelFault at the first refusal of anything else
   */
  Optional<KernelFault> apply(List<KernelChange> changes) throws KernelFault {
    Refusals refusals = new Refusals();
    int done = 0;
    while (done < changes.size()) {
      List<KernelChange> rest = changes.subList(done, changes.size());
      List<HeldAddress> coming = run(rest, KernelWriter::coming);
      List<HeldAddress> going = run(rest, KernelWriter::going);
      try {
        if (coming.size() > 1) {
          egressIps.put(coming);
        } else if (going.size() > 1) {
          egressIps.remove(going);
        } else if (!refusals.holdBack(rest.getFirst())) {
          apply(rest.getFirst());
        }
      } catch (KernelFault refused) {
        refusals.note(rest.getFirst(), refused);
      }
      done += Math.max(1, coming.size() + going.size());
    }
    return refusals.first();
  }

  /** What the first changes are, up to one that is something else, or of another family. */
  private static List<HeldAddress> run(
      List<KernelChange> changes, Function<KernelChange, Optional<HeldAddress>> egressIp) {
    List<HeldAddress> run = new ArrayList<>();
    for (KernelChange change : changes) {
      Optional<HeldAddress> next = egressIp.apply(change);
      if (next.isEmpty() || run.size() == EgressIpWriter.PIECE_MAX || !fits(next.get(), run)) {
        break;
      }
      run.add(next.get());
    }
    return run;
  }

  private static boolean fits(HeldAddress next, List<HeldAddress> run) {
    return run.isEmpty() || run.getFirst().address().family() == next.address().family();
  }

  private static Optional<HeldAddress> coming(KernelChange change) {
    return change instanceof KernelChange.Put(HeldAddress address)
        ? Optional.of(address)
        : Optional.empty();
  }

  private static Optional<HeldAddress> going(KernelChange change) {
    return change instanceof KernelChange.Remove(HeldAddress address)
        ? Optional.of(address)
        : Optional.empty();
  }

  private void apply(KernelChange change) throws KernelFault {
    try {
      switch (change) {
        case KernelChange.Put(var object) -> put(object);
        case KernelChange.Remove(var object) -> remove(object);
        case KernelChange.Set(var path, var value) -> settings.write(path, value);
        case KernelChange.ReplaceTable(var ruleset, var elements) -> replace(ruleset, elements);
        case KernelChange.RemoveTable ignored ->
            nft.commit(new NftBatch().deleteTable(Ruleset.TABLE));
        case KernelChange.UpdateElements(var removed, var added) -> update(removed, added);
      }
    } catch (NetlinkException refused) {
      throw new KernelFault(
          change.operation(), change.subject(), String.valueOf(refused.getMessage()));
    }
  }

  private void put(KernelObject object) throws KernelFault {
    switch (object) {
      case Tunnel tunnel -> putTunnel(tunnel);
      case KernelObject.TunnelAddress address ->
          routing.addAddress(
              address(index(address.device()), address.address(), address.prefixLength()));
      case HeldAddress address -> egressIps.put(List.of(address));
      case KernelObject.Neighbour neighbour -> routing.replaceNeighbour(neighbour(neighbour));
      case KernelObject.Forwarding forwarding -> routing.replaceForwarding(forwarding(forwarding));
      case KernelObject.Route route -> putRoute(route);
      case KernelObject.RoutingRule rule -> routing.addRule(rule(rule));
      case KernelObject.TunnelBackstop rule -> routing.addRule(rule(rule));
      case KernelObject.ForwardAcceptance acceptance -> putAcceptance(acceptance);
    }
  }

  private void remove(KernelObject object) throws KernelFault {
    switch (object) {
      case Tunnel tunnel -> routing.deleteLink(index(tunnel.device()));
      case KernelObject.TunnelAddress address ->
          routing.deleteAddress(
              address(index(address.device()), address.address(), address.prefixLength()));
      case HeldAddress address -> egressIps.remove(List.of(address));
      case KernelObject.Neighbour neighbour -> routing.deleteNeighbour(neighbour(neighbour));
      case KernelObject.Forwarding forwarding -> routing.deleteForwarding(forwarding(forwarding));
      case KernelObject.Route route -> routing.deleteRoute(route(route));
      case KernelObject.RoutingRule rule -> routing.deleteRule(rule(rule));
      case KernelObject.TunnelBackstop rule -> routing.deleteRule(rule(rule));
      case KernelObject.ForwardAcceptance acceptance ->
          KernelReader.forwardChain(nft, acceptance.family())
              .ifPresent(chain -> nft.commit(withoutAcceptance(chain)));
    }
  }

  private void putTunnel(Tunnel tunnel) throws KernelFault {
    Optional<Link> existing = routing.link(LinkName.of(tunnel.device()));
    Link link;
    if (existing.isEmpty()) {
      refuseCollisions(tunnel);
      link = routing.addLink(spec(tunnel));
    } else if (isOursOrHalfMade(existing.get(), tunnel)) {
      link = existing.get();
    } else {
      throw new KernelFault(
          "put",
          tunnel.key().identity(),
          "a device of this name exists and has not the alias '"
              + Marks.LINK_ALIAS
              + "': it is somebody else's; rename or remove it");
    }
    LinkChange state =
        switch (tunnel.operation().state()) {
          case UP -> new LinkChange.Up();
          case DOWN -> new LinkChange.Down();
        };
    List<LinkChange> changes = new ArrayList<>();
    changes.add(new LinkChange.Alias(Marks.LINK_ALIAS));
    if (!link.mac().equals(Optional.of(tunnel.mac()))) {
      // Even the same once more would make the kernel forget the neighbours.
      changes.add(new LinkChange.Mac(tunnel.mac()));
    }
    changes.add(new LinkChange.Mtu(tunnel.operation().mtu()));
    changes.add(state);
    routing.changeLink(link.index(), changes.toArray(new LinkChange[0]));
  }

  /** Looked for when the device is made: at the start, and after somebody removed it. */
  private void refuseCollisions(Tunnel tunnel) throws KernelFault {
    List<String> collisions =
        Collisions.ofLinks(routing.links(), tunnel.device(), tunnel.outer().header());
    if (!collisions.isEmpty()) {
      throw new KernelFault("put", tunnel.key().identity(), String.join("; ", collisions));
    }
  }

  /** The alias comes after the device: an agent that was killed in between finds one without. */
  private boolean isOursOrHalfMade(Link link, Tunnel tunnel) throws KernelFault {
    return KernelReader.isOurs(link)
        || (link.alias().isEmpty()
            && !link.isUp()
            && link.mac().equals(Optional.of(tunnel.mac()))
            && link.kind() instanceof LinkKind.Vxlan(var found)
            && found.vni() == tunnel.outer().header().vni()
            && found.port() == tunnel.outer().header().port());
  }

  private LinkSpec spec(Tunnel tunnel) throws KernelFault {
    Tunnel.Outer outer = tunnel.outer();
    VxlanSettings plain =
        VxlanSettings.of(outer.header().vni(), outer.header().port())
            .withLowerLink(index(outer.uplink()));
    VxlanSettings vxlan = outer.local().map(plain::withLocal).orElse(plain);
    VxlanSettings extended =
        switch (outer.header().extension()) {
          case NONE -> vxlan;
          case GROUP_POLICY -> vxlan.with(VxlanFlag.GBP);
        };
    return LinkSpec.vxlan(LinkName.of(tunnel.device()), extended)
        .with(new LinkChange.Mac(tunnel.mac()))
        .with(new LinkChange.Mtu(tunnel.operation().mtu()));
  }

  private int index(String link) throws KernelFault {
    return routing
        .link(LinkName.of(link))
        .map(Link::index)
        .orElseThrow(() -> new KernelFault("find", "link " + link, "there is no such link"));
  }

  static Address address(int link, IpAddress ip, int prefixLength) {
    Address address = Address.of(link, ip, prefixLength).withProtocol(Marks.PROTOCOL);
    return ip.family() == IpFamily.IPV6 ? address.with(AddressFlag.NODAD) : address;
  }

  private Neighbour neighbour(KernelObject.Neighbour neighbour) throws KernelFault {
    return Neighbour.permanent(index(neighbour.device()), neighbour.address(), neighbour.mac());
  }

  private ForwardingEntry forwarding(KernelObject.Forwarding forwarding) throws KernelFault {
    return ForwardingEntry.of(index(forwarding.device()), forwarding.mac(), forwarding.underlay());
  }

  /** To replace a route of others would be to take it from them. */
  private void putRoute(KernelObject.Route route) throws KernelFault {
    List<String> collisions =
        Collisions.ofRoutes(
            routing
                .routes(route.destination().family(), RoutingTable.ofBits(route.table()))
                .stream()
                .filter(other -> other.destination().equals(route.destination()))
                .toList());
    if (!collisions.isEmpty()) {
      throw new KernelFault("put", route.key().identity(), String.join("; ", collisions));
    }
    routing.replaceRoute(route(route));
  }

  private Route route(KernelObject.Route route) throws KernelFault {
    int link = index(route.device());
    NextHop nextHop =
        route
            .gateway()
            .map(gateway -> NextHop.onlink(gateway, link))
            .orElseGet(() -> NextHop.device(link));
    return Route.to(route.destination(), nextHop)
        .in(RoutingTable.ofBits(route.table()))
        .by(KernelReader.PROTOCOL);
  }

  private static RoutingRule rule(KernelObject.RoutingRule rule) {
    return RoutingRule.lookup(
            rule.family(),
            rule.priority(),
            RuleSelector.mark(FirewallMark.exactly(rule.mark())),
            RoutingTable.ofBits(rule.table()))
        .by(KernelReader.PROTOCOL);
  }

  private static RoutingRule rule(KernelObject.TunnelBackstop rule) {
    return BackstopRule.of(rule.family(), LinkName.of(rule.device()));
  }

  /** One of an earlier day may stand where nothing gets any more. */
  private void putAcceptance(KernelObject.ForwardAcceptance wanted) {
    KernelReader.forwardChain(nft, wanted.family())
        .ifPresent(
            chain -> {
              NftBatch batch = withoutAcceptance(chain);
              NftRule rule = chain.acceptance(wanted.mark(), wanted.mask());
              chain
                  .lastWord()
                  .ifPresentOrElse(
                      last -> batch.insertRuleBefore(rule, last.handle()),
                      () -> batch.appendRule(rule));
              nft.commit(batch);
            });
  }

  private static NftBatch withoutAcceptance(ForwardChain chain) {
    NftBatch batch = new NftBatch();
    chain.ours().forEach(ours -> batch.deleteRule(chain.chain().chain().id(), ours.handle()));
    return batch;
  }

  private void replace(Ruleset ruleset, List<Element> elements) throws KernelFault {
    NftBatch batch = new NftBatch().replaceTable(ruleset.table());
    ruleset.sets().forEach(batch::addSet);
    bySet(elements).forEach(batch::addElements);
    ruleset.chains().forEach(batch::addChain);
    ruleset.rules().forEach(batch::appendRule);
    numbers.carryOut(batch, ruleset.numbers());
  }

  private void update(List<Element> removed, List<Element> added) {
    NftBatch batch = new NftBatch();
    bySet(removed).forEach(batch::deleteElements);
    bySet(added).forEach(batch::addElements);
    nft.commit(batch);
  }

  private static SortedMap<SetId, List<SetElement>> bySet(Collection<Element> elements) {
    Map<LookupSet, List<Element>> ofSets =
        elements.stream()
            .collect(
                Collectors.groupingBy(
                    Element::set, () -> new EnumMap<>(LookupSet.class), Collectors.toList()));
    SortedMap<SetId, List<SetElement>> bySet = new TreeMap<>();
    ofSets.forEach(
        (set, itsElements) ->
            bySet.put(Ruleset.TABLE.set(set.setName()), ElementCodec.encode(itsElements)));
    return bySet;
  }
}
