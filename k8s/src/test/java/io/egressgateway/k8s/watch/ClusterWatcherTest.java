package io.egressgateway.k8s.watch;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import akka.actor.testkit.typed.javadsl.TestProbe;
import akka.actor.typed.ActorRef;
import io.egressgateway.core.model.GatewayName;
import io.egressgateway.core.model.IpAddress;
import io.egressgateway.core.model.NodeName;
import io.egressgateway.core.model.PolicyKey;
import io.egressgateway.core.model.Priority;
import io.egressgateway.core.model.Tenants;
import io.egressgateway.k8s.crd.ApiGroup;
import io.egressgateway.k8s.crd.EgressClusterPolicy;
import io.egressgateway.k8s.crd.EgressGateway;
import io.egressgateway.k8s.crd.EgressPolicy;
import io.egressgateway.k8s.crd.EgressTunnel;
import io.egressgateway.k8s.crd.SelectorTerms;
import io.egressgateway.k8s.status.StatusWriter;
import io.egressgateway.k8s.translate.Violation;
import io.egressgateway.policy.domain.Gateway;
import io.egressgateway.policy.entity.Condition;
import io.egressgateway.policy.entity.GatewayEntity;
import io.egressgateway.policy.entity.NodeEntity;
import io.egressgateway.policy.entity.PolicyEntity;
import io.egressgateway.policy.entity.SpecRequest;
import io.egressgateway.policy.entity.StatusReport;
import io.egressgateway.policy.plan.Eligibility;
import io.egressgateway.policy.plan.OrderRefusal;
import io.fabric8.kubernetes.api.model.GenericKubernetesResource;
import io.fabric8.kubernetes.api.model.NamespaceBuilder;
import io.fabric8.kubernetes.api.model.ObjectMetaBuilder;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.SortedSet;
import java.util.TreeMap;
import java.util.TreeSet;
import org.junit.jupiter.api.Test;

/** The watcher between an API that keeps objects and entities that listen. */
class ClusterWatcherTest extends WatcherFixture {

  private void expectNoEndpoints() {
    expect(
        entities.nodes(),
        message ->
            message instanceof NodeEntity.Endpoints(var policiesByPod) && policiesByPod.isEmpty()
                ? Optional.of(policiesByPod)
                : Optional.empty());
  }

  private SortedSet<PolicyKey> expectEndpoint(String address) {
    return expect(
        entities.nodes(),
        message ->
            message instanceof NodeEntity.Endpoints(var policiesByPod)
                ? Optional.ofNullable(policiesByPod.get(IpAddress.parse(address).orElseThrow()))
                : Optional.empty());
  }

  @Test
  void theGuidesObjectsReachTheEntities() {
    createTheGuide();
    startWatcher();
    GatewayEntity.Apply gateway = expect(entities.gateways(), GatewayEntity.Apply.class);
    assertThat(gateway.members())
        .containsEntry(new NodeName("worker-node-1"), Eligibility.ELIGIBLE);
    PolicyEntity.Apply policy = expect(entities.policies(), PolicyEntity.Apply.class);
    assertThat(policy.spec().gateway()).isEqualTo(new GatewayName("default"));
    assertThat(expectEndpoint("10.244.1.2")).containsExactly(Given.policy("test"));
    StatusWriter.PolicyEndpoints endpoints =
        expect(statusWriter, StatusWriter.PolicyEndpoints.class);
    assertThat(endpoints.endpoints()).hasSize(1);
  }

  @Test
  void aGatewayGetsADefaultAddressAndAFinalizer() {
    createTheGuide();
    startWatcher();
    await()
        .atMost(LIMIT)
        .untilAsserted(
            () -> {
              EgressGateway gateway =
                  api.resources(EgressGateway.class).withName("default").require();
              assertThat(gateway.getSpec().ippools())
                  .extracting(EgressGateway.IpPools::ipv4DefaultEIP)
                  .isEqualTo("10.6.168.201");
              assertThat(gateway.getMetadata().getFinalizers())
                  .containsExactly(ApiGroup.GATEWAY_FINALIZER);
            });
    expect(
        entities.gateways(),
        message ->
            message instanceof GatewayEntity.Apply apply
                ? apply.spec().ipv4Default()
                : Optional.empty());
  }

