package io.egressgateway.node.agent;

import static org.assertj.core.api.Assertions.assertThat;

import io.egressgateway.core.model.EipNumber;
import io.egressgateway.core.model.GatewayName;
import io.egressgateway.core.model.IpAddress;
import io.egressgateway.core.model.NodeAddressSlot;
import io.egressgateway.core.model.NodeName;
import io.egressgateway.core.model.NodeNumber;
import io.egressgateway.core.plan.Mesh;
import io.egressgateway.core.plan.NodePlan;
import io.egressgateway.core.plan.Ownership;
import io.egressgateway.node.kernel.Plans;
import io.egressgateway.node.kernel.WayFact;
import io.egressgateway.node.kernel.WayQuestion;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** The examination of IPv6, of a tunnel over IPv6, and of a node's own address. */
final class ExaminedFamiliesIT {
  private static final int HERE = 12;
  private static final int THERE = 11;
  private static final int SENDER = 13;
  private static final EipNumber SENT_WITH = new EipNumber(1);
  private static final EipNumber HELD = new EipNumber(2);
  private static final IpAddress EIP_V6 = IpAddress.of("fd06::201");
  private static final IpAddress OWN = NodeAddressSlot.of(new GatewayName("default"));
  private static final List<String> PODS = List.of("10.244.2.5", "fd44::2:5");
  private static final IpAddress OUTSIDE_V6 = IpAddress.of("2001:db8::1");
  private static final IpAddress OUTSIDE = IpAddress.of("192.0.2.1");

  private static final WayQuestion OF_POD =
      new WayQuestion.OfPod(
          IpAddress.of("fd44::2:5"),
          OUTSIDE_V6,
          Optional.of(SENT_WITH),
          Optional.of(new NodeName("node-" + THERE)));

  private static WayQuestion ofHolder(IpAddress address, IpAddress destination) {
    return new WayQuestion.OfHolder(HELD, address, new NodeName("node-" + SENDER), destination);
  }

  /** This node's pods leave with egress IP 1 of another, and it holds egress IP 2. */
  private static NodePlan plan(Mesh mesh, IpAddress held) {
    return Plans.plan(
        mesh,
        Plans.selection(PODS, "0.0.0.0/0", "::/0"),
        new Ownership(
            new TreeMap<>(Map.of(SENT_WITH, new NodeNumber(THERE), HELD, new NodeNumber(HERE))),
            new TreeMap<>(Map.of(HELD, held))));
  }

  private static Mesh mesh() {
    return Plans.mesh(HERE, THERE, SENDER);
  }

  private static Mesh overIpv6() {
    return Mesh.of(
        Plans.endpoint(HERE, "fd06::" + HERE),
        Plans.TUNNEL,
        List.of(
            Plans.endpoint(THERE, "fd06::" + THERE), Plans.endpoint(SENDER, "fd06::" + SENDER)));
  }

