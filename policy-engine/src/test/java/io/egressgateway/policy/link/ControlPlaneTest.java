package io.egressgateway.policy.link;

import static org.assertj.core.api.Assertions.assertThat;

import io.egressgateway.core.event.NodeEvent.TunnelIdentity;
import io.egressgateway.core.link.v1.AgentMessage;
import io.egressgateway.core.link.v1.Standing;
import io.egressgateway.core.model.Cidr;
import io.egressgateway.core.model.CidrSet;
import io.egressgateway.core.model.ClusterDefault;
import io.egressgateway.core.model.EgressGatewaySpec;
import io.egressgateway.core.model.EgressIpRequest;
import io.egressgateway.core.model.EgressPolicySpec;
import io.egressgateway.core.model.EipNumber;
import io.egressgateway.core.model.FailMode;
import io.egressgateway.core.model.GatewayName;
import io.egressgateway.core.model.Generation;
import io.egressgateway.core.model.IpAddress;
import io.egressgateway.core.model.IpFamily;
import io.egressgateway.core.model.IpPool;
import io.egressgateway.core.model.IpRange;
import io.egressgateway.core.model.LabelSelector;
import io.egressgateway.core.model.NodeName;
import io.egressgateway.core.model.NodeNumber;
import io.egressgateway.core.model.NodeSession;
import io.egressgateway.core.model.PolicyKey;
import io.egressgateway.core.model.Priority;
import io.egressgateway.core.model.Revision;
import io.egressgateway.core.model.Selection;
import io.egressgateway.core.plan.ClassRule;
import io.egressgateway.core.plan.NodePlan;
import io.egressgateway.core.plan.TunnelEndpoint;
import io.egressgateway.core.plan.TunnelSettings;
import io.egressgateway.policy.domain.SpecVersion;
import io.egressgateway.policy.entity.Condition;
import io.egressgateway.policy.entity.GatewayEntity;
import io.egressgateway.policy.entity.NodeEntity;
import io.egressgateway.policy.entity.PolicyEntity;
import io.egressgateway.policy.entity.StatusReport.GatewayGone;
import io.egressgateway.policy.entity.StatusReport.PolicyGone;
import io.egressgateway.policy.entity.StatusReport.PolicyReport;
import io.egressgateway.policy.plan.Eligibility;
import io.egressgateway.policy.plan.NodeInventory;
import io.egressgateway.policy.plan.TunnelAddressing;
import io.egressgateway.policy.testing.TestCertificates;
import io.grpc.Status;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.SortedSet;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.function.Predicate;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A controller from the specs that it is given to the plans that agents get, over real TLS. */
class ControlPlaneTest {
  private static final GatewayName GATEWAY = new GatewayName("default");
  private static final PolicyKey POLICY = new PolicyKey.Namespaced("default", "test");
  private static final NodeName HOLDER = new NodeName("worker-1");
  private static final NodeName SPARE = new NodeName("worker-2");
  private static final NodeName WORKER = new NodeName("worker-3");
  private static final IpAddress POD = IpAddress.of("10.244.3.2");
  private static final IpAddress EIP = IpAddress.of("10.6.168.201");
  private static final TunnelSettings TUNNEL =
      new TunnelSettings(
          "egress.vxlan",
          100,
          7789,
          new TunnelSettings.Subnets(Optional.of(Cidr.of("172.31.0.0/16")), Optional.empty()));
  private static final CidrSet CLUSTER = CidrSet.of(Cidr.of("10.244.0.0/16"));

  @TempDir Path directory;