  @Test
  void podsThatComeAndGoAreTold() {
    createTheGuide();
    startWatcher();
    expectEndpoint("10.244.1.2");
    createPod("test-app-2", "10.244.1.3");
    expectEndpoint("10.244.1.3");
    api.pods().inNamespace("default").withName("test-app-1").delete();
    expect(
        entities.nodes(),
        message ->
            message instanceof NodeEntity.Endpoints(var policiesByPod) && policiesByPod.size() == 1
                ? Optional.of(policiesByPod)
                : Optional.empty());
  }

  @Test
  void aPolicyThatIsDeletedIsWithdrawn() {
    createTheGuide();
    startWatcher();
    expectEndpoint("10.244.1.2");
    api.resources(EgressPolicy.class).inNamespace("default").withName("test").delete();
    expect(entities.policies(), PolicyEntity.Withdraw.class);
    expectNoEndpoints();
    expect(statusWriter, StatusWriter.Forget.class);
  }

  @Test
  void ofAHerdOfPoliciesTheNextIsToldWhenOneIsAnswered() {
    createNode("worker-node-1", "10.6.168.11");
    createGateway("10.6.168.201-10.6.168.205");
    for (int i = 0; i <= PolicyDesk.TOLD_AT_ONCE; i++) {
      createPolicy("herd-%03d".formatted(i), "default");
    }
    startWatcher();
    List<PolicyEntity.Command> told =
        entities.policies().receiveSeveralMessages(PolicyDesk.TOLD_AT_ONCE, LIMIT);
    assertThat(told).hasOnlyElementsOfType(PolicyEntity.Apply.class);
    entities.policies().expectNoMessage(Duration.ofSeconds(1));

    PolicyEntity.Apply one = (PolicyEntity.Apply) told.getFirst();
    one.reportTo().tell(report(one, Condition.notReady("Pending", "not answered yet")));
    entities.policies().expectNoMessage(Duration.ofSeconds(1));
    one.reportTo().tell(report(one, Condition.ready("Programmed", "in place")));
    entities.policies().expectMessageClass(PolicyEntity.Apply.class, LIMIT);
  }

  private static StatusReport report(PolicyEntity.Apply told, Condition condition) {
    return new StatusReport.PolicyReport(
        Given.policy("herd-000"),
        told.version(),
        new TreeMap<>(),
        new TreeSet<>(List.of(condition)));
  }

  private void createNamespace(String name, String team) {
    api.namespaces()
        .resource(
            new NamespaceBuilder()
                .withNewMetadata()
                .withName(name)
                .addToLabels("team", team)
                .endMetadata()
                .build())
        .create();
  }

  private void createClusterPolicy(EgressClusterPolicy.AppliedTo appliedTo) {
    EgressClusterPolicy policy = new EgressClusterPolicy();
    policy.setMetadata(new ObjectMetaBuilder().withName("everywhere").build());
    policy.setSpec(new EgressClusterPolicy.Spec(appliedTo, null, "default", null, null, null));
    api.resource(policy).create();
  }

