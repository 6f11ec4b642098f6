package io.egressgateway.load.lab;

import static java.util.Objects.requireNonNull;
import static org.assertj.core.api.Assertions.assertThat;

import io.egressgateway.core.model.Ipv4Address;
import io.egressgateway.core.model.NodeName;
import io.egressgateway.k8s.crd.EgressGateway;
import io.egressgateway.k8s.crd.EgressPolicy;
import io.egressgateway.k8s.crd.EgressTunnel;
import io.egressgateway.load.fault.Breakage;
import io.egressgateway.load.fault.Faults;
import io.egressgateway.load.lab.LabSettings.ApiChoice;
import io.egressgateway.load.lab.guide.GuideCluster;
import io.egressgateway.load.lab.kube.PodPlacement;
import io.egressgateway.load.oracle.KernelOracle;
import io.egressgateway.load.oracle.SegmentOracle;
import io.fabric8.kubernetes.client.dsl.base.PatchContext;
import io.fabric8.kubernetes.client.dsl.base.PatchType;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.MethodOrderer;
import org.junit.jupiter.api.Order;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestMethodOrder;

/**
 * Cases of the ancestor whose result is where packets go, in one lab with a real kube-apiserver:
 * the guide's gateway with two nodes, and the guide's policy. Statuses are what the product says;
 * kernels and the server outside say whether it is so.
 */
@TestMethodOrder(MethodOrderer.OrderAnnotation.class)
@Tag("matrix")
final class PacketCasesIT {
  private static final LabSettings SETTINGS = LabSettings.usual().with(ApiChoice.REAL);

  /** First what needs nodes that have lost no lease of late, and are not avoided for a while. */
  private static final int CALM = 1;

  private static final int NODES_DIE = 2;
  private static final int ANSWERS = 5;

  private static final String STATEFUL_SET =
      """
      apiVersion: apps/v1
      kind: StatefulSet
      metadata: {name: web, namespace: default}
      spec:
        replicas: 2
        serviceName: web
        podManagementPolicy: Parallel
        selector: {matchLabels: {app: web}}
        template:
          metadata: {labels: {app: web}}
          spec:
            terminationGracePeriodSeconds: 0
            containers: [{name: web, image: nginx}]
      """;

  private static Lab lab;
  private static GuideCluster guide;
  private static ApiObjects objects;
  private static KernelOracle kernels;
  private static Ipv4Address eip;
  private static SegmentOracle arp;

  @BeforeAll
  static void start() throws Exception {
    lab = Lab.open(SETTINGS, LabWitness::event);
    try {
      guide = GuideCluster.start(lab);
      objects = new ApiObjects(lab.client());
      kernels = new KernelOracle(SETTINGS.topology());
      guide.createGateway();
      guide.createPods();
      try (PodExec pod = lab.exec(guide.matchedPod())) {
        guide.createPolicy(pod);
      }
      guide.awaitLeases(GuideCluster.GATEWAY);
      eip =
          Patience.USUAL
              .await(
                  "the policy's status",
                  () -> guide.objects().policyStatus(GuideCluster.NAMESPACE, GuideCluster.POLICY))
              .eip();
      arp = SegmentOracle.start(SETTINGS.topology(), List.of(eip), SegmentOracle.PACE);
    } catch (Exception | AssertionError e) {
      LabWitness.explain(lab);
      lab.close();
      throw e;
    }
  }

  @AfterAll
  static void end() throws Exception {
    try {
      arp.close();
    } finally {
      lab.close();
    }
  }

  /** Waits until the node answers for the egress IP, and the statuses say that it has it. */
  private static void awaitHolder(String node) throws Exception {
    Patience.USUAL.await(
        node + " to answer for " + eip, () -> arp.holder(eip).filter(new NodeName(node)::equals));
    Patience.USUAL.await("status.node to be " + node, () -> statusNode().filter(node::equals));
    Patience.USUAL.await(
        "the gateway's status to have " + eip + " at " + node,
        () -> Optional.of(node).filter(n -> addressesAt(n).equals(List.of(eip.toString()))));
  }

  private static Optional<String> statusNode() {
    return Optional.ofNullable(policy().getStatus()).map(EgressPolicy.Status::node);
  }

  private static EgressPolicy policy() {
    return requireNonNull(objects.policy(GuideCluster.NAMESPACE, GuideCluster.POLICY).get());
  }

