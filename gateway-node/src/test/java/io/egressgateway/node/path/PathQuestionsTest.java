package io.egressgateway.node.path;

import static org.assertj.core.api.Assertions.assertThat;

import io.egressgateway.core.model.EipNumber;
import io.egressgateway.core.model.IpFamily;
import io.egressgateway.core.model.MacAddress;
import io.egressgateway.core.model.NodeName;
import io.egressgateway.core.model.NodeNumber;
import io.egressgateway.core.plan.Mesh;
import io.egressgateway.core.plan.NodePlan;
import io.egressgateway.core.plan.Ownership;
import io.egressgateway.core.plan.TunnelEndpoint;
import io.egressgateway.node.kernel.Plans;
import io.egressgateway.node.netlink.wire.Bytes;
import io.egressgateway.node.netlink.wire.frame.ArpFrame;
import io.egressgateway.node.netlink.wire.frame.NeighbourAdvertisement;
import java.util.List;
import java.util.Optional;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

class PathQuestionsTest {
  private static final int SELF = 1;
  private static final NodeName PEER = new NodeName("node-2");

  private static PathQuestions questions(Mesh mesh, Ownership ownership) {
    return PathQuestions.of(plan(mesh, ownership));
  }

  private static NodePlan plan(Mesh mesh, Ownership ownership) {
    return Plans.plan(mesh, Plans.selection("10.244.1.5"), ownership);
  }

  private static Ownership routedTo(int... nodes) {
    SortedMap<EipNumber, NodeNumber> routes = new TreeMap<>();
    for (int i = 0; i < nodes.length; i++) {
      routes.put(new EipNumber(i + 1), new NodeNumber(nodes[i]));
    }
    return new Ownership(routes, new TreeMap<>());
  }

  private static TunnelEndpoint ipv6Only(int number) {
    TunnelEndpoint both = Plans.endpoint(number);
    return new TunnelEndpoint(
        both.node(),
        both.number(),
        both.mac(),
        new TunnelEndpoint.Addresses(
            both.addresses().underlay(), Optional.empty(), both.addresses().ipv6()));
  }

  private static Bytes reply(TunnelEndpoint from, MacAddress mac, ArpFrame.Operation operation) {
    TunnelEndpoint self = Plans.endpoint(SELF);
    return new ArpFrame(
            self.mac(),
            operation,
            mac,
            from.addresses().ipv4().orElseThrow(),
            self.mac(),
            self.addresses().ipv4().orElseThrow())
        .encode();
  }

  @Test
  void thoseAreAskedThatHoldAnEgressIpWhichIsUsedHere() {
    assertThat(questions(Plans.mesh(SELF, 2, 3), routedTo(2, 2, SELF, 9)).peers())
        .as("not itself, not one without a way, none twice")
        .containsOnlyKeys(PEER);
    assertThat(questions(Plans.mesh(SELF, 2, 3), Ownership.none()).peers()).isEmpty();
  }

  @Test
  void notMoreAreAskedThanTheControllersTake() {
    int[] all = IntStream.rangeClosed(2, PathQuestions.PEERS_MAX + 20).toArray();
    assertThat(questions(Plans.mesh(SELF, all), routedTo(all)).peers())
        .hasSize(PathQuestions.PEERS_MAX)
        .containsKeys(PEER, new NodeName("node-" + (PathQuestions.PEERS_MAX + 1)));
  }

  @Test
  void aPeerIsAskedByArpAndOnlyItsOwnReplyCounts() {
    PathQuestions questions = questions(Plans.mesh(SELF, 2, 3), routedTo(2, 3));
    TunnelEndpoint peer = Plans.endpoint(2);
    ArpFrame asked = ArpFrame.decode(questions.question(peer)).orElseThrow();
    assertThat(questions.family()).isEqualTo(IpFamily.IPV4);
    assertThat(asked.destination()).isEqualTo(peer.mac());
    assertThat(asked.targetIp()).hasToString("172.31.0.2");
    assertThat(asked.senderIp()).hasToString("172.31.0.1");
    assertThat(questions.answer(reply(peer, peer.mac(), ArpFrame.Operation.REPLY))).contains(PEER);
    assertThat(questions.answer(reply(peer, peer.mac(), ArpFrame.Operation.REQUEST)))
        .as("it asks itself")
        .isEmpty();
    assertThat(questions.answer(reply(peer, Plans.endpoint(3).mac(), ArpFrame.Operation.REPLY)))
        .as("another answers for it")
        .isEmpty();
    assertThat(questions.answer(Bytes.EMPTY)).isEmpty();
  }

  @Test
  void whereTheTunnelHasNoIpv4ThePeerIsSolicited() {
    Mesh mesh = Mesh.of(ipv6Only(SELF), Plans.TUNNEL, List.of(ipv6Only(2), Plans.endpoint(3)));
    PathQuestions questions = questions(mesh, routedTo(2));
    TunnelEndpoint peer = ipv6Only(2);
    assertThat(questions.family()).isEqualTo(IpFamily.IPV6);
    assertThat(questions.question(peer).slice(0, 6)).isEqualTo(Bytes.of(peer.mac().toBytes()));
    assertThat(
            questions.answer(
                NeighbourAdvertisement.unsolicited(
                        peer.mac(), peer.addresses().ipv6().orElseThrow())
                    .encode()))
        .contains(PEER);
  }

  @Test
  void aNodeWithoutATunnelAddressAsksNobody() {
    TunnelEndpoint none =
        new TunnelEndpoint(
            new NodeName("node-1"),
            new NodeNumber(SELF),
            Plans.endpoint(SELF).mac(),
            new TunnelEndpoint.Addresses(
                Plans.endpoint(SELF).addresses().underlay(), Optional.empty(), Optional.empty()));
    Mesh mesh = Mesh.of(none, Plans.TUNNEL, List.of(Plans.endpoint(2)));
    assertThat(questions(mesh, routedTo(2)).peers()).isEmpty();
  }
}