  @Test
  void aPolicyReachesTheNodesOfItsPodsAndOfItsEgressIp() {
    TestCertificates certificates = TestCertificates.in(directory);
    try (TestControlPlane controller = TestControlPlane.start(directory, certificates);
        StubAgent holder = agent(controller, certificates, HOLDER);
        StubAgent worker = agent(controller, certificates, WORKER)) {
      sendAll(controller);

      NodePlan onWorker = await(worker, plan -> !plan.ownership().routes().isEmpty());
      NodePlan onHolder = await(holder, plan -> !plan.ownership().held().isEmpty());

      assertThat(onHolder.ownership().held().values()).containsExactly(EIP);
      EipNumber number = onHolder.ownership().held().firstKey();
      assertThat(onWorker.selection().endpoints()).containsOnlyKeys(POD);
      assertThat(onWorker.selection().rules())
          .containsExactly(
              new ClassRule(
                  onWorker.selection().endpoints().values().iterator().next(),
                  Cidr.everything(IpFamily.IPV4),
                  number));
      assertThat(onWorker.selection().clusterCidrs()).isEqualTo(CLUSTER);
      assertThat(onWorker.ownership().routes())
          .isEqualTo(new TreeMap<>(Map.of(number, new NodeNumber(1))));
      PolicyReport report = controller.report(PolicyReport.class, ControlPlaneTest::isReady);
      assertThat(report.holder()).contains(HOLDER);
      assertThat(report.addresses()).containsOnlyKeys(EIP);
    }
  }

  @Test
  void aRestartedControllerDecidesNothingAnew() {
    TestCertificates certificates = TestCertificates.in(directory);
    NodePlan before;
    try (TestControlPlane controller = TestControlPlane.start(directory, certificates);
        StubAgent holder = agent(controller, certificates, HOLDER);
        StubAgent worker = agent(controller, certificates, WORKER)) {
      sendAll(controller);
      before = await(worker, plan -> !plan.ownership().routes().isEmpty());
      await(holder, plan -> !plan.ownership().held().isEmpty());
      controller.report(PolicyReport.class, ControlPlaneTest::isReady);
    }

    try (TestControlPlane controller = TestControlPlane.start(directory, certificates);
        StubAgent holder = agent(controller, certificates, HOLDER);
        StubAgent worker =
            StubAgent.connect(
                    controller.port(), certificates, certificates.agent(WORKER.toString()))
                .hello(WORKER, before.revision())) {
      controller.watch(request -> sendAll(controller));

      NodePlan after = await(worker, plan -> true);
      NodePlan onHolder = await(holder, plan -> !plan.ownership().held().isEmpty());

      assertThat(after.sameContent(before)).isTrue();
      assertThat(after.revision()).isGreaterThan(before.revision());
      assertThat(onHolder.ownership().held().values()).containsExactly(EIP);
      assertThat(worker.plans()).allMatch(plan -> plan.sameContent(before));
      PolicyReport report = controller.report(PolicyReport.class, ControlPlaneTest::isReady);
      assertThat(report.holder()).contains(HOLDER);
    }
  }

  @Test
  void aWithdrawnPolicyLeavesNothing() {
    TestCertificates certificates = TestCertificates.in(directory);
    try (TestControlPlane controller = TestControlPlane.start(directory, certificates);
        StubAgent holder = agent(controller, certificates, HOLDER);
        StubAgent worker = agent(controller, certificates, WORKER)) {
      sendAll(controller);
      await(worker, plan -> !plan.ownership().routes().isEmpty());
      await(holder, plan -> !plan.ownership().held().isEmpty());

      controller.engine().policy(POLICY).tell(new PolicyEntity.Withdraw(controller.listener()));
      controller.engine().node(WORKER).tell(new NodeEntity.Endpoints(new TreeMap<>()));
      controller.engine().gateway(GATEWAY).tell(new GatewayEntity.Retire(controller.listener()));

      await(holder, plan -> plan.ownership().held().isEmpty());
      await(worker, plan -> plan.selection().rules().isEmpty());
      controller.report(PolicyGone.class, gone -> true);
      controller.report(GatewayGone.class, gone -> true);
      assertThat(worker.deltas()).isPositive();
    }
  }

  @Test
  void anEgressIpLeavesANodeBeforeAnotherGetsIt() {
    TestCertificates certificates = TestCertificates.in(directory);
    try (TestControlPlane controller = TestControlPlane.start(directory, certificates);
        StubAgent holder = agent(controller, certificates, HOLDER);
        StubAgent spare = agent(controller, certificates, SPARE);
        StubAgent worker = agent(controller, certificates, WORKER)) {
      sendAll(controller);
      awaitOpen(holder);

      applyGateway(controller, Eligibility.NOT_READY);

      awaitOpen(spare);
      assertThat(holder.open()).isEmpty();
      await(worker, plan -> plan.ownership().routes().containsValue(new NodeNumber(2)));
      PolicyReport report =
          controller.report(
              PolicyReport.class,
              policy -> isReady(policy) && policy.holder().equals(Optional.of(SPARE)));
      assertThat(report.addresses()).containsOnlyKeys(EIP);
    }
  }