  /** What the gateway's status says of the guide's policy's address. */
  private static List<String> addressesAt(String node) {
    return objects.gatewayStatus(GuideCluster.GATEWAY).stream()
        .flatMap(status -> Stream.ofNullable(status.nodeList()))
        .flatMap(List::stream)
        .filter(entry -> node.equals(entry.name()))
        .flatMap(entry -> Stream.ofNullable(entry.eips()))
        .flatMap(List::stream)
        .flatMap(entry -> Stream.ofNullable(entry.ipv4()))
        .filter(eip.toString()::equals)
        .toList();
  }

  /** Waits until nobody answers for the egress IP and no status names a node of it. */
  private static void awaitNobody() throws Exception {
    Patience.USUAL.await(
        "nobody to answer for " + eip,
        () -> arp.holder(eip).isEmpty() ? Optional.of(eip) : Optional.empty());
    Patience.USUAL.await(
        "status.node to be empty",
        () -> statusNode().isEmpty() ? Optional.of(eip) : Optional.empty());
  }

  private static void label(String node, String role) {
    lab.client()
        .nodes()
        .withName(node)
        .edit(
            found -> {
              found.getMetadata().getLabels().put("role", role);
              return found;
            });
  }

  /** Has the gateway's nodes chosen by these labels; null takes one away. */
  private static void select(String matchLabels) {
    objects
        .gateway(GuideCluster.GATEWAY)
        .patch(
            PatchContext.of(PatchType.JSON_MERGE),
            "{\"spec\":{\"nodeSelector\":{\"selector\":{\"matchLabels\":" + matchLabels + "}}}}");
  }

  private static void selectRole(String role) {
    select("{\"egressgateway\":null,\"role\":\"" + role + "\"}");
  }

  private static void awaitNodes(List<String> nodes) throws Exception {
    Patience.USUAL.await(
        "status.nodeList to have " + nodes,
        () -> Optional.of(objects.nodes(GuideCluster.GATEWAY)).filter(nodes::equals));
  }

  @Test
  @Order(CALM)
  @DisplayName("G00014 another node selector: statuses and packets follow, to nobody and back")
  void nodeSelector() throws Exception {
    List<String> nodes = guide.gatewayNodes();
    nodes.forEach(node -> label(node, "only-" + node));
    LabWitness.explaining(
        lab,
        () -> {
          try (PodExec pod = lab.exec(guide.matchedPod());
              SourceWatch watch = new SourceWatch(pod)) {
            for (String node : nodes) {
              follow(node, watch);
            }
            selectRole("nobody");
            awaitNobody();
            awaitNodes(List.of());
            Patience.USUAL.await(
                "no kernel to have an egress IP",
                () -> Optional.of(kernels.prepared()).filter(Map::isEmpty));
            assertThat(pod.sourceAddress(GuideCluster.ANSWER_PATIENCE)).isEmpty();
            follow(nodes.getLast(), watch);
            assertThat(watch.seen().keySet()).containsExactly(eip);
          }
        });
    select("{\"egressgateway\":\"true\",\"role\":null}");
    guide.awaitGateway();
    guide.awaitLeases(GuideCluster.GATEWAY);
  }

  private static void follow(String node, SourceWatch watch) throws Exception {
    selectRole("only-" + node);
    awaitHolder(node);
    awaitNodes(List.of(node));
    watch.awaitAnswers(ANSWERS);
  }

  private static PodPlacement awaitPod(String name, String formerUid) throws Exception {
    return Patience.USUAL.await(
        "pod " + name + " to run",
        () ->
            lab.kubelet().pods().values().stream()
                .filter(pod -> pod.key().name().startsWith(name))
                .filter(pod -> !pod.uid().equals(formerUid))
                .findFirst());
  }

  private static void awaitSource(PodPlacement pod, Ipv4Address address) throws Exception {
    try (PodExec inside = lab.exec(pod)) {
      guide.awaitSource(inside, address);
    }
  }

