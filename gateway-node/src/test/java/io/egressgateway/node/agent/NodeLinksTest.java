package io.egressgateway.node.agent;

import static org.assertj.core.api.Assertions.assertThat;

import io.egressgateway.core.model.IpAddress;
import io.egressgateway.core.model.IpFamily;
import io.egressgateway.core.model.LinkPattern;
import io.egressgateway.core.model.MacAddress;
import io.egressgateway.node.kernel.AddressMark;
import io.egressgateway.node.kernel.Marks;
import io.egressgateway.node.kernel.Uplink.Network;
import io.egressgateway.node.netlink.wire.route.Address;
import io.egressgateway.node.netlink.wire.route.AddressFlag;
import io.egressgateway.node.netlink.wire.route.AddressLifetime;
import io.egressgateway.node.netlink.wire.route.Link;
import io.egressgateway.node.netlink.wire.route.LinkFlag;
import io.egressgateway.node.netlink.wire.route.LinkKind;
import io.egressgateway.node.netlink.wire.route.LinkName;
import io.egressgateway.node.netlink.wire.route.Scope;
import java.util.EnumSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import org.junit.jupiter.api.Test;

final class NodeLinksTest {
  private static final Set<LinkFlag> UP =
      EnumSet.of(LinkFlag.UP, LinkFlag.BROADCAST, LinkFlag.MULTICAST);
  private static final Link ETH0 = link(2, "eth0", UP);
  private static final Address OF_ETH0 = Address.of(2, IpAddress.of("10.6.168.12"), 24);
  private static final Address SECOND = Address.of(3, IpAddress.of("10.7.0.12"), 24);

  private static Link link(int index, String name, Set<LinkFlag> flags) {
    return new Link(
        index,
        LinkName.of(name),
        new LinkKind.Other("veth"),
        new TreeSet<>(flags),
        Optional.of(new MacAddress(index)),
        1500,
        OptionalInt.empty(),
        OptionalInt.empty(),
        Optional.empty());
  }

  private static Link of(Link link, OptionalInt master, Optional<String> alias) {
    return new Link(
        link.index(),
        link.name(),
        link.kind(),
        link.flags(),
        link.mac(),
        link.mtu(),
        master,
        link.peer(),
        alias);
  }

  /** Names of the links whose networks count, beside the uplink {@code eth0}. */
  private static List<String> links(Link second, Address address, String... excluded) {
    return new NodeLinks(List.of(ETH0, second), List.of(OF_ETH0, address), AddressMark.PROTOCOL)
        .networks(ETH0, Set.of(excluded).stream().map(LinkPattern::new).toList()).stream()
            .map(Network::port)
            .map(port -> port.name())
            .toList();
  }

  @Test
  void aSecondLinkWithANetworkCounts() {
    assertThat(links(link(3, "eth1", UP), SECOND)).containsExactly("eth0", "eth1");
    assertThat(links(link(3, "eth1", UP), Address.of(3, IpAddress.of("fd07::12"), 64)))
        .containsExactly("eth0", "eth1");
  }

  @Test
  void anExcludedLinkDoesNotCountUnlessItIsTheUplink() {
    assertThat(links(link(3, "br-1a", UP), SECOND, "br-*")).containsExactly("eth0");
    assertThat(links(link(3, "br-1a", UP), SECOND, "br")).containsExactly("eth0", "br-1a");
    assertThat(links(link(3, "eth1", UP), SECOND, "eth0")).containsExactly("eth0", "eth1");
  }

  @Test
  void aLinkThatCannotAnswerDoesNotCount() {
    assertThat(links(link(3, "eth1", EnumSet.of(LinkFlag.BROADCAST)), SECOND))
        .as("down")
        .containsExactly("eth0");
    for (LinkFlag flag : List.of(LinkFlag.LOOPBACK, LinkFlag.NO_ARP, LinkFlag.POINT_TO_POINT)) {
      assertThat(links(link(3, "eth1", EnumSet.of(LinkFlag.UP, flag)), SECOND))
          .as("%s", flag)
          .containsExactly("eth0");
    }
    Link eth1 = link(3, "eth1", UP);
    assertThat(links(of(eth1, OptionalInt.of(7), Optional.empty()), SECOND))
        .as("part of another")
        .containsExactly("eth0");
    assertThat(links(of(eth1, OptionalInt.empty(), Optional.of(Marks.LINK_ALIAS)), SECOND))
        .as("our tunnel")
        .containsExactly("eth0");
  }

