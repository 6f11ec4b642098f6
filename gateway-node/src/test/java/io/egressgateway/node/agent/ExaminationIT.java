package io.egressgateway.node.agent;

import static org.assertj.core.api.Assertions.assertThat;

import io.egressgateway.core.model.EipNumber;
import io.egressgateway.core.model.IpAddress;
import io.egressgateway.core.model.NodeName;
import io.egressgateway.core.model.NodeNumber;
import io.egressgateway.core.plan.NodePlan;
import io.egressgateway.core.plan.Ownership;
import io.egressgateway.node.kernel.Plans;
import io.egressgateway.node.kernel.WayFact;
import io.egressgateway.node.kernel.WayQuestion;
import java.time.Duration;
import java.util.Optional;
import java.util.TreeMap;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** What foreign hands did to a kernel that nobody repairs is what the examination says. */
final class ExaminationIT {
  private static final int HERE = 12;
  private static final int THERE = 11;
  private static final IpAddress EIP = IpAddress.of("10.6.168.201");
  private static final IpAddress OUTSIDE = IpAddress.of("192.0.2.1");

  /** This node holds egress IP 2, and its pod leaves with egress IP 1 from another. */
  private static final NodePlan PLAN =
      Plans.plan(Plans.mesh(HERE, THERE, 13), Plans.selection("10.244.2.5"), ownership());

  private static final WayQuestion OF_POD =
      new WayQuestion.OfPod(
          IpAddress.of("10.244.2.5"),
          OUTSIDE,
          Optional.of(new EipNumber(1)),
          Optional.of(new NodeName("node-11")));
  private static final WayQuestion OF_HOLDER =
      new WayQuestion.OfHolder(new EipNumber(2), EIP, new NodeName("node-13"), OUTSIDE);

  private final ExaminedNode node;

  ExaminationIT() throws Exception {
    node = new ExaminedNode(PLAN);
  }

  private static Ownership ownership() {
    TreeMap<EipNumber, NodeNumber> routes = new TreeMap<>();
    routes.put(new EipNumber(1), new NodeNumber(THERE));
    routes.put(new EipNumber(2), new NodeNumber(HERE));
    TreeMap<EipNumber, IpAddress> held = new TreeMap<>();
    held.put(new EipNumber(2), EIP);
    return new Ownership(routes, held);
  }

  @AfterEach
  void close() throws Exception {
    node.close();
  }

  @Test
  void aKernelThatWasJustMadeIsAsPlanned() throws Exception {
    assertThat(node.differing(OF_POD)).isEmpty();
    assertThat(node.differing(OF_HOLDER)).isEmpty();
    assertThat(node.ask(OF_POD)).hasSizeGreaterThan(10);
    assertThat(node.ask(OF_HOLDER))
        .filteredOn(fact -> fact.subject().equals("gate in table inet egressgateway_fence"))
        .singleElement()
        .satisfies(fact -> assertThat(fact.found()).matches("open, lease for 5\\d{5} ms more"));
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '`',
      textBlock =
          """
          nft delete element inet egressgateway pod_class_v4 '{ 10.244.2.5 }'   | class of the pod
          nft flush map inet egressgateway class_eip_v4                         | egress IP of class and destination
          nft delete element inet egressgateway eip_next_hop '{ 0x26000001 }'   | next hop of the egress IP
          nft add element inet egressgateway cluster_cidrs_v4 '{ 192.0.2.0/24 }' | cluster, if the destination is inside
          nft insert rule inet egressgateway translate accept                   | rules of table inet egressgateway
          ip rule del priority 99                                               | routing rule for mark 0x2601000b
          ip route flush table $((0x2601000b))                                  | route of table 0x2601000b
          ip neigh replace 172.31.0.11 lladdr 66:00:00:00:00:ee dev egress.vxlan nud permanent | neighbour in the tunnel
          bridge fdb replace 66:00:00:00:00:0b dev egress.vxlan dst 10.6.168.66 | forwarding entry of the tunnel
          ip link set egress.vxlan mtu 1300                                     | tunnel device
          echo 0 > /proc/sys/net/ipv4/ip_forward                                | net/ipv4/ip_forward
          """)
  void onThePodsNodeOneThingDiffers(String vandalism, String subject) throws Exception {
    node.shell(vandalism);

    assertThat(node.differing(OF_POD)).containsExactly(subject);
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '`',
      textBlock =
          """
          nft delete element inet egressgateway eip_address_v4 '{ 0x26000002 }' | source of the egress IP
          nft flush set inet egressgateway held_eips_v4                         | egress IP that is answered for
          nft flush map inet egressgateway node_mark                            | mark of the sender
          nft flush set inet egressgateway tunnel_peers_v4                      | sender that the tunnel takes packets from
          ip addr del 10.6.168.201/32 dev eth0                                  | egress IP on its link
          ip route flush table $((0x2702000d))                                  | route of table 0x2702000d
          """)
  void onTheGatewayNodeOneThingDiffers(String vandalism, String subject) throws Exception {
    node.shell(vandalism);

    assertThat(node.differing(OF_HOLDER)).containsExactly(subject);
  }

  @Test
  void aLeaseThatIsOverClosesTheGate() throws Exception {
    node.lease(Duration.ofMillis(-1));

    assertThat(node.differing(OF_HOLDER))
        .isNotEmpty()
        .allMatch(subject -> subject.startsWith("gate in "));
    assertThat(node.ask(OF_HOLDER))
        .filteredOn(fact -> fact.subject().equals("gate in table inet egressgateway_fence"))
        .extracting(WayFact::found)
        .allMatch(found -> found.contains("the lease is over"));
  }
}