  @Test
  void whenAHolderDiesItsEgressIpMovesWithTheCertificateAndNotBefore() {
    TestCertificates certificates = TestCertificates.in(directory);
    try (TestControlPlane controller = TestControlPlane.start(directory, certificates);
        StubAgent holder = agent(controller, certificates, HOLDER);
        StubAgent spare = agent(controller, certificates, SPARE);
        StubAgent worker = agent(controller, certificates, WORKER)) {
      sendAll(controller);
      awaitOpen(holder);

      holder.die();
      // The spare gets ready on suspicion alone, but opens nothing.
      await(spare, plan -> plan.ownership().held().containsValue(EIP));
      assertThat(spare.open()).isEmpty();
      controller.witnesses().declareDead(new NodeSession(HOLDER, StubAgent.BOOT, 1));

      awaitOpen(spare);
      await(worker, plan -> plan.ownership().routes().containsValue(new NodeNumber(2)));
      controller.report(
          PolicyReport.class,
          policy -> isReady(policy) && policy.holder().equals(Optional.of(SPARE)));
    }
  }

  @Test
  void anAgentThatLapsesGetsItsEgressIpOrAnotherNodeDoes() {
    TestCertificates certificates = TestCertificates.in(directory);
    try (TestControlPlane controller = TestControlPlane.start(directory, certificates);
        StubAgent holder = agent(controller, certificates, HOLDER);
        StubAgent spare = agent(controller, certificates, SPARE)) {
      sendAll(controller);
      awaitOpen(holder);

      holder.lapse();

      Awaitility.await()
          .atMost(Duration.ofSeconds(20))
          .until(() -> holder.open().size() + spare.open().size() == 1);
    }
  }

  @Test
  void anAgentThatLeavesHandsItsEgressIpsOver() {
    TestCertificates certificates = TestCertificates.in(directory);
    try (TestControlPlane controller = TestControlPlane.start(directory, certificates);
        StubAgent holder = agent(controller, certificates, HOLDER);
        StubAgent spare = agent(controller, certificates, SPARE)) {
      sendAll(controller);
      awaitOpen(holder);

      holder.stand(Standing.STANDING_LEAVING);

      awaitOpen(spare);
      assertThat(holder.open()).isEmpty();
    }
  }

  @Test
  void anAgentMaySpeakOnlyForItsOwnNode() {
    TestCertificates certificates = TestCertificates.in(directory);
    try (TestControlPlane controller = TestControlPlane.start(directory, certificates);
        StubAgent liar =
            StubAgent.connect(
                controller.port(), certificates, certificates.agent(WORKER.toString()))) {
      liar.hello(HOLDER, Revision.ZERO);

      assertThat(end(liar).getCode()).isEqualTo(Status.Code.PERMISSION_DENIED);
    }
  }

  @Test
  void anAgentThatSendsGarbageIsDisconnected() {
    TestCertificates certificates = TestCertificates.in(directory);
    try (TestControlPlane controller = TestControlPlane.start(directory, certificates);
        StubAgent worker = agent(controller, certificates, WORKER)) {
      worker.send(AgentMessage.getDefaultInstance());

      assertThat(end(worker).getCode()).isEqualTo(Status.Code.INVALID_ARGUMENT);
    }
  }

  @Test
  void aNewerSessionOfANodeReplacesTheOlder() {
    TestCertificates certificates = TestCertificates.in(directory);
    try (TestControlPlane controller = TestControlPlane.start(directory, certificates);
        StubAgent older = agent(controller, certificates, WORKER)) {
      sendAll(controller);
      await(older, plan -> true);
      try (StubAgent newer = agent(controller, certificates, WORKER)) {
        await(newer, plan -> true);

        assertThat(end(older).getCode()).isEqualTo(Status.Code.ABORTED);
        assertThat(newer.ended()).isEmpty();
      }
    }
  }