  @Test
  void anAddressThatTellsNoNetworkDoesNotCount() {
    Link eth1 = link(3, "eth1", UP);
    assertThat(links(eth1, Address.of(3, IpAddress.of("10.7.0.12"), 32))).containsExactly("eth0");
    assertThat(links(eth1, SECOND.withProtocol(Marks.PROTOCOL))).as("ours").containsExactly("eth0");
    assertThat(links(eth1, Address.of(3, IpAddress.of("fe80::1"), 64).withScope(Scope.LINK)))
        .containsExactly("eth0");
  }

  @Test
  void whereProtocolsAreForgottenAnEgressIpIsNoAddressOfTheNode() {
    Address eip =
        Address.of(2, IpAddress.of("10.6.168.201"), 32)
            .with(AddressFlag.NOPREFIXROUTE)
            .withLifetime(AddressLifetime.secondsNotPreferred(3));
    NodeLinks links = new NodeLinks(List.of(ETH0), List.of(OF_ETH0, eip), AddressMark.FORM);
    assertThat(links.holding()).containsExactly(ETH0);
    assertThat(links.addresses(ETH0)).containsExactly(OF_ETH0.ip());
  }

  @Test
  void aLinkThatIsGoneByTheTimeItsAddressIsReadIsLeftOut() {
    assertThat(links(link(4, "eth1", UP), SECOND)).containsExactly("eth0");
  }

  /** Which address of {@code eth0} a new connection over IPv6 leaves with. */
  private static Optional<IpAddress> source(String before, Address... addresses) {
    IpAddress former = IpAddress.of(before);
    return Optional.ofNullable(
        new NodeLinks(List.of(ETH0), List.of(addresses), AddressMark.PROTOCOL)
            .sources(ETH0, new TreeMap<>(Map.of(former.family(), former)))
            .get(IpFamily.IPV6));
  }

  private static Address ipv6(String address) {
    return Address.of(2, IpAddress.of(address), 64);
  }

  @Test
  void aSourceStaysWhileItServes() {
    assertThat(source("::", ipv6("fd06::2"), ipv6("fd06::12"))).contains(IpAddress.of("fd06::2"));
    assertThat(source("fd06::12", ipv6("fd06::2"), ipv6("fd06::12")))
        .contains(IpAddress.of("fd06::12"));
    assertThat(source("fd06::12", ipv6("fd06::2"), ipv6("fd06::3")))
        .contains(IpAddress.of("fd06::2"));
  }

  @Test
  void aSourceThatPassesIsOneIfThereIsNoneBetter() {
    Address temporary = ipv6("fd06::2").with(AddressFlag.SECONDARY);
    Address deprecated = ipv6("fd06::3").withLifetime(AddressLifetime.foreverNotPreferred());
    assertThat(source("fd06::3", temporary, deprecated, ipv6("fd06::12")))
        .contains(IpAddress.of("fd06::12"));
    assertThat(source("::", temporary, deprecated)).contains(IpAddress.of("fd06::2"));
    assertThat(source("fd06::3", temporary, deprecated)).contains(IpAddress.of("fd06::3"));
  }

  @Test
  void anAddressThatOthersMayHaveIsNoSource() {
    for (AddressFlag flag : List.of(AddressFlag.TENTATIVE, AddressFlag.DADFAILED)) {
      assertThat(source("fd06::2", ipv6("fd06::2").with(flag), ipv6("fd06::12")))
          .contains(IpAddress.of("fd06::12"));
      assertThat(source("fd06::2", ipv6("fd06::2").with(flag))).isEmpty();
    }
  }

  @Test
  void eachFamilyHasASourceOfThisLink() {
    assertThat(
            new NodeLinks(
                    List.of(ETH0),
                    List.of(
                        OF_ETH0, SECOND, ipv6("fd06::12"), ipv6("fe80::1").withScope(Scope.LINK)),
                    AddressMark.PROTOCOL)
                .sources(ETH0, new TreeMap<>()))
        .containsExactly(
            Map.entry(IpFamily.IPV4, OF_ETH0.ip()),
            Map.entry(IpFamily.IPV6, IpAddress.of("fd06::12")));
  }
}
