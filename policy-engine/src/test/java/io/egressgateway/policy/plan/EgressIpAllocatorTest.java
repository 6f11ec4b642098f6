package io.egressgateway.policy.plan;

import static org.assertj.core.api.Assertions.assertThat;

import io.egressgateway.core.model.ClusterDefault;
import io.egressgateway.core.model.EgressGatewaySpec;
import io.egressgateway.core.model.EgressIpRequest;
import io.egressgateway.core.model.FailMode;
import io.egressgateway.core.model.GatewayName;
import io.egressgateway.core.model.IpAddress;
import io.egressgateway.core.model.IpFamily;
import io.egressgateway.core.model.IpPool;
import io.egressgateway.core.model.IpRange;
import io.egressgateway.core.model.Ipv4Address;
import io.egressgateway.core.model.Ipv6Address;
import io.egressgateway.core.model.LabelSelector;
import io.egressgateway.core.model.NodeAddressSlot;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.SortedSet;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

class EgressIpAllocatorTest {
  private static final GatewayName NAME = new GatewayName("default");
  private static final EgressIpRequest DEFAULT = new EgressIpRequest.Default();
  private static final EgressIpRequest NEXT = new EgressIpRequest.RoundRobin();

  @Test
  void theDefaultIsTheLowestAddressUnlessTheGatewayNamesOne() {
    check(pools(spec("10.0.0.1-10.0.0.5", ""), ""), DEFAULT, "10.0.0.1");
    check(
        pools(
            new EgressGatewaySpec(
                pool(IpFamily.IPV4, "10.0.0.1-10.0.0.5"),
                IpPool.empty(IpFamily.IPV6),
                Optional.of(Ipv4Address.of("10.0.0.3")),
                Optional.empty(),
                LabelSelector.everything(),
                ClusterDefault.NO,
                FailMode.CLOSED),
            ""),
        DEFAULT,
        "10.0.0.3");
  }

  @Test
  void theDefaultIsSharedByAll() {
    check(pools(spec("10.0.0.1-10.0.0.5", ""), "10.0.0.1"), DEFAULT, "10.0.0.1");
  }

  @Test
  void aFamilyWithoutPoolGivesNoAddress() {
    check(pools(spec("", "fd00::1-fd00::5"), ""), DEFAULT, "fd00::1");
    check(pools(spec("10.0.0.1-10.0.0.5", "fd00::1-fd00::5"), ""), DEFAULT, "10.0.0.1 fd00::1");
    check(pools(spec("", "fd00::1-fd00::5"), ""), NEXT, "fd00::1");
  }

  @Test
  void roundRobinGivesTheUnusedAddressAfterTheLast() {
    EgressGatewaySpec spec = spec("10.0.0.1-10.0.0.4", "");

    check(pools(spec, ""), NEXT, "10.0.0.1");
    check(pools(spec, "10.0.0.1", "10.0.0.1"), NEXT, "10.0.0.2");
    check(pools(spec, "10.0.0.1 10.0.0.3", "10.0.0.2"), NEXT, "10.0.0.4");
    check(pools(spec, "10.0.0.4", "10.0.0.4"), NEXT, "10.0.0.1");
    check(pools(spec, "10.0.0.1 10.0.0.2 10.0.0.4", "10.0.0.3"), NEXT, "10.0.0.3");
  }

  @Test
  void inALargePoolTheFirstTakeTurnsUnlessAllOfThemAreInUse() {
    EgressGatewaySpec spec = spec("10.0.0.0-10.0.255.255", "");

    check(pools(spec, "10.0.15.254", "10.0.15.254"), NEXT, "10.0.15.255");
    check(pools(spec, "10.0.0.0 10.0.15.255", "10.0.15.255"), NEXT, "10.0.0.1");
    String all =
        IntStream.range(0, EgressIpAllocator.ROUND_MAX.intValue())
            .mapToObj(i -> "10.0." + i / 256 + "." + i % 256)
            .collect(Collectors.joining(" "));
    check(pools(spec, all, "10.0.15.255"), NEXT, "10.0.16.0");
  }

  @Test
  void anExhaustedPoolSaysWhatToDo() {
    checkRefused(
        pools(spec("10.0.0.1-10.0.0.2", ""), "10.0.0.1 10.0.0.2", "10.0.0.2"),
        NEXT,
        Refusal.POOL_EXHAUSTED,
        "all 2 addresses in spec.ippools.ipv4 of EgressGateway default are taken; add addresses, or"
            + " share one by spec.egressIP.allocatorPolicy: default");
  }

