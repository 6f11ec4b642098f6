package io.egressgateway.policy.link;

import static org.assertj.core.api.Assertions.assertThat;

import io.egressgateway.core.event.NodeEvent.TunnelIdentity;
import io.egressgateway.core.model.Cidr;
import io.egressgateway.core.model.CidrSet;
import io.egressgateway.core.model.ClusterDefault;
import io.egressgateway.core.model.EgressGatewaySpec;
import io.egressgateway.core.model.EgressIpRequest;
import io.egressgateway.core.model.EgressPolicySpec;
import io.egressgateway.core.model.FailMode;
import io.egressgateway.core.model.GatewayName;
import io.egressgateway.core.model.Generation;
import io.egressgateway.core.model.IpAddress;
import io.egressgateway.core.model.IpFamily;
import io.egressgateway.core.model.IpPool;
import io.egressgateway.core.model.IpRange;
import io.egressgateway.core.model.Ipv4Address;
import io.egressgateway.core.model.LabelSelector;
import io.egressgateway.core.model.NodeName;
import io.egressgateway.core.model.NodeNumber;
import io.egressgateway.core.model.NodeSession;
import io.egressgateway.core.model.PolicyKey;
import io.egressgateway.core.model.Priority;
import io.egressgateway.core.model.Revision;
import io.egressgateway.core.model.Selection;
import io.egressgateway.core.plan.TunnelEndpoint;
import io.egressgateway.core.plan.TunnelSettings;
import io.egressgateway.policy.domain.SpecVersion;
import io.egressgateway.policy.entity.GatewayEntity;
import io.egressgateway.policy.entity.NodeEntity;
import io.egressgateway.policy.entity.PolicyEntity;
import io.egressgateway.policy.plan.Eligibility;
import io.egressgateway.policy.plan.NodeInventory;
import io.egressgateway.policy.plan.TunnelAddressing;
import io.egressgateway.policy.testing.TestCertificates;
import java.math.BigInteger;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Collections;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.SortedMap;
import java.util.TreeMap;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Many egress IPs of one node, and what becomes of them when it dies or is emptied. */
class MassMoveTest {
  private static final int MANY = Integer.getInteger("egressgateway.test.many", 50);
  private static final GatewayName GATEWAY = new GatewayName("default");
  private static final NodeName HOLDER = new NodeName("worker-1");
  private static final NodeName SPARE = new NodeName("worker-2");
  private static final NodeName OTHER = new NodeName("worker-3");
  private static final List<NodeName> NODES = List.of(HOLDER, SPARE, OTHER);
  private static final IpAddress FIRST = IpAddress.of("10.6.0.1");
  private static final TunnelSettings TUNNEL =
      new TunnelSettings(
          "egress.vxlan",
          100,
          7789,
          new TunnelSettings.Subnets(Optional.of(Cidr.of("172.31.0.0/16")), Optional.empty()));

  @TempDir Path directory;

  @Test
  void allOfADeadNodeAreHeldElsewhereAndSpreadEvenly() {
    TestCertificates certificates = TestCertificates.in(directory);
    try (TestControlPlane controller = TestControlPlane.start(directory, certificates);
        StubAgent holder = agent(controller, certificates, HOLDER);
        StubAgent spare = agent(controller, certificates, SPARE);
        StubAgent other = agent(controller, certificates, OTHER)) {
      start(controller);
      awaitOpen(MANY, holder);
      select(controller, Eligibility.ELIGIBLE);

      holder.die();
      Awaitility.await()
          .atMost(Duration.ofSeconds(60))
          .until(() -> prepared(spare) + prepared(other) >= MANY);
      controller.witnesses().declareDead(new NodeSession(HOLDER, StubAgent.BOOT, 1));

      awaitOpen(MANY, spare, other);
      assertThat(spare.open().size() - other.open().size()).isBetween(-1, 1);
      assertThat(spare.open()).doesNotContainAnyElementsOf(other.open());
    }
  }

  @Test
  void aNodeThatIsEmptiedNeverHasAnAddressThatAnotherHas() {
    TestCertificates certificates = TestCertificates.in(directory);
    try (TestControlPlane controller = TestControlPlane.start(directory, certificates);
        StubAgent holder = agent(controller, certificates, HOLDER);
        StubAgent spare = agent(controller, certificates, SPARE);
        StubAgent other = agent(controller, certificates, OTHER)) {
      start(controller);
      awaitOpen(MANY, holder);

      select(controller, Eligibility.DRAINING);

      Awaitility.await()
          .atMost(Duration.ofSeconds(60))
          .pollInterval(Duration.ofMillis(5))
          .until(
              () -> {
                Set<IpAddress> stillThere = holder.open();
                assertThat(Collections.disjoint(spare.open(), holder.open())).isTrue();
                assertThat(Collections.disjoint(other.open(), holder.open())).isTrue();
                return stillThere.isEmpty();
              });
      awaitOpen(MANY, spare, other);
    }
  }

