package io.egressgateway.node.netlink;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.egressgateway.core.model.Cidr;
import io.egressgateway.core.model.IpAddress;
import io.egressgateway.core.model.IpFamily;
import io.egressgateway.core.model.MacAddress;
import io.egressgateway.node.netlink.socket.Errno;
import io.egressgateway.node.netlink.socket.NetlinkException;
import io.egressgateway.node.netlink.socket.SocketLimits;
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
import io.egressgateway.node.netlink.wire.route.RouteProtocol;
import io.egressgateway.node.netlink.wire.route.RoutingRule;
import io.egressgateway.node.netlink.wire.route.RoutingTable;
import io.egressgateway.node.netlink.wire.route.RuleSelector;
import io.egressgateway.node.netlink.wire.route.Scope;
import io.egressgateway.node.netlink.wire.route.VxlanFlag;
import io.egressgateway.node.netlink.wire.route.VxlanSettings;
import java.util.List;
import java.util.Optional;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** What is written is what a dump reads back, in a real kernel. */
final class RouteNetlinkIT {
  private static final RouteProtocol OURS = new RouteProtocol(69);
  private static final LinkName UPLINK = LinkName.of("eth0");
  private static final LinkName FAR_END = LinkName.of("far0");
  private static final LinkName TUNNEL = LinkName.of("egress.vxlan");

  private final TestNamespace namespace = new TestNamespace();
  private RouteNetlink netlink = namespace.route();
  private int uplink;

  @BeforeEach
  void upLinks() {
    netlink.changeLink(1, new LinkChange.Up());
    Link created =
        netlink.addLink(
            LinkSpec.veth(UPLINK, FAR_END)
                .with(new LinkChange.Mac(MacAddress.of("02:00:00:00:00:01")))
                .with(new LinkChange.Mtu(1400))
                .with(new LinkChange.Up())
                .withPeer(new LinkChange.Mtu(1400)));
    uplink = created.index();
    netlink.changeLink(netlink.link(FAR_END).orElseThrow().index(), new LinkChange.Up());
  }

  @AfterEach
  void close() {
    netlink.close();
    namespace.close();
  }

  @Test
  void createsAPairOfLinks() {
    Link near = netlink.link(UPLINK).orElseThrow();
    Link far = netlink.link(FAR_END).orElseThrow();
    assertThat(near.kind()).isEqualTo(new LinkKind.Veth());
    assertThat(near.mac()).contains(MacAddress.of("02:00:00:00:00:01"));
    assertThat(near.mtu()).isEqualTo(1400);
    assertThat(near.isUp()).isTrue();
    assertThat(far.isUp()).isTrue();
    assertThat(near.peer()).hasValue(far.index());
    assertThat(netlink.links()).contains(near, far);
  }

  @Test
  void changesALink() {
    Link bridge = netlink.addLink(LinkSpec.bridge(LinkName.of("br0")));
    assertThat(bridge.kind()).isEqualTo(new LinkKind.Bridge());
    netlink.changeLink(
        uplink, new LinkChange.Master(bridge.index()), new LinkChange.Alias("to the router"));
    Link changed = netlink.link(UPLINK).orElseThrow();
    assertThat(changed.master()).hasValue(bridge.index());
    assertThat(changed.alias()).contains("to the router");
    netlink.changeLink(uplink, new LinkChange.NoMaster(), new LinkChange.Down());
    assertThat(netlink.link(UPLINK).orElseThrow().master()).isEmpty();
    assertThat(netlink.link(UPLINK).orElseThrow().isUp()).isFalse();
    netlink.deleteLink(bridge.index());
    assertThat(netlink.link(LinkName.of("br0"))).isEmpty();
  }

  @Test
  void createsAVxlanTunnelThatCarriesMarks() {
    Link tunnel = addTunnel();
    assertThat(tunnel.kind()).isEqualTo(new LinkKind.Vxlan(settings()));
    assertThat(tunnel.mac()).contains(MacAddress.of("66:00:00:00:00:0b"));
    assertThat(tunnel.mtu()).isEqualTo(1350);
  }

  private VxlanSettings settings() {
    return VxlanSettings.of(100, 7789)
        .withLocal(IpAddress.of("10.6.168.11"))
        .withLowerLink(uplink)
        .withTtl(64)
        .with(VxlanFlag.GBP);
  }

