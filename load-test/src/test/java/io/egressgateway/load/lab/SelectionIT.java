package io.egressgateway.load.lab;

import static org.assertj.core.api.Assertions.assertThat;

import io.egressgateway.core.model.Ipv4Address;
import io.egressgateway.core.model.NodeName;
import io.egressgateway.k8s.crd.EgressClusterPolicy;
import io.egressgateway.k8s.crd.EgressGateway;
import io.egressgateway.k8s.crd.EgressPolicy;
import io.egressgateway.k8s.crd.SelectorTerms;
import io.egressgateway.load.fault.Breakage;
import io.egressgateway.load.fault.Faults;
import io.egressgateway.load.lab.LabSettings.ApiChoice;
import io.egressgateway.load.lab.guide.GuideCluster;
import io.egressgateway.load.lab.kube.PodPlacement;
import io.egressgateway.load.lab.net.NamespaceExecutor;
import io.egressgateway.load.lab.process.LabProcess;
import io.egressgateway.node.kernel.LookupSet;
import io.egressgateway.node.kernel.Ruleset;
import io.egressgateway.node.netlink.NftNetlink;
import io.egressgateway.node.netlink.socket.SocketLimits;
import io.egressgateway.node.netlink.wire.Bytes;
import io.fabric8.kubernetes.api.model.ObjectMetaBuilder;
import io.fabric8.kubernetes.api.model.Pod;
import io.fabric8.kubernetes.api.model.PodBuilder;
import io.fabric8.kubernetes.api.model.PodSpecBuilder;
import io.fabric8.kubernetes.client.dsl.base.PatchContext;
import io.fabric8.kubernetes.client.dsl.base.PatchType;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.UnaryOperator;
import org.junit.jupiter.api.Test;

/** Which pods leave with which egress IP, by the log of the server outside. */
final class SelectionIT {
  private static final LabSettings SETTINGS = LabSettings.usual().with(ApiChoice.EMBEDDED);
  private static final Ipv4Address OF_CLUSTER_POLICY = Ipv4Address.of("10.6.168.203");
  private static final Ipv4Address OF_SUBNET_POLICY = Ipv4Address.of("10.6.168.202");

  private final List<Long> pids = new ArrayList<>();

  /** Rows 12, 14, 15, 17, 19 and 22 of the table in docs/conformance.md, beside the names. */
  @Test
  void clusterPoliciesFollowNamespacesAndYieldToAPolicyBySubnet() throws Exception {
    try (Lab lab = Lab.open(SETTINGS, LabWitness::event)) {
      LabWitness.explaining(lab, () -> select(lab));
      lab.supervisor().processes().values().stream().map(LabProcess::pid).forEach(pids::add);
    }
    LabWitness.expectNone(pids);
  }

  private static void select(Lab lab) throws Exception {
    GuideCluster guide = GuideCluster.start(lab);
    guide.createGateway();
    guide.createPods();
    PodPlacement pod = guide.matchedPod();
    PodPlacement other = guide.unmatchedPod();
    try (PodExec inside = lab.exec(pod);
        PodExec insideOther = lab.exec(other)) {
      labelNamespace(lab, "a");
      createClusterPolicy(lab);
      guide.awaitSource(inside, OF_CLUSTER_POLICY);
      createSubnetPolicy(lab, pod);
      guide.awaitSource(inside, OF_SUBNET_POLICY);
      guide.awaitSource(insideOther, other.node().underlay());
      lab.client()
          .resources(EgressPolicy.class)
          .inNamespace(GuideCluster.NAMESPACE)
          .withName("subnet")
          .delete();
      guide.awaitSource(inside, OF_CLUSTER_POLICY);
      aPodOnItsNodesNetworkIsNoPod(lab, guide);
      labelNamespace(lab, "b");
      guide.awaitSource(inside, pod.node().underlay());
      labelNamespace(lab, "a");
      guide.awaitSource(inside, OF_CLUSTER_POLICY);
      aGatewayThatFailsOpenLetsPacketsOut(lab, guide, inside);
      aPodThatIsGoneIsInNoKernel(lab, pod);
      assertThat(lab.supervisor().process(Lab.SERVER_NAME).output())
          .contains(OF_CLUSTER_POLICY.toString(), OF_SUBNET_POLICY.toString());
    }
  }

  /** The packets of a node are its own, whoever on it has which labels. */
  private static void aPodOnItsNodesNetworkIsNoPod(Lab lab, GuideCluster guide) throws Exception {
    String holder =
        Patience.USUAL.await(
            "a holder of the cluster policy's egress IP",
            () ->
                Optional.ofNullable(
                        lab.client()
                            .resources(EgressClusterPolicy.class)
                            .withName("everywhere")
                            .get()
                            .getStatus())
                    .map(EgressPolicy.Status::node));
    PodPlacement onNode = run(lab, "on-its-node", spec -> spec.withHostNetwork(true), holder);
    // It came later, so that what it gets shows that the first has been looked at.
    PodPlacement job = run(lab, "job", spec -> spec, holder);
    try (PodExec host = lab.exec(onNode);
        PodExec inside = lab.exec(job)) {
      guide.awaitSource(inside, OF_CLUSTER_POLICY);
      assertThat(host.sourceAddress(GuideCluster.ANSWER_PATIENCE))
          .contains(onNode.node().underlay());
      finish(lab, job);
      guide.awaitSource(inside, job.node().underlay());
    }
  }