  @Test
  void aClusterPolicyFollowsTheLabelsOfNamespaces() {
    PolicyKey key = new PolicyKey.ClusterScoped("everywhere");
    createNamespace("default", "a");
    createNode("worker-node-1", "10.6.168.11");
    createGateway("10.6.168.201-10.6.168.205");
    createPod("test-app-1", "10.244.1.2");
    createClusterPolicy(
        new EgressClusterPolicy.AppliedTo(
            new SelectorTerms(null, Map.of("team", "a")),
            new SelectorTerms(null, Map.of("app", "test-app")),
            null));
    startWatcher();
    PolicyEntity.Apply policy = expect(entities.policies(), PolicyEntity.Apply.class);
    assertThat(policy.spec().priority()).isEqualTo(Priority.CLUSTER_DEFAULT);
    assertThat(expectEndpoint("10.244.1.2")).containsExactly(key);
    StatusWriter.PolicyEndpoints endpoints =
        expect(statusWriter, StatusWriter.PolicyEndpoints.class);
    assertThat(endpoints.policy()).isEqualTo(key);

    api.namespaces()
        .withName("default")
        .edit(
            namespace -> {
              namespace.getMetadata().setLabels(Map.of("team", "b"));
              return namespace;
            });
    expectNoEndpoints();

    api.resources(EgressClusterPolicy.class).withName("everywhere").delete();
    expect(entities.policies(), PolicyEntity.Withdraw.class);
  }

  @Test
  void aClusterPolicyMaySelectBySubnet() {
    createNode("worker-node-1", "10.6.168.11");
    createGateway("10.6.168.201-10.6.168.205");
    createPod("test-app-1", "10.244.1.2");
    createClusterPolicy(
        new EgressClusterPolicy.AppliedTo(null, null, List.of("10.244.1.0/29", "10.244.9.9")));
    startWatcher();
    assertThat(expectEndpoint("10.244.1.2"))
        .containsExactly(new PolicyKey.ClusterScoped("everywhere"));
    createPod("test-app-2", "10.244.9.9");
    expectEndpoint("10.244.9.9");
  }

  @Test
  void whatSpiderpoolDoesNotLeadToTheNodeIsSaidOfThePolicy() {
    createTheGuide();
    api.resources(EgressPolicy.class)
        .inNamespace("default")
        .withName("test")
        .edit(ClusterWatcherTest::withDestination);
    startWatcher();
    expectRemark(Optional.empty());
    var coordinators = api.genericKubernetesResources(NetworkKinds.SPIDER_COORDINATORS);
    coordinators.resource(coordinator("10.6.0.0/16", "no address")).create();
    expectRemark(Optional.of("DestinationNotHijacked"));
    coordinators.resource(coordinator("10.6.0.0/16", "172.30.1.1")).update();
    expectRemark(Optional.empty());
    coordinators.resource(coordinator("10.7.0.0/16")).update();
    expectRemark(Optional.of("DestinationNotHijacked"));
    api.resources(EgressPolicy.class)
        .inNamespace("default")
        .withName("test")
        .edit(policy -> withDestination(policy, List.of()));
    expectRemark(Optional.empty());
    api.resources(EgressPolicy.class)
        .inNamespace("default")
        .withName("test")
        .edit(ClusterWatcherTest::withDestination);
    expectRemark(Optional.of("DestinationNotHijacked"));
    coordinators.resource(coordinator("10.7.0.0/16")).delete();
    expectRemark(Optional.empty());
  }

  private static EgressPolicy withDestination(EgressPolicy policy) {
    return withDestination(policy, List.of("172.30.1.1/32"));
  }

  /** And with an exception, so that there is something to compare in any case. */
  private static EgressPolicy withDestination(EgressPolicy policy, List<String> destinations) {
    EgressPolicy.Spec spec = policy.getSpec();
    policy.setSpec(
        new EgressPolicy.Spec(
            spec.appliedTo(),
            destinations,
            spec.egressGatewayName(),
            null,
            List.of("10.9.0.0/16"),
            null));
    return policy;
  }

  private static GenericKubernetesResource coordinator(String... hijacked) {
    GenericKubernetesResource coordinator = new GenericKubernetesResource();
    coordinator.setApiVersion("spiderpool.spidernet.io/v2beta1");
    coordinator.setKind("SpiderCoordinator");
    coordinator.setMetadata(new ObjectMetaBuilder().withName("default").build());
    coordinator.setAdditionalProperty("spec", Map.of("hijackCIDR", List.of(hijacked)));
    return coordinator;
  }