  @Test
  void whatWasJustMadeIsAsPlannedWhateverTheUnderlay() throws Exception {
    for (Mesh mesh : List.of(mesh(), overIpv6())) {
      try (ExaminedNode node = new ExaminedNode(plan(mesh, EIP_V6))) {
        assertThat(node.differing(OF_POD)).isEmpty();
        assertThat(node.differing(ofHolder(EIP_V6, OUTSIDE_V6))).isEmpty();
        assertThat(node.ask(OF_POD)).hasSizeGreaterThan(11);
        assertThat(node.ask(ofHolder(EIP_V6, OUTSIDE_V6)))
            .extracting(WayFact::subject)
            .contains("egress IP on its link", "gate in table inet egressgateway_fence")
            .noneMatch(subject -> subject.contains("arp"));
      }
    }
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '`',
      textBlock =
          """
          nft delete element inet egressgateway pod_class_v6 '{ fd44::2:5 }'        | class of the pod
          nft flush map inet egressgateway class_eip_v6                             | egress IP of class and destination
          nft add element inet egressgateway cluster_cidrs_v6 '{ 2001:db8::/32 }'   | cluster, if the destination is inside
          ip -6 rule del priority 99                                                | routing rule for mark 0x2601000b
          ip -6 route flush table $((0x2601000b))                                   | route of table 0x2601000b
          ip neigh replace fd11::b lladdr 66:00:00:00:00:ee dev egress.vxlan nud permanent | neighbour in the tunnel
          echo 0 > /proc/sys/net/ipv6/conf/all/forwarding                           | net/ipv6/conf/all/forwarding
          """)
  void ofIpv6OnThePodsNodeOneThingDiffers(String vandalism, String subject) throws Exception {
    try (ExaminedNode node = new ExaminedNode(plan(mesh(), EIP_V6))) {
      node.shell(vandalism);

      assertThat(node.differing(OF_POD)).containsExactly(subject);
    }
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '`',
      textBlock =
          """
          nft delete element inet egressgateway eip_address_v6 '{ 0x26000002 }' | source of the egress IP
          nft flush set inet egressgateway held_eips_v6                         | egress IP that is answered for
          nft flush set inet egressgateway tunnel_peers_v6                      | sender that the tunnel takes packets from
          ip addr del fd06::201/128 dev eth0                                    | egress IP on its link
          ip -6 route flush table $((0x2702000d))                               | route of table 0x2702000d
          bridge fdb replace 66:00:00:00:00:0d dev egress.vxlan dst fd06::66    | forwarding entry of the tunnel
          """)
  void ofIpv6OverIpv6OnTheGatewayNodeOneThingDiffers(String vandalism, String subject)
      throws Exception {
    try (ExaminedNode node = new ExaminedNode(plan(overIpv6(), EIP_V6))) {
      node.shell(vandalism);

      assertThat(node.differing(ofHolder(EIP_V6, OUTSIDE_V6))).containsExactly(subject);
    }
  }

  @ParameterizedTest
  @ValueSource(strings = {"192.0.2.1", "2001:db8::1"})
  void aNodesOwnAddressIsAsPlannedInBothFamilies(String destination) throws Exception {
    try (ExaminedNode node = new ExaminedNode(plan(mesh(), OWN))) {
      WayQuestion question = ofHolder(OWN, IpAddress.of(destination));

      assertThat(node.differing(question)).isEmpty();
      assertThat(node.ask(question))
          .extracting(WayFact::found)
          .contains("the gateway node's own address")
          .anyMatch(
              found -> found.contains(destination.contains(":") ? "fd06::12" : "10.6.168.12"));
      assertThat(node.ask(question))
          .extracting(WayFact::subject)
          .contains("own address as a source", forwarding(destination));
    }
  }

  private static String forwarding(String destination) {
    return destination.contains(":") ? "net/ipv6/conf/all/forwarding" : "net/ipv4/ip_forward";
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '`',
      textBlock =
          """
          192.0.2.1   | nft delete element inet egressgateway eip_address_v4 '{ 0x26000002 }' | source of the egress IP
          192.0.2.1   | nft flush set inet egressgateway own_source_v4                        | own address as a source
          2001:db8::1 | nft delete element inet egressgateway eip_address_v6 '{ 0x26000002 }' | source of the egress IP
          2001:db8::1 | nft flush set inet egressgateway own_source_v6                        | own address as a source
          """)
  void ofANodesOwnAddressOneThingDiffers(String destination, String vandalism, String subject)
      throws Exception {
    try (ExaminedNode node = new ExaminedNode(plan(mesh(), OWN))) {
      node.shell(vandalism);

      assertThat(node.differing(ofHolder(OWN, IpAddress.of(destination)))).containsExactly(subject);
    }
  }

  @Test
  void aNodeWithoutAnAddressOfTheFamilySaysSo() throws Exception {
    try (ExaminedNode node = new ExaminedNode(plan(mesh(), OWN))) {
      node.shell("ip -6 addr flush dev eth0 scope global");
      node.reconcile();

      assertThat(node.differing(ofHolder(OWN, OUTSIDE_V6))).containsExactly("own address of IPv6");
      assertThat(node.differing(ofHolder(OWN, OUTSIDE))).isEmpty();
    }
  }
}