  private static Status end(StubAgent agent) {
    Awaitility.await().atMost(Duration.ofSeconds(20)).until(() -> agent.ended().isPresent());
    return agent.ended().orElseThrow();
  }

  private static NodePlan await(StubAgent agent, Predicate<NodePlan> wanted) {
    Awaitility.await()
        .atMost(Duration.ofSeconds(30))
        .pollInterval(Duration.ofMillis(20))
        .until(() -> agent.plan().filter(wanted).isPresent());
    return agent.plan().orElseThrow();
  }

  private static void awaitOpen(StubAgent agent) {
    Awaitility.await()
        .atMost(Duration.ofSeconds(20))
        .pollInterval(Duration.ofMillis(20))
        .until(() -> agent.open().contains(EIP));
  }

  private static boolean isReady(PolicyReport report) {
    return report.conditions().stream()
        .anyMatch(condition -> condition.status() == Condition.Status.TRUE);
  }

  private static StubAgent agent(
      TestControlPlane controller, TestCertificates certificates, NodeName node) {
    return StubAgent.connect(controller.port(), certificates, certificates.agent(node.toString()))
        .hello(node, Revision.ZERO);
  }

  private static void sendAll(TestControlPlane controller) {
    List<NodeName> nodes = List.of(HOLDER, SPARE, WORKER);
    for (NodeName node : nodes) {
      controller
          .engine()
          .node(node)
          .tell(new NodeEntity.Observe(inventory(nodes, node), controller.listener()));
      TreeMap<IpAddress, SortedSet<PolicyKey>> pods = new TreeMap<>();
      if (node.equals(WORKER)) {
        pods.put(POD, new TreeSet<>(List.of(POLICY)));
      }
      controller.engine().node(node).tell(new NodeEntity.Endpoints(pods));
    }
    applyGateway(controller, Eligibility.ELIGIBLE);
    controller
        .engine()
        .policy(POLICY)
        .tell(
            new PolicyEntity.Apply(
                new SpecVersion("policy-uid", new Generation(1)),
                new EgressPolicySpec(
                    GATEWAY,
                    new EgressIpRequest.Default(),
                    new Selection.Pods(LabelSelector.everything(), Optional.empty()),
                    CidrSet.empty(),
                    Priority.NAMESPACED_DEFAULT),
                controller.listener()));
  }

  private static void applyGateway(TestControlPlane controller, Eligibility holder) {
    TreeMap<NodeName, Eligibility> members = new TreeMap<>();
    members.put(HOLDER, holder);
    members.put(SPARE, Eligibility.ELIGIBLE);
    controller
        .engine()
        .gateway(GATEWAY)
        .tell(
            new GatewayEntity.Apply(
                new SpecVersion("gateway-uid", new Generation(1)),
                new EgressGatewaySpec(
                    IpPool.of(
                        IpFamily.IPV4, List.of(new IpRange(EIP, IpAddress.of("10.6.168.205")))),
                    IpPool.empty(IpFamily.IPV6),
                    Optional.empty(),
                    Optional.empty(),
                    LabelSelector.everything(),
                    ClusterDefault.NO,
                    FailMode.CLOSED),
                members,
                controller.listener()));
  }

  private static NodeInventory inventory(List<NodeName> nodes, NodeName node) {
    TreeMap<NodeName, TunnelEndpoint> peers = new TreeMap<>();
    for (NodeName peer : nodes) {
      NodeNumber number = new NodeNumber(nodes.indexOf(peer) + 1);
      TunnelIdentity identity = TunnelAddressing.identity(number, TUNNEL.subnets());
      peers.put(peer, TunnelAddressing.endpoint(peer, underlay(number), identity));
    }
    NodeNumber own = new NodeNumber(nodes.indexOf(node) + 1);
    return new NodeInventory("uid-" + node, own, underlay(own), TUNNEL, peers, CLUSTER);
  }

  private static IpAddress underlay(NodeNumber number) {
    return IpAddress.of("10.6.168." + (10 + number.value()));
  }
}