  private void expectRemark(Optional<String> type) {
    expect(
        statusWriter,
        message ->
            message instanceof StatusWriter.Remark remark
                    && remark.condition().map(Condition::type).equals(type)
                ? Optional.of(remark)
                : Optional.empty());
  }

  @Test
  void aPolicyIsAwaitedFromItsComingUntilItIsRefusedOrDeleted() {
    createTheGuide();
    startWatcher();
    expect(entities.policies(), PolicyEntity.Apply.class);
    createPolicy("later", "default");
    StatusWriter.Awaited awaited = expect(statusWriter, StatusWriter.Awaited.class);
    assertThat(awaited.policy()).as("not what was there before").isEqualTo(Given.policy("later"));
    assertThat(awaited.version()).isPresent();
    api.resources(EgressPolicy.class).inNamespace("default").withName("later").delete();
    assertThat(expect(statusWriter, StatusWriter.Awaited.class))
        .isEqualTo(new StatusWriter.Awaited(Given.policy("later"), Optional.empty()));
    createPolicy("wrong", "nowhere");
    assertThat(expect(statusWriter, StatusWriter.Awaited.class).version()).isPresent();
    assertThat(expect(statusWriter, StatusWriter.Awaited.class))
        .isEqualTo(new StatusWriter.Awaited(Given.policy("wrong"), Optional.empty()));
  }

  @Test
  void aNodeThatComesWithAnAddressOfAPoolTakesNothingButThis() {
    createNode("worker-node-1", "10.6.168.11");
    createGateway("10.6.168.201-10.6.168.203");
    startWatcher();
    expectPool("[10.6.168.201-10.6.168.203]");
    createNode("worker-node-2", "10.6.168.202");
    expectPool("[10.6.168.201, 10.6.168.203]");
    List<Violation> violations =
        expect(
            statusWriter,
            message ->
                message instanceof StatusWriter.Violations wrong && !wrong.violations().isEmpty()
                    ? Optional.of(wrong.violations())
                    : Optional.empty());
    assertThat(Violation.sentences(violations))
        .isEqualTo(
            "spec.ippools.ipv4 '10.6.168.202': the own address of node worker-node-2; remove it;"
                + " others of the node's subnet may stay");
  }

  private void expectPool(String addresses) {
    expect(
        entities.gateways(),
        message ->
            message instanceof GatewayEntity.Apply apply
                    && apply.spec().ipv4().toString().equals(addresses)
                ? Optional.of(apply)
                : Optional.empty());
  }

  private void expectServed(String... namespaces) {
    expect(
        entities.gateways(),
        message ->
            message instanceof GatewayEntity.Apply apply
                    && apply.spec().tenants() instanceof Tenants.Selected selected
                    && selected.namespaces().equals(new TreeSet<>(List.of(namespaces)))
                ? Optional.of(apply)
                : Optional.empty());
  }

  @Test
  void aGatewayIsToldWhomItServes() {
    createNode("worker-node-1", "10.6.168.11");
    createNamespace("shop", "a");
    createNamespace("bank", "b");
    createGateway("10.6.168.201");
    api.resources(EgressGateway.class)
        .withName("default")
        .edit(
            gateway -> {
              EgressGateway.Spec spec = gateway.getSpec();
              gateway.setSpec(
                  new EgressGateway.Spec(
                      new SelectorTerms(null, Map.of("team", "a")),
                      spec.clusterDefault(),
                      spec.connectionReplication(),
                      spec.failOpen(),
                      spec.ippools(),
                      spec.nodeSelector(),
                      spec.onWitnessLoss()));
              return gateway;
            });
    startWatcher();
    expectServed("shop");
    api.namespaces()
        .withName("bank")
        .edit(
            namespace -> {
              namespace.getMetadata().setLabels(Map.of("team", "a"));
              return namespace;
            });
    expectServed("bank", "shop");
    api.namespaces().withName("shop").delete();
    expectServed("bank");
  }