  @Test
  void anExplicitAddressMustBeInThePool() {
    EgressGatewaySpec spec = spec("10.0.0.1-10.0.0.4", "");

    check(pools(spec, "10.0.0.2"), explicit("10.0.0.2"), "10.0.0.2");
    checkRefused(
        pools(spec, ""),
        explicit("10.0.0.9"),
        Refusal.EGRESS_IP_NOT_IN_POOL,
        "spec.egressIP.ipv4: 10.0.0.9 is not in the pool of EgressGateway default; name an address"
            + " of [10.0.0.1-10.0.0.4], or add this one to the gateway's spec.ippools.ipv4");
    checkRefused(
        pools(spec, ""),
        new EgressIpRequest.Explicit(Optional.empty(), Ipv6Address.parse("fd00::1")),
        Refusal.EGRESS_IP_NOT_IN_POOL,
        "spec.egressIP.ipv6: fd00::1 is not in the pool of EgressGateway default; name an address"
            + " of [], or add this one to the gateway's spec.ippools.ipv6");
  }

  @Test
  void aGatewayWithoutPoolGivesNothing() {
    for (EgressIpRequest request : List.of(DEFAULT, NEXT)) {
      checkRefused(
          pools(spec("", ""), ""),
          request,
          Refusal.POOL_EMPTY,
          "EgressGateway default has no addresses; add some to its spec.ippools.ipv4 or"
              + " spec.ippools.ipv6, or set spec.egressIP.useNodeIP: true");
    }
  }

  @Test
  void theNodesOwnAddressNeedsNoPoolAndTakesNoneOfIt() {
    for (String pool : List.of("", "10.0.0.1-10.0.0.4")) {
      check(
          pools(spec(pool, ""), ""),
          new EgressIpRequest.NodeAddress(),
          NodeAddressSlot.of(new GatewayName("default")).toString());
    }
  }

  @Test
  void aHugePoolCostsNothing() {
    check(pools(spec("", "fd00::-fd00::ffff:ffff:ffff:ffff"), "fd00::", "fd00::"), NEXT, "fd00::1");
  }

  private static void check(
      EgressIpAllocator.Pools pools, EgressIpRequest request, String expected) {
    assertThat(EgressIpAllocator.allocate(pools, request))
        .isEqualTo(new EgressIpAllocator.Allocation.Given(addresses(expected)));
  }

  private static void checkRefused(
      EgressIpAllocator.Pools pools, EgressIpRequest request, Refusal reason, String message) {
    assertThat(EgressIpAllocator.allocate(pools, request))
        .isEqualTo(new EgressIpAllocator.Allocation.Refused(reason, message));
  }

  private static EgressIpRequest explicit(String address) {
    return new EgressIpRequest.Explicit(Ipv4Address.parse(address), Optional.empty());
  }

  private static EgressIpAllocator.Pools pools(EgressGatewaySpec spec, String taken) {
    return new EgressIpAllocator.Pools(NAME, spec, addresses(taken), new TreeMap<>());
  }

  private static EgressIpAllocator.Pools pools(EgressGatewaySpec spec, String taken, String last) {
    IpAddress lastGiven = IpAddress.of(last);
    return new EgressIpAllocator.Pools(
        NAME, spec, addresses(taken), new TreeMap<>(Map.of(lastGiven.family(), lastGiven)));
  }

  private static EgressGatewaySpec spec(String ipv4, String ipv6) {
    return new EgressGatewaySpec(
        pool(IpFamily.IPV4, ipv4),
        pool(IpFamily.IPV6, ipv6),
        Optional.empty(),
        Optional.empty(),
        LabelSelector.everything(),
        ClusterDefault.NO,
        FailMode.CLOSED);
  }

  private static IpPool pool(IpFamily family, String range) {
    if (range.isEmpty()) {
      return IpPool.empty(family);
    }
    int dash = range.indexOf('-');
    return IpPool.of(
        family,
        List.of(
            new IpRange(
                IpAddress.of(range.substring(0, dash)), IpAddress.of(range.substring(dash + 1)))));
  }

  private static SortedSet<IpAddress> addresses(String text) {
    TreeSet<IpAddress> addresses = new TreeSet<>();
    for (String address : text.isEmpty() ? List.<String>of() : List.of(text.split(" ", -1))) {
      addresses.add(IpAddress.of(address));
    }
    return addresses;
  }
}