  private Link addTunnel() {
    return netlink.addLink(
        LinkSpec.vxlan(TUNNEL, settings())
            .with(new LinkChange.Mac(MacAddress.of("66:00:00:00:00:0b")))
            .with(new LinkChange.Mtu(1350))
            .with(new LinkChange.Up()));
  }

  @Test
  void createsAVxlanTunnelOverIpv6() {
    VxlanSettings settings =
        VxlanSettings.of(7, 4789).withLocal(IpAddress.of("fd00::1")).with(VxlanFlag.LEARNING);
    assertThat(netlink.addLink(LinkSpec.vxlan(TUNNEL, settings)).kind())
        .isEqualTo(new LinkKind.Vxlan(settings));
  }

  @Test
  void movesALinkToAnotherNamespace() {
    try (TestNamespace other = new TestNamespace();
        var there = other.namespace().open();
        RouteNetlink otherNetlink = other.route()) {
      netlink.changeLink(
          netlink.link(FAR_END).orElseThrow().index(), new LinkChange.Namespace(there.fd()));
      assertThat(netlink.link(FAR_END)).isEmpty();
      assertThat(otherNetlink.link(FAR_END)).isPresent();
    }
  }

  @Test
  void readsBackAddresses() {
    Address v4 =
        Address.of(uplink, IpAddress.of("10.6.168.201"), 32)
            .with(AddressFlag.NOPREFIXROUTE)
            .withProtocol(69);
    Address v6 =
        Address.of(uplink, IpAddress.of("fd00::201"), 128)
            .with(AddressFlag.NOPREFIXROUTE)
            .with(AddressFlag.NODAD)
            .withProtocol(69)
            .withLifetime(AddressLifetime.foreverNotPreferred());
    Address link = Address.of(uplink, IpAddress.of("10.6.168.11"), 24).withScope(Scope.LINK);
    Address notPreferred =
        Address.of(uplink, IpAddress.of("10.6.168.203"), 32)
            .with(AddressFlag.NOPREFIXROUTE)
            .withLifetime(AddressLifetime.foreverNotPreferred());
    netlink.addAddress(v4);
    netlink.addAddress(notPreferred);
    netlink.addAddress(v6);
    netlink.addAddress(link);
    assertThat(netlink.addresses(IpFamily.IPV4)).contains(v4, notPreferred, link);
    assertThat(netlink.addresses(IpFamily.IPV6)).contains(v6);
    assertThatThrownBy(() -> netlink.addAddress(v4))
        .isInstanceOfSatisfying(
            NetlinkException.class, e -> assertThat(e.errno()).isEqualTo(Errno.EEXIST));
    netlink.deleteAddress(v4);
    assertThat(netlink.addresses(IpFamily.IPV4)).doesNotContain(v4);
  }

  @Test
  void leasesAnAddress() {
    Address leased =
        Address.of(uplink, IpAddress.of("10.6.168.202"), 32)
            .with(AddressFlag.NOPREFIXROUTE)
            .withLifetime(AddressLifetime.seconds(1000));
    netlink.replaceAddress(leased);
    netlink.replaceAddress(leased.withLifetime(AddressLifetime.seconds(2000)));
    assertThat(netlink.addresses(IpFamily.IPV4))
        .filteredOn(address -> address.ip().equals(leased.ip()))
        .singleElement()
        .satisfies(
            address ->
                assertThat(address.lifetime().validSeconds().orElseThrow())
                    .isBetween(1900L, 2000L));
  }

