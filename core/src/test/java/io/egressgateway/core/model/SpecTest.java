package io.egressgateway.core.model;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;

class SpecTest {

  private static final IpPool IPV4 =
      IpPool.of(
          IpFamily.IPV4,
          List.of(new IpRange(IpAddress.of("10.6.168.201"), IpAddress.of("10.6.168.205"))));
  private static final IpPool IPV6 = IpPool.empty(IpFamily.IPV6);
  private static final LabelSelector NODES =
      LabelSelector.ofLabels(Map.of("egressgateway", "true"));

  private static EgressGatewaySpec gateway(
      IpPool ipv4, IpPool ipv6, Optional<Ipv4Address> ipv4Default) {
    return new EgressGatewaySpec(
        ipv4, ipv6, ipv4Default, Optional.empty(), NODES, ClusterDefault.NO, FailMode.CLOSED);
  }

  @Test
  void aGatewayKeepsItsFamiliesApart() {
    EgressGatewaySpec spec = gateway(IPV4, IPV6, Optional.of(Ipv4Address.of("10.6.168.201")));
    assertThat(spec.pool(IpFamily.IPV4)).isEqualTo(IPV4);
    assertThat(spec.pool(IpFamily.IPV6)).isEqualTo(IPV6);
    assertThatThrownBy(() -> gateway(IPV6, IPV4, Optional.empty()))
        .hasMessage("the IPv4 pool of a gateway holds IPv6 addresses");
  }

  @Test
  void aDefaultAddressIsInThePool() {
    assertThatThrownBy(() -> gateway(IPV4, IPV6, Optional.of(Ipv4Address.of("10.6.168.206"))))
        .hasMessage(
            "the default address 10.6.168.206 is outside the pool [10.6.168.201-10.6.168.205]");
    assertThatThrownBy(
            () ->
                new EgressGatewaySpec(
                    IPV4,
                    IPV6,
                    Optional.empty(),
                    Optional.of(Ipv6Address.of("fd00::1")),
                    NODES,
                    ClusterDefault.NO,
                    FailMode.CLOSED))
        .hasMessage("the default address fd00::1 is outside the pool []");
  }

  @Test
  void requestsAndSelectionsAskForSomething() {
    assertThatThrownBy(() -> new EgressIpRequest.Explicit(Optional.empty(), Optional.empty()))
        .hasMessage("an explicit egress IP needs an IPv4 or IPv6 address");
    assertThatThrownBy(() -> new Selection.Subnets(CidrSet.empty(), Optional.empty()))
        .hasMessage("a selection by subnet needs at least one CIDR");
  }

  @Test
  void specsAreValues() {
    assertThat(policy("172.29.0.0/17", "172.29.128.0/17")).isEqualTo(policy("172.29.0.0/16"));
    assertThat(policy("172.29.0.0/16")).isNotEqualTo(policy("172.30.0.0/16"));
  }

  private static EgressPolicySpec policy(String... destinations) {
    return new EgressPolicySpec(
        new GatewayName("default"),
        new EgressIpRequest.Default(),
        new Selection.Pods(LabelSelector.ofLabels(Map.of("app", "test-app")), Optional.empty()),
        CidrSet.of(List.of(destinations).stream().map(Cidr::of).toList()),
        Priority.NAMESPACED_DEFAULT);
  }
}