  private Violation expectViolation() {
    return expect(
        statusWriter,
        message ->
            message instanceof StatusWriter.Violations violations
                ? violations.violations().stream().findFirst()
                : Optional.empty());
  }

  @Test
  void aBadGatewayIsToldToTheUserAndToNobodyElse() {
    createNode("worker-node-1", "10.6.168.11");
    createGateway("10.6.168.205-10.6.168.201");
    startWatcher();
    assertThat(expectViolation().field()).isEqualTo("spec.ippools.ipv4[0]");
    entities.gateways().expectNoMessage(Duration.ofMillis(300));
  }

  @Test
  void aPolicyOfAnUnknownGatewayIsAppliedOnceTheGatewayIsThere() {
    createNode("worker-node-1", "10.6.168.11");
    createPolicy("default");
    startWatcher();
    assertThat(expectViolation().field()).isEqualTo("spec.egressGatewayName");
    createGateway("10.6.168.201");
    expect(entities.policies(), PolicyEntity.Apply.class);
  }

  @Test
  void aPolicyThatOnlyItsGatewayRemembersIsWithdrawn() {
    createTheGuide();
    startWatcher();
    ActorRef<StatusReport> reportTo =
        expect(entities.gateways(), GatewayEntity.Apply.class).reportTo();
    PolicyKey forgotten = Given.policy("forgotten");
    reportTo.tell(
        new StatusReport.GatewayRetiring(
            new GatewayName("default"), new TreeSet<>(List.of(forgotten)), new TreeSet<>()));
    expect(entities.policies(), PolicyEntity.Withdraw.class);
  }

  @Test
  void aTunnelWithoutANodeIsRemovedAndItsNumberFreed() {
    EgressTunnel tunnel = new EgressTunnel();
    tunnel.setMetadata(new ObjectMetaBuilder().withName("gone").build());
    api.resource(tunnel).create();
    startWatcher();
    NodeEntity.Remove remove = expect(entities.nodes(), NodeEntity.Remove.class);
    remove.reportTo().tell(new StatusReport.NodeGone(new NodeName("gone")));
    expect(statusWriter, StatusWriter.Forget.class);
    await()
        .atMost(LIMIT)
        .untilAsserted(() -> assertThat(entities.freedNumbers()).containsExactly("gone"));
  }

  private void annotate(String key, String value) {
    api.resources(EgressGateway.class)
        .withName("default")
        .edit(
            gateway -> {
              gateway.getMetadata().setAnnotations(new HashMap<>(Map.of(key, value)));
              return gateway;
            });
  }

  private void expectAnswered(String reason, String message) {
    await()
        .atMost(LIMIT)
        .untilAsserted(
            () -> {
              assertThat(
                      api.v1().events().inNamespace("default").list().getItems().stream()
                          .filter(event -> event.getReason().equals(reason)))
                  .anySatisfy(event -> assertThat(event.getMessage()).contains(message));
              Map<String, String> left =
                  api.resources(EgressGateway.class)
                      .withName("default")
                      .require()
                      .getMetadata()
                      .getAnnotations();
              assertThat(left == null ? Map.of() : left).isEmpty();
            });
  }