  @Test
  void extendsAnAddressAndNeverAddsOne() {
    for (String ip : List.of("10.6.168.203", "fd00::203")) {
      IpAddress address = IpAddress.of(ip);
      Address leased =
          Address.of(uplink, address, address.family().bits())
              .with(AddressFlag.NOPREFIXROUTE)
              .withProtocol(69)
              .withLifetime(AddressLifetime.secondsNotPreferred(1000));
      Address longer = leased.withLifetime(AddressLifetime.secondsNotPreferred(2000));
      netlink.addAddress(leased);
      assertThat(netlink.extendAddresses(List.of(longer))).isEmpty();
      assertThat(netlink.addresses(address.family()))
          .filteredOn(read -> read.ip().equals(address))
          .singleElement()
          .satisfies(
              read -> {
                assertThat(read.lifetime().validSeconds().orElseThrow()).isBetween(1900L, 2000L);
                assertThat(read.protocol()).hasValue(69);
                assertThat(read.flags()).contains(AddressFlag.NOPREFIXROUTE);
              });
      Address forEver = leased.withLifetime(AddressLifetime.foreverNotPreferred());
      assertThat(netlink.extendAddresses(List.of(forEver, longer))).isEmpty();
      netlink.deleteAddress(leased);
      assertThat(netlink.extendAddresses(List.of(longer, forEver)))
          .extracting(refused -> refused.reason().errno())
          .containsExactly(Errno.EINVAL, Errno.EINVAL);
      assertThat(netlink.addresses(address.family())).noneMatch(read -> read.ip().equals(address));
    }
  }

  @Test
  void readsBackNeighboursAndForwarding() {
    int tunnel = addTunnel().index();
    MacAddress peer = MacAddress.of("66:00:00:00:00:0c");
    Neighbour v4 = Neighbour.permanent(tunnel, IpAddress.of("172.31.0.12"), peer);
    Neighbour v6 = Neighbour.permanent(tunnel, IpAddress.of("fd11::c"), peer);
    netlink.replaceNeighbour(v4);
    netlink.replaceNeighbour(v6);
    assertThat(netlink.neighbours(IpFamily.IPV4)).contains(v4);
    assertThat(netlink.neighbours(IpFamily.IPV6)).contains(v6);
    netlink.deleteNeighbour(v4);
    assertThat(netlink.neighbours(IpFamily.IPV4)).doesNotContain(v4);

    ForwardingEntry first = ForwardingEntry.of(tunnel, peer, IpAddress.of("10.6.168.12"));
    ForwardingEntry second = ForwardingEntry.of(tunnel, peer, IpAddress.of("10.6.168.13"));
    netlink.appendForwarding(first);
    assertThat(netlink.forwarding(tunnel)).containsExactly(first);
    netlink.replaceForwarding(second);
    assertThat(netlink.forwarding(tunnel)).containsExactly(second);
    netlink.deleteForwarding(second);
    assertThat(netlink.forwarding(tunnel)).isEmpty();
  }

  @Test
  void readsBackRoutes() {
    netlink.addAddress(Address.of(uplink, IpAddress.of("10.6.168.11"), 24));
    RoutingTable table = RoutingTable.ofBits(0x26010015);
    List<Route> v4 =
        List.of(
            Route.to(
                    Cidr.everything(IpFamily.IPV4),
                    NextHop.onlink(IpAddress.of("172.31.0.21"), uplink))
                .in(table)
                .by(OURS),
            Route.to(Cidr.of("10.1.0.0/16"), NextHop.device(uplink)).in(table).by(OURS),
            Route.to(Cidr.of("10.2.0.0/16"), NextHop.via(IpAddress.of("10.6.168.1"), uplink))
                .in(table)
                .by(OURS)
                .withMetric(50)
                .withPreferredSource(IpAddress.of("10.6.168.11")),
            Route.to(Cidr.of("10.4.0.0/16"), NextHop.onlink(IpAddress.of("fe80::1"), uplink))
                .in(table)
                .by(OURS),
            Route.blackhole(Cidr.of("10.3.0.0/16")).in(table).by(OURS));
    List<Route> v6 =
        List.of(
            Route.to(
                    Cidr.everything(IpFamily.IPV6),
                    NextHop.onlink(IpAddress.of("fd11::15"), uplink))
                .in(table)
                .by(OURS),
            Route.to(Cidr.of("fd00:1::/64"), NextHop.device(uplink)).in(table).by(OURS),
            Route.blackhole(Cidr.of("fd00:2::/64")).in(table).by(OURS));
    v4.forEach(netlink::addRoute);
    v6.forEach(netlink::replaceRoute);
    assertThat(netlink.routes(IpFamily.IPV4, table)).containsExactlyInAnyOrderElementsOf(v4);
    assertThat(netlink.routes(IpFamily.IPV6, table)).containsExactlyInAnyOrderElementsOf(v6);
    assertThat(netlink.routes(IpFamily.IPV4, OURS)).containsExactlyInAnyOrderElementsOf(v4);
    assertThat(netlink.routes(IpFamily.IPV6, OURS)).containsExactlyInAnyOrderElementsOf(v6);
    v4.forEach(netlink::deleteRoute);
    v6.forEach(netlink::deleteRoute);
    assertThat(netlink.routes(IpFamily.IPV4, OURS)).isEmpty();
    assertThat(netlink.routes(IpFamily.IPV6, OURS)).isEmpty();
    assertThat(netlink.routes(IpFamily.IPV4, new RoutingTable(4711))).isEmpty();
  }