  private static PodPlacement run(
      Lab lab, String name, UnaryOperator<PodSpecBuilder> network, String node) throws Exception {
    Pod pod =
        new PodBuilder()
            .withNewMetadata()
            .withNamespace(GuideCluster.NAMESPACE)
            .withName(name)
            .addToLabels("app", "test-app")
            .endMetadata()
            .withSpec(
                network
                    .apply(new PodSpecBuilder().withNodeName(node))
                    .addNewContainer()
                    .withName("shell")
                    .withImage("shell")
                    .endContainer()
                    .build())
            .build();
    lab.client().resource(pod).create();
    return Patience.USUAL.await(
        "pod %s to run".formatted(name),
        () ->
            lab.kubelet().pods().values().stream()
                .filter(placed -> placed.key().name().equals(name))
                .findFirst());
  }

  private static void finish(Lab lab, PodPlacement pod) {
    lab.client()
        .pods()
        .inNamespace(pod.key().namespace())
        .withName(pod.key().name())
        .editStatus(
            found -> {
              found.getStatus().setPhase("Succeeded");
              return found;
            });
  }

  private static void aGatewayThatFailsOpenLetsPacketsOut(
      Lab lab, GuideCluster guide, PodExec inside) throws Exception {
    lab.client()
        .resources(EgressGateway.class)
        .withName(GuideCluster.GATEWAY)
        .patch(PatchContext.of(PatchType.JSON_MERGE), "{\"spec\":{\"failOpen\":true}}");
    Faults faults = new Faults(lab, LabWitness::event);
    List<Breakage> dead = new ArrayList<>();
    for (String node : guide.gatewayNodes()) {
      dead.add(faults.powerOff(new NodeName(node)));
    }
    guide.awaitSource(inside, guide.matchedPod().node().underlay());
    for (Breakage breakage : dead) {
      breakage.mend();
    }
    guide.awaitSource(inside, OF_CLUSTER_POLICY);
  }

  private static void aPodThatIsGoneIsInNoKernel(Lab lab, PodPlacement pod) throws Exception {
    try (NamespaceExecutor node = new NamespaceExecutor(pod.node().namespace())) {
      assertThat(node.call(() -> isSelected(pod.address()))).isTrue();
      lab.client()
          .apps()
          .deployments()
          .inNamespace(GuideCluster.NAMESPACE)
          .withName("test-app")
          .delete();
      Patience.USUAL.await(
          "the kernel to know nothing of the pod that is gone",
          () -> node.call(() -> isSelected(pod.address())) ? Optional.empty() : Optional.of(pod));
    }
  }

  private static boolean isSelected(Ipv4Address pod) {
    try (NftNetlink nft = NftNetlink.open(SocketLimits.REQUESTS)) {
      return nft.elements(Ruleset.TABLE.set(LookupSet.POD_CLASS_V4.setName())).stream()
          .anyMatch(element -> element.key().equals(Bytes.of(pod.toBytes())));
    }
  }

  private static void labelNamespace(Lab lab, String team) {
    lab.client()
        .namespaces()
        .withName(GuideCluster.NAMESPACE)
        .edit(
            namespace -> {
              namespace.getMetadata().setLabels(new HashMap<>(Map.of("team", team)));
              return namespace;
            });
  }

  private static EgressPolicy.EgressIp address(Ipv4Address address) {
    return new EgressPolicy.EgressIp(null, address.toString(), null, null);
  }

  private static void createClusterPolicy(Lab lab) {
    EgressClusterPolicy policy = new EgressClusterPolicy();
    policy.setMetadata(new ObjectMetaBuilder().withName("everywhere").build());
    policy.setSpec(
        new EgressClusterPolicy.Spec(
            new EgressClusterPolicy.AppliedTo(
                new SelectorTerms(null, Map.of("team", "a")),
                new SelectorTerms(null, Map.of("app", "test-app")),
                null),
            null,
            GuideCluster.GATEWAY,
            address(OF_CLUSTER_POLICY),
            null,
            null));
    lab.client().resource(policy).create();
  }

  private static void createSubnetPolicy(Lab lab, PodPlacement pod) {
    EgressPolicy policy = new EgressPolicy();
    policy.setMetadata(
        new ObjectMetaBuilder().withNamespace(GuideCluster.NAMESPACE).withName("subnet").build());
    policy.setSpec(
        new EgressPolicy.Spec(
            new EgressPolicy.AppliedTo(null, List.of(pod.address().toString())),
            null,
            GuideCluster.GATEWAY,
            address(OF_SUBNET_POLICY),
            null,
            null));
    lab.client().resource(policy).create();
  }
}