  private static long prepared(StubAgent agent) {
    return agent.plan().map(plan -> plan.ownership().held().size()).orElse(0);
  }

  private static void awaitOpen(int count, StubAgent... agents) {
    Awaitility.await()
        .atMost(Duration.ofSeconds(60))
        .pollInterval(Duration.ofMillis(10))
        .until(
            () -> {
              int open = 0;
              for (StubAgent agent : agents) {
                open += agent.open().size();
              }
              return open == count;
            });
  }

  private static StubAgent agent(
      TestControlPlane controller, TestCertificates certificates, NodeName node) {
    return StubAgent.connect(controller.port(), certificates, certificates.agent(node.toString()))
        .hello(node, Revision.ZERO);
  }

  /** Everything is on the first node. */
  private static void start(TestControlPlane controller) {
    for (NodeName node : NODES) {
      controller
          .engine()
          .node(node)
          .tell(new NodeEntity.Observe(inventory(node), controller.listener()));
      controller.engine().node(node).tell(new NodeEntity.Endpoints(new TreeMap<>()));
    }
    TreeMap<NodeName, Eligibility> members = new TreeMap<>();
    members.put(HOLDER, Eligibility.ELIGIBLE);
    members.put(SPARE, Eligibility.UNSCHEDULABLE);
    members.put(OTHER, Eligibility.UNSCHEDULABLE);
    apply(controller, members);
    for (int i = 0; i < MANY; i++) {
      controller
          .engine()
          .policy(new PolicyKey.Namespaced("default", "policy-" + i))
          .tell(
              new PolicyEntity.Apply(
                  new SpecVersion("policy-uid", new Generation(1)),
                  new EgressPolicySpec(
                      GATEWAY,
                      new EgressIpRequest.Explicit(
                          Optional.of((Ipv4Address) address(i)), Optional.empty()),
                      new Selection.Pods(LabelSelector.everything(), Optional.empty()),
                      CidrSet.empty(),
                      Priority.NAMESPACED_DEFAULT),
                  controller.listener()));
    }
  }

  private static void select(TestControlPlane controller, Eligibility holder) {
    TreeMap<NodeName, Eligibility> members = new TreeMap<>();
    members.put(HOLDER, holder);
    members.put(SPARE, Eligibility.ELIGIBLE);
    members.put(OTHER, Eligibility.ELIGIBLE);
    apply(controller, members);
  }

  private static void apply(TestControlPlane controller, SortedMap<NodeName, Eligibility> members) {
    controller
        .engine()
        .gateway(GATEWAY)
        .tell(
            new GatewayEntity.Apply(
                new SpecVersion("gateway-uid", new Generation(1)),
                new EgressGatewaySpec(
                    IpPool.of(IpFamily.IPV4, List.of(new IpRange(FIRST, address(MANY)))),
                    IpPool.empty(IpFamily.IPV6),
                    Optional.empty(),
                    Optional.empty(),
                    LabelSelector.everything(),
                    ClusterDefault.NO,
                    FailMode.CLOSED),
                members,
                controller.listener()));
  }

  private static IpAddress address(int index) {
    return FIRST.plus(BigInteger.valueOf(index)).orElseThrow();
  }

  private static NodeInventory inventory(NodeName node) {
    TreeMap<NodeName, TunnelEndpoint> peers = new TreeMap<>();
    for (NodeName peer : NODES) {
      NodeNumber number = new NodeNumber(NODES.indexOf(peer) + 1);
      TunnelIdentity identity = TunnelAddressing.identity(number, TUNNEL.subnets());
      peers.put(peer, TunnelAddressing.endpoint(peer, underlay(number), identity));
    }
    NodeNumber own = new NodeNumber(NODES.indexOf(node) + 1);
    return new NodeInventory(
        "uid-" + node, own, underlay(own), TUNNEL, peers, CidrSet.of(Cidr.of("10.244.0.0/16")));
  }

  private static IpAddress underlay(NodeNumber number) {
    return IpAddress.of("10.5.0." + (10 + number.value()));
  }
}
