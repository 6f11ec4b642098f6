package io.egressgateway.node.kernel;

import static org.assertj.core.api.Assertions.assertThat;

import io.egressgateway.core.model.Cidr;
import io.egressgateway.core.model.IpAddress;
import io.egressgateway.core.model.MacAddress;
import io.egressgateway.node.kernel.Uplink.Network;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Random;
import java.util.TreeSet;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

final class UplinkTest {
  private static final MacAddress MAC = MacAddress.of("02:00:00:00:00:01");
  private static final List<Network> NETWORKS =
      List.of(
          network("10.6.168.0/24", 2, "eth0"),
          network("fd06::/64", 2, "eth0"),
          network("10.0.0.0/8", 3, "eth1"),
          network("10.7.0.0/24", 3, "eth1"),
          network("10.6.168.128/26", 9, "eth0.100"),
          network("10.6.168.0/24", 1, "eth2"),
          network("10.9.0.0/24", 8, "eth3"),
          network("10.9.0.0/24", 5, "eth4"),
          network("fd07::/64", 3, "eth1"));

  private static Network network(String cidr, int index, String link) {
    return new Network(Cidr.of(cidr), index, new Uplink.Port(link, MAC));
  }

  private static Uplink uplink(List<Network> networks) {
    return new Uplink("eth0", 1500, MAC, new TreeSet<>()).connectedTo(networks);
  }

  @ParameterizedTest(name = "{0} belongs to {1}")
  @CsvSource({
    "10.7.0.201, eth1",
    "fd07::201, eth1",
    "fd06::201, eth0",
    // The longest prefix,
    "10.1.2.3, eth1",
    "10.6.168.130, eth0.100",
    // the uplink among equals,
    "10.6.168.201, eth0",
    // the lowest index,
    "10.9.0.201, eth4",
    // and the uplink for what is of no network.
    "192.0.2.1, eth0",
    "2001:db8::1, eth0",
  })
  void anEgressIpIsOnTheLinkWhoseNetworkHoldsIt(String egressIp, String link) {
    assertThat(uplink(NETWORKS).portOf(IpAddress.of(egressIp)).name()).isEqualTo(link);
  }

  @Test
  void theOrderInWhichTheKernelTellsIsOfNoConsequence() {
    Uplink expected = uplink(NETWORKS);
    for (int seed = 0; seed < 20; seed++) {
      List<Network> shuffled = new ArrayList<>(NETWORKS);
      shuffled.addAll(NETWORKS);
      Collections.shuffle(shuffled, new Random(seed));
      assertThat(uplink(shuffled)).as("seed %d", seed).isEqualTo(expected);
    }
  }

  @Test
  void aloneItHasAll() {
    assertThat(uplink(List.of()).portOf(IpAddress.of("10.7.0.201")))
        .isEqualTo(new Uplink.Port("eth0", MAC));
  }
}