  @Test
  void anOrderIsPassedOnAndItsAnswerWrittenDown() {
    createTheGuide();
    annotate(
        ApiGroup.MOVE_ANNOTATION,
        "{\"vip\":\"10.6.168.201\",\"targetNode\":\"worker-node-1\",\"id\":\"one\"}");
    startWatcher();
    GatewayEntity.MoveEip move = expect(entities.gateways(), GatewayEntity.MoveEip.class);
    assertThat(move.address()).isEqualTo(IpAddress.of("10.6.168.201"));
    assertThat(move.node()).isEqualTo(new NodeName("worker-node-1"));
    move.replyTo()
        .tell(
            new GatewayEntity.OrderDeclined(
                move.order(), OrderRefusal.NODE_NOT_FIT, "wait until it is ready"));
    expectAnswered("MoveDeclined", "order one: NodeNotFit: wait until it is ready");

    annotate(ApiGroup.REBALANCE_ANNOTATION, "two");
    GatewayEntity.Rebalance rebalance = expect(entities.gateways(), GatewayEntity.Rebalance.class);
    assertThat(rebalance.order()).isNotEqualTo(move.order());
    rebalance.replyTo().tell(new GatewayEntity.OrderAccepted(rebalance.order()));
    expectAnswered("RebalanceAccepted", "order two");

    annotate(
        ApiGroup.FENCE_ANNOTATION,
        "{\"node\":\"worker-node-1\",\"by\":\"me\",\"reason\":\"unplugged\",\"id\":\"three\"}");
    NodeEntity.AssertFence fence = expect(entities.nodes(), NodeEntity.AssertFence.class);
    assertThat(fence.by()).isEqualTo("me");
    assertThat(fence.reason()).isEqualTo("unplugged");
    fence.replyTo().tell(new GatewayEntity.OrderAccepted(fence.order()));
    expectAnswered("FenceAccepted", "order three");
  }

  @Test
  void anOrderThatSaysNothingIsDeclined() {
    createTheGuide();
    annotate(ApiGroup.MOVE_ANNOTATION, "worker-node-1");
    startWatcher();
    expectAnswered("MoveDeclined", "write it like");
  }

  @Test
  void anEntityThatAsksIsAnswered() {
    createTheGuide();
    ActorRef<ClusterWatcher.Command> watcher = startWatcher();
    expect(entities.policies(), PolicyEntity.Apply.class);
    expectEndpoint("10.244.1.2");
    watcher.tell(new ClusterWatcher.Requested(new SpecRequest.OfPolicy(Given.policy("test"))));
    expect(entities.policies(), PolicyEntity.Apply.class);
    watcher.tell(
        new ClusterWatcher.Requested(new SpecRequest.OfNode(new NodeName("worker-node-1"))));
    expect(entities.nodes(), NodeEntity.Observe.class);
    expectEndpoint("10.244.1.2");
    watcher.tell(new ClusterWatcher.Requested(new SpecRequest.OfPolicy(Given.policy("none"))));
    expect(entities.policies(), PolicyEntity.Withdraw.class);
    watcher.tell(new ClusterWatcher.Requested(new SpecRequest.OfGateway(new GatewayName("none"))));
    expect(entities.gateways(), GatewayEntity.Retire.class);
  }

  @Test
  void aGatewayThatIsBeingDeletedIsServedUntilItGoes() {
    createTheGuide();
    startWatcher();
    await()
        .atMost(LIMIT)
        .until(
            () ->
                api.resources(EgressGateway.class)
                    .withName("default")
                    .get()
                    .hasFinalizer(ApiGroup.GATEWAY_FINALIZER));

    api.resources(EgressGateway.class).withName("default").delete();

    expect(
        entities.gateways(),
        message ->
            Optional.of(message)
                .filter(GatewayEntity.Apply.class::isInstance)
                .map(GatewayEntity.Apply.class::cast)
                .filter(apply -> apply.prospect() == Gateway.Prospect.RETIRES));
  }

  @Test
  void saysWhetherItIsSynced() {
    ActorRef<ClusterWatcher.Command> watcher = startWatcher();
    TestProbe<SyncState> probe = testKit.createTestProbe(SyncState.class);
    await()
        .atMost(LIMIT)
        .until(
            () -> {
              watcher.tell(new ClusterWatcher.IsSynced(probe.ref()));
              return probe.receiveMessage() == SyncState.SYNCED;
            });
  }
}