  @Test
  @Order(CALM)
  @DisplayName("a StatefulSet's pods, one of them anew, and a Deployment that restarts")
  void workloads() throws Exception {
    LabWitness.explaining(
        lab,
        () -> {
          lab.client().resource(STATEFUL_SET).create();
          objects.createPolicy(
              GuideCluster.NAMESPACE,
              "web",
              "egressGatewayName: default, egressIP: {allocatorPolicy: rr}");
          Ipv4Address web =
              Patience.USUAL
                  .await(
                      "the status of EgressPolicy web",
                      () -> guide.objects().policyStatus(GuideCluster.NAMESPACE, "web"))
                  .eip();
          assertThat(web).isNotEqualTo(eip);
          PodPlacement first = awaitPod("web-0", "");
          awaitSource(first, web);
          awaitSource(awaitPod("web-1", ""), web);

          lab.client().pods().inNamespace(GuideCluster.NAMESPACE).withName("web-0").delete();
          awaitSource(awaitPod("web-0", first.uid()), web);

          PodPlacement before = guide.matchedPod();
          lab.client()
              .apps()
              .deployments()
              .inNamespace(GuideCluster.NAMESPACE)
              .withName("test-app")
              .rolling()
              .restart();
          awaitSource(awaitPod("test-app-", before.uid()), eip);
          lab.client().resource(STATEFUL_SET).delete();
          objects.policy(GuideCluster.NAMESPACE, "web").delete();
        });
  }

  /** Everything that the product says, but for when it was said. */
  private static Map<String, Object> statuses() {
    Map<String, Object> all = new TreeMap<>();
    for (EgressGateway gateway : lab.client().resources(EgressGateway.class).list().getItems()) {
      all.put(gateway.getMetadata().getName(), requireNonNull(gateway.getStatus()));
    }
    for (EgressPolicy policy : objects.policies(GuideCluster.NAMESPACE)) {
      all.put("policy " + policy.getMetadata().getName(), requireNonNull(policy.getStatus()));
    }
    for (EgressTunnel tunnel : lab.client().resources(EgressTunnel.class).list().getItems()) {
      EgressTunnel.Status status = requireNonNull(tunnel.getStatus());
      all.put(
          "tunnel " + tunnel.getMetadata().getName(),
          status.phase() + " " + status.tunnel() + " " + status.mark());
    }
    return all;
  }

  @Test
  @Order(CALM)
  @DisplayName("R00007 the API's servers are killed: packets go on, statuses stay, policies work")
  void controlPlane() throws Exception {
    Map<String, Object> before = statuses();
    LabWitness.explaining(
        lab,
        () -> {
          try (PodExec pod = lab.exec(guide.matchedPod());
              PodExec other = lab.exec(guide.unmatchedPod());
              SourceWatch watch = new SourceWatch(pod)) {
            watch.awaitAnswers(ANSWERS);
            new Faults(lab, LabWitness::event).crashApi().mend();
            // What is decided after it shows that the controller has found the API again.
            guide.createOtherPolicy(other);
            objects.policy(GuideCluster.NAMESPACE, "other").delete();
            guide.awaitSource(other, guide.unmatchedPod().node().underlay());
            watch.awaitAnswers(ANSWERS);
            assertThat(watch.seen().keySet()).containsExactly(eip);
            assertThat(watch.unanswered()).isZero();
          }
          Patience.USUAL.await(
              "the statuses to be " + before, () -> Optional.of(statuses()).filter(before::equals));
        });
  }

  @Test
  @Order(NODES_DIE)
  @DisplayName(
      "R00006 all gateway nodes stop: dark; one returns and has it; the other changes nothing")
  void allGatewayNodes() throws Exception {
    Faults faults = new Faults(lab, LabWitness::event);
    List<NodeName> nodes = guide.gatewayNodes().stream().map(NodeName::new).toList();
    LabWitness.explaining(
        lab,
        () -> {
          try (PodExec pod = lab.exec(guide.matchedPod());
              SourceWatch watch = new SourceWatch(pod)) {
            watch.awaitAnswers(ANSWERS);
            Breakage first = faults.powerOff(nodes.getFirst());
            Breakage last = faults.powerOff(nodes.getLast());
            awaitNobody();
            assertThat(pod.sourceAddress(GuideCluster.ANSWER_PATIENCE)).isEmpty();

            last.mend();
            awaitHolder(nodes.getLast().value());
            watch.awaitAnswers(ANSWERS);

            first.mend();
            guide.awaitMesh();
            guide.awaitGateway();
            guide.awaitLeases(GuideCluster.GATEWAY);
            watch.awaitAnswers(ANSWERS);
            awaitHolder(nodes.getLast().value());
            assertThat(watch.seen().keySet()).containsExactly(eip);
          }
          assertThat(arp.overlaps()).isEmpty();
        });
  }
}
