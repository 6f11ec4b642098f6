package io.egressgateway.k8s.status;

import static org.assertj.core.api.Assertions.assertThat;

import io.egressgateway.core.model.IpAddress;
import io.egressgateway.core.model.NodeAddressSlot;
import io.egressgateway.core.model.NodeName;
import io.egressgateway.core.model.PolicyKey;
import io.egressgateway.k8s.crd.EgressGateway;
import io.egressgateway.k8s.crd.EgressTunnel;
import io.egressgateway.policy.domain.Holding;
import io.egressgateway.policy.entity.Condition;
import io.egressgateway.policy.entity.StatusReport.GatewayReport;
import io.egressgateway.policy.entity.StatusReport.Placement;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.TreeSet;
import org.junit.jupiter.api.Test;

class GatewayProjectionTest {

  private static final PolicyKey OTHER = new PolicyKey.ClusterScoped("everybody");

  private static EgressGateway.Status project(
      GatewayReport report, Map<NodeName, EgressTunnel.Phase> phases) {
    return GatewayProjection.of(
        new Wanted.OfGateway(
            Given.GATEWAY,
            new Wanted.Verdict(Optional.of(Given.UID), Optional.of(3L), report.conditions()),
            Optional.of(report),
            new TreeMap<>(phases)),
        null,
        Given.NOON);
  }

  private static List<EgressGateway.NodeStatus> nodes(Map<IpAddress, Placement> placements) {
    List<EgressGateway.NodeStatus> nodes =
        project(Given.gatewayReport(new TreeMap<>(placements)), Map.of()).nodeList();
    return nodes == null ? List.of() : nodes;
  }

  @Test
  void everyMemberIsListedWithItsPhase() {
    assertThat(
            project(
                    Given.gatewayReport(new TreeMap<>()),
                    Map.of(Given.WORKER_1, EgressTunnel.Phase.HEARTBEAT_TIMEOUT))
                .nodeList())
        .containsExactly(
            new EgressGateway.NodeStatus(List.of(), "worker-1", "HeartbeatTimeout"),
            new EgressGateway.NodeStatus(List.of(), "worker-2", "NodeNotReady"));
  }

  @Test
  void anAddressIsAtItsHolderWithThePoliciesThatUseIt() {
    assertThat(nodes(Map.of(Given.EIP, Given.placed(Given.WORKER_1, Given.POLICY, OTHER))))
        .contains(
            new EgressGateway.NodeStatus(
                List.of(
                    new EgressGateway.Eip(
                        "10.6.168.201",
                        null,
                        List.of(
                            new EgressGateway.PolicyReference("test", "shop"),
                            new EgressGateway.PolicyReference("everybody", null)))),
                "worker-1",
                "Ready"));
  }

  @Test
  void addressesOfBothFamiliesForTheSamePoliciesShareAnEntry() {
    assertThat(
            nodes(
                Map.of(
                    Given.EIP,
                    Given.placed(Given.WORKER_1, Given.POLICY),
                    Given.EIP_V6,
                    Given.placed(Given.WORKER_1, Given.POLICY))))
        .contains(
            new EgressGateway.NodeStatus(
                List.of(
                    new EgressGateway.Eip(
                        "10.6.168.201",
                        "fd00::201",
                        List.of(new EgressGateway.PolicyReference("test", "shop")))),
                "worker-1",
                "Ready"));
  }

  @Test
  void addressesOfBothFamiliesForOtherPoliciesDoNot() {
    assertThat(
            nodes(
                Map.of(
                    Given.EIP,
                    Given.placed(Given.WORKER_1, Given.POLICY),
                    Given.EIP_V6,
                    Given.placed(Given.WORKER_1, OTHER))))
        .first()
        .satisfies(node -> assertThat(node.eips()).hasSize(2));
  }

  @Test
  void policiesWithTheNodesOwnAddressHaveAnEntryWithoutAddresses() {
    assertThat(
            nodes(
                Map.of(
                    NodeAddressSlot.of(Given.GATEWAY),
                    Given.placed(Given.WORKER_1, Given.POLICY),
                    Given.EIP,
                    Given.placed(Given.WORKER_1, Given.POLICY))))
        .first()
        .satisfies(
            node ->
                assertThat(node.eips())
                    .contains(
                        new EgressGateway.Eip(
                            "", "", List.of(new EgressGateway.PolicyReference("test", "shop")))));
  }

  @Test
  void anAddressThatNobodyHoldsIsWhereItShouldBe() {
    assertThat(
            nodes(
                Map.of(
                    Given.EIP,
                    new Placement(
                        Optional.of(Given.WORKER_2), new Holding.Nobody(), new TreeSet<>()))))
        .last()
        .satisfies(node -> assertThat(node.eips()).hasSize(1));
  }

  @Test
  void aHolderThatIsNoMemberAnyMoreIsListed() {
    NodeName former = new NodeName("worker-9");

    assertThat(nodes(Map.of(Given.EIP, Given.placed(former, Given.POLICY))))
        .last()
        .satisfies(node -> assertThat(node.name()).isEqualTo("worker-9"));
  }

  @Test
  void aFamilyWithoutPoolCountsNothing() {
    assertThat(project(Given.gatewayReport(new TreeMap<>()), Map.of()).ipUsage())
        .isEqualTo(new EgressGateway.IpUsage(4, 5, 0, 0));
  }

  @Test
  void withoutReportOnlyConditionsChange() {
    EgressGateway.Status before =
        project(
            Given.gatewayReport(
                new TreeMap<>(Map.of(Given.EIP, Given.placed(Given.WORKER_1, Given.POLICY)))),
            Map.of());
    Wanted.OfGateway wrong =
        new Wanted.OfGateway(
            Given.GATEWAY,
            new Wanted.Verdict(
                Optional.of(Given.UID),
                Optional.of(4L),
                Given.conditions(Condition.notReady("InvalidSpec", "spec.ippools: wrong"))),
            Optional.empty(),
            new TreeMap<>());

    EgressGateway.Status after = GatewayProjection.of(wrong, before, Given.LATER);

    assertThat(after.nodeList()).isEqualTo(before.nodeList());
    assertThat(after.ipUsage()).isEqualTo(before.ipUsage());
    assertThat(after.observedGeneration()).isEqualTo(4);
    assertThat(after.conditions()).singleElement().extracting("reason").isEqualTo("InvalidSpec");
  }
}
