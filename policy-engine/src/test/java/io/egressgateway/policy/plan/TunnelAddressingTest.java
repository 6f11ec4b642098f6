package io.egressgateway.policy.plan;

import static org.assertj.core.api.Assertions.assertThat;

import io.egressgateway.core.event.NodeEvent.TunnelIdentity;
import io.egressgateway.core.model.Cidr;
import io.egressgateway.core.model.IpAddress;
import io.egressgateway.core.model.NodeNumber;
import io.egressgateway.core.plan.TunnelSettings;
import java.util.Optional;
import org.junit.jupiter.api.Test;

class TunnelAddressingTest {

  @Test
  void aNodesAddressesFollowFromItsNumber() {
    TunnelIdentity identity = identity(258, "172.31.0.0/16", "fd11::/112");

    assertThat(identity.mac()).hasToString("66:00:00:00:01:02");
    assertThat(identity.ipv4().orElseThrow()).isEqualTo(IpAddress.of("172.31.1.2"));
    assertThat(identity.ipv6().orElseThrow()).isEqualTo(IpAddress.of("fd11::102"));
  }

  @Test
  void aNumberBeyondTheSubnetHasNoAddress() {
    assertThat(identity(254, "10.0.0.0/24", "fd11::/112").ipv4()).isPresent();
    assertThat(identity(255, "10.0.0.0/24", "fd11::/112").ipv4()).isEmpty();
    assertThat(identity(256, "10.0.0.0/24", "fd11::/112").ipv4()).isEmpty();
  }

  private static TunnelIdentity identity(int number, String ipv4, String ipv6) {
    return TunnelAddressing.identity(
        new NodeNumber(number),
        new TunnelSettings.Subnets(Optional.of(Cidr.of(ipv4)), Optional.of(Cidr.of(ipv6))));
  }
}