  @Test
  void readsBackRules() {
    for (IpFamily family : IpFamily.values()) {
      RoutingTable table = RoutingTable.ofBits(0x26010015);
      RoutingRule marked =
          RoutingRule.lookup(family, 99, RuleSelector.mark(FirewallMark.exactly(0x26010015)), table)
              .by(OURS);
      RoutingRule masked =
          RoutingRule.lookup(
              family, 98, RuleSelector.mark(new FirewallMark(0x27000000, 0xff000000)), table);
      RoutingRule from =
          RoutingRule.lookup(
              family,
              97,
              new RuleSelector(
                  Optional.of(Cidr.of(family == IpFamily.IPV4 ? "10.0.0.0/8" : "fd00::/8")),
                  Optional.empty(),
                  Optional.empty(),
                  Optional.of(UPLINK)),
              RoutingTable.MAIN);
      netlink.addRule(marked);
      netlink.addRule(masked);
      netlink.addRule(from);
      assertThat(netlink.rules(family)).contains(marked, masked, from);
      netlink.deleteRule(marked);
      assertThat(netlink.rules(family)).doesNotContain(marked).contains(masked, from);
    }
  }

  @Test
  void errorsNameTheOperationAndTheKernelsReason() {
    assertThatThrownBy(
            () ->
                netlink.addRoute(
                    Route.to(Cidr.of("10.9.0.0/16"), NextHop.via(IpAddress.of("1.2.3.4"), uplink))))
        .isInstanceOf(NetlinkException.class)
        .hasMessageContaining("add route 10.9.0.0/16 of table 254")
        .hasMessageContaining("ENETUNREACH")
        .hasMessageContaining("Nexthop has invalid gateway");
  }

  @Test
  void ofManyAddressesOnlyThoseAreRefusedThatHaveToBe() {
    netlink.addAddress(egressIp(2));

    List<RefusedAddress> refused =
        netlink.addAddresses(List.of(egressIp(1), egressIp(2), egressIp(3)));

    assertThat(refused).extracting(RefusedAddress::address).containsExactly(egressIp(2));
    assertThat(refused).extracting(one -> one.reason().errno()).containsExactly(Errno.EEXIST);
    assertThat(netlink.addresses(IpFamily.IPV4))
        .extracting(Address::ip)
        .contains(egressIp(1).ip(), egressIp(2).ip(), egressIp(3).ip());
  }

  @Test
  void moreRefusalsThanHaveRoomAreAFailureOfAllAndTheSocketGoesOn() {
    List<Address> many = IntStream.rangeClosed(1, 250).mapToObj(this::egressIp).toList();
    netlink.addAddresses(many);

    try (RouteNetlink cramped =
        namespace
            .namespace()
            .run(() -> RouteNetlink.open(SocketLimits.REQUESTS.withReceiveBufferBytes(1 << 12)))) {
      assertThatThrownBy(() -> cramped.addAddresses(many))
          .isInstanceOfSatisfying(
              NetlinkException.class, e -> assertThat(e.errno()).isEqualTo(Errno.ENOBUFS));

      // What is left of the answers to that request is of no other one.
      assertThat(cramped.deleteAddresses(List.of(egressIp(1)))).isEmpty();
      assertThat(cramped.deleteAddresses(List.of(egressIp(1))))
          .extracting(one -> one.reason().errno())
          .containsExactly(Errno.EADDRNOTAVAIL);
    }
  }

  private Address egressIp(int host) {
    return Address.of(uplink, IpAddress.of("10.6.168." + host), 32);
  }
}
