package io.egressgateway.k8s.watch;

import static org.assertj.core.api.Assertions.assertThat;

import io.egressgateway.core.model.Cidr;
import io.egressgateway.core.model.CidrSet;
import io.egressgateway.core.model.IpAddress;
import io.egressgateway.core.model.LabelSelector;
import io.egressgateway.core.model.NodeName;
import io.egressgateway.core.model.NodeNumber;
import io.egressgateway.core.plan.TunnelSettings;
import io.egressgateway.k8s.translate.NodeFacts;
import io.egressgateway.policy.plan.NodeInventory;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.junit.jupiter.api.Test;

class MeshPlannerTest {

  private static final NodeName GATEWAY = new NodeName("gw");
  private static final NodeName W1 = new NodeName("w1");
  private static final NodeName W2 = new NodeName("w2");
  private static final List<NodeFacts> NODES =
      List.of(
          Given.node("gw", "10.6.168.11", Map.of()),
          Given.node("w1", "10.6.168.13", Map.of()),
          Given.node("w2", "10.6.168.14", Map.of()));

  private final MeshPlanner planner = new MeshPlanner(Given.settings());

  private static final CidrSet INSIDE =
      CidrSet.of(Cidr.of("10.6.168.13/32"), Cidr.of("10.244.0.0/16"));

  private static MeshPlanner.Seen seen(Map<NodeName, NodeNumber> numbers) {
    return new MeshPlanner.Seen(NODES, numbers, INSIDE);
  }

  private static NodeNumber number(int value) {
    return new NodeNumber(value);
  }

  @Test
  void aGatewayNodeHasEveryPeerAndAWorkerOnlyGatewayNodes() {
    Map<NodeName, NodeInventory> inventories =
        planner.inventories(
            seen(Map.of(GATEWAY, number(1), W1, number(2), W2, number(3))), Set.of(GATEWAY));
    assertThat(inventories.get(GATEWAY))
        .satisfies(gateway -> assertThat(gateway.peers()).containsKeys(W1, W2));
    assertThat(inventories.get(W1))
        .satisfies(worker -> assertThat(worker.peers()).containsOnlyKeys(GATEWAY));
  }

  @Test
  void theFirstRuleThatSelectsANodeNamesItsLink() {
    UplinkRules rules =
        new UplinkRules(
            List.of(
                rule(Map.of("nic", "two", "zone", "a"), "bond0"),
                rule(Map.of("nic", "two"), "eth1"),
                rule(Map.of("zone", "a"), "eth2")));
    MeshPlanner choosing = new MeshPlanner(Given.settings(rules));
    List<NodeFacts> nodes =
        List.of(
            Given.node("gw", "10.6.168.11", Map.of("nic", "two", "zone", "a")),
            Given.node("w1", "10.6.168.13", Map.of("nic", "two")),
            Given.node("w2", "10.6.168.14", Map.of("nic", "one")));
    Map<NodeName, NodeInventory> inventories =
        choosing.inventories(
            new MeshPlanner.Seen(
                nodes, Map.of(GATEWAY, number(1), W1, number(2), W2, number(3)), INSIDE),
            Set.of(GATEWAY));
    TunnelSettings plain = Given.settings().tunnel();
    assertThat(inventories)
        .extractingFromEntries(entry -> entry.getValue().tunnel())
        .containsExactly(plain.on(Optional.of("bond0")), plain.on(Optional.of("eth1")), plain);
  }

  private static UplinkRules.Rule rule(Map<String, String> labels, String link) {
    return new UplinkRules.Rule(LabelSelector.ofLabels(labels), link);
  }

  @Test
  void aNodeWithoutANumberIsNobodysPeer() {
    Map<NodeName, NodeInventory> inventories =
        planner.inventories(seen(Map.of(GATEWAY, number(1), W1, number(2))), Set.of(GATEWAY));
    assertThat(inventories).containsOnlyKeys(GATEWAY, W1);
    assertThat(inventories.get(GATEWAY))
        .satisfies(gateway -> assertThat(gateway.peers()).doesNotContainKey(W2));
  }

  @Test
  void whatIsKnownServicesAndTheTunnelAreInsideTheCluster() {
    assertThat(
            List.of(
                "10.6.168.13", "10.244.13.9", "10.96.0.10", "172.31.0.2", "127.0.0.1", "ff02::1"))
        .allSatisfy(
            inside ->
                assertThat(
                        planner
                            .clusterCidrs(INSIDE)
                            .contains(IpAddress.parse(inside).orElseThrow()))
                    .isTrue());
    assertThat(planner.clusterCidrs(INSIDE).contains(IpAddress.parse("10.6.168.201").orElseThrow()))
        .isFalse();
  }
}
