package io.egressgateway.node.netlink.wire;

import io.egressgateway.core.model.Cidr;
import io.egressgateway.core.model.IpAddress;
import io.egressgateway.core.model.IpFamily;
import io.egressgateway.core.model.Ipv4Address;
import io.egressgateway.core.model.Ipv6Address;
import io.egressgateway.core.model.MacAddress;
import io.egressgateway.node.netlink.wire.route.Address;
import io.egressgateway.node.netlink.wire.route.AddressFlag;
import io.egressgateway.node.netlink.wire.route.AddressLifetime;
import io.egressgateway.node.netlink.wire.route.FirewallMark;
import io.egressgateway.node.netlink.wire.route.ForwardingEntry;
import io.egressgateway.node.netlink.wire.route.LinkName;
import io.egressgateway.node.netlink.wire.route.Neighbour;
import io.egressgateway.node.netlink.wire.route.NeighbourState;
import io.egressgateway.node.netlink.wire.route.NextHop;
import io.egressgateway.node.netlink.wire.route.Route;
import io.egressgateway.node.netlink.wire.route.RouteProtocol;
import io.egressgateway.node.netlink.wire.route.RouteType;
import io.egressgateway.node.netlink.wire.route.RoutingRule;
import io.egressgateway.node.netlink.wire.route.RoutingTable;
import io.egressgateway.node.netlink.wire.route.RuleAction;
import io.egressgateway.node.netlink.wire.route.RuleSelector;
import io.egressgateway.node.netlink.wire.route.Scope;
import io.egressgateway.node.netlink.wire.route.VxlanFlag;
import io.egressgateway.node.netlink.wire.route.VxlanSettings;
import java.util.Arrays;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.OptionalLong;
import java.util.SortedSet;
import java.util.SplittableRandom;
import java.util.TreeSet;
import java.util.function.Supplier;

/** Values chosen by a seed. */
final class Generator {
  private final SplittableRandom random;

  Generator(long seed) {
    random = new SplittableRandom(seed);
  }

  int below(int bound) {
    return random.nextInt(bound);
  }

  int anyInt() {
    return random.nextInt();
  }

  long u32() {
    return random.nextLong(0x1_0000_0000L);
  }

  int index() {
    return 1 + below(100_000);
  }

  <T> Optional<T> maybe(Supplier<T> value) {
    return random.nextBoolean() ? Optional.of(value.get()) : Optional.empty();
  }

  <E extends Enum<E>> E anyOf(Class<E> type) {
    E[] constants = type.getEnumConstants();
    return constants[below(constants.length)];
  }

  <E extends Enum<E>> SortedSet<E> someOf(Class<E> type) {
    SortedSet<E> some = new TreeSet<>(Arrays.asList(type.getEnumConstants()));
    some.removeIf(constant -> random.nextBoolean());
    return some;
  }

  Bytes bytes(int length) {
    byte[] octets = new byte[length];
    random.nextBytes(octets);
    return Bytes.of(octets);
  }

  String text() {
    StringBuilder text = new StringBuilder("e");
    int length = below(15);
    for (int i = 0; i < length; i++) {
      text.append((char) ('a' + below(26)));
    }
    return text.substring(0, Math.min(text.length(), LinkName.BYTES_MAX));
  }

  IpAddress address(IpFamily family) {
    return switch (family) {
      case IPV4 -> new Ipv4Address(random.nextInt() | 1);
      case IPV6 -> new Ipv6Address(random.nextLong() | 1, random.nextLong());
    };
  }

  MacAddress mac() {
    return new MacAddress(random.nextLong(1L << 48));
  }

  Cidr cidr(IpFamily family) {
    return new Cidr(address(family), below(family.bits() + 1));
  }

  VxlanSettings vxlan() {
    return new VxlanSettings(
        below(1 << 24),
        1 + below(65535),
        maybe(() -> address(anyOf(IpFamily.class))),
        random.nextBoolean() ? OptionalInt.of(index()) : OptionalInt.empty(),
        below(256),
        someOf(VxlanFlag.class));
  }

  Address routedAddress() {
    IpFamily family = anyOf(IpFamily.class);
    return new Address(
        index(),
        address(family),
        below(family.bits() + 1),
        new Scope(below(256)),
        someOf(AddressFlag.class),
        lifetime(),
        random.nextBoolean() ? OptionalInt.of(1 + below(255)) : OptionalInt.empty());
  }

  private AddressLifetime lifetime() {
    return switch (below(4)) {
      case 0 -> AddressLifetime.FOREVER;
      case 1 -> AddressLifetime.seconds(1 + below(1_000_000));
      case 2 -> AddressLifetime.secondsNotPreferred(1 + below(1_000_000));
      default -> new AddressLifetime(OptionalLong.empty(), OptionalLong.of(below(1_000_000)));
    };
  }

  Neighbour neighbour() {
    return new Neighbour(
        index(), address(anyOf(IpFamily.class)), maybe(this::mac), anyOf(NeighbourState.class));
  }

  ForwardingEntry forwarding() {
    return new ForwardingEntry(index(), mac(), maybe(() -> address(anyOf(IpFamily.class))));
  }

  Route route() {
    IpFamily family = anyOf(IpFamily.class);
    RouteType type = anyOf(RouteType.class);
    NextHop nextHop =
        switch (type) {
          case BLACKHOLE, UNREACHABLE, PROHIBIT, THROW -> NextHop.NONE;
          default ->
              new NextHop(
                  maybe(() -> address(anyOf(IpFamily.class))),
                  random.nextBoolean() ? OptionalInt.of(index()) : OptionalInt.empty(),
                  anyOf(NextHop.Reach.class));
        };
    return new Route(
        new RoutingTable(u32()),
        cidr(family),
        type,
        nextHop,
        new Scope(below(256)),
        new RouteProtocol(below(256)),
        maybe(() -> address(family)),
        u32());
  }

  RoutingRule rule() {
    IpFamily family = anyOf(IpFamily.class);
    RuleSelector selector =
        new RuleSelector(
            maybe(() -> new Cidr(address(family), 1 + below(family.bits()))),
            maybe(() -> new Cidr(address(family), 1 + below(family.bits()))),
            maybe(() -> new FirewallMark(anyInt(), anyInt() | 1)),
            maybe(() -> LinkName.of(text())));
    return new RoutingRule(
        family,
        u32(),
        selector,
        anyOf(RuleAction.class),
        new RoutingTable(u32()),
        new RouteProtocol(below(256)));
  }
}
