package io.egressgateway.load.lab;

import static org.assertj.core.api.Assertions.assertThat;

import io.egressgateway.core.model.Ipv4Address;
import io.egressgateway.k8s.crd.EgressClusterPolicy;
import io.egressgateway.k8s.crd.EgressPolicy;
import io.egressgateway.k8s.crd.SelectorTerms;
import io.egressgateway.load.lab.LabSettings.ApiChoice;
import io.egressgateway.load.lab.guide.GuideCluster;
import io.egressgateway.load.lab.kube.PodPlacement;
import io.egressgateway.load.lab.process.LabProcess;
import io.fabric8.kubernetes.api.model.ObjectMetaBuilder;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

/** Which pods leave with which egress IP, by the log of the server outside. */
final class SelectionIT {
  private static final LabSettings SETTINGS = LabSettings.usual().with(ApiChoice.EMBEDDED);
  private static final Ipv4Address OF_CLUSTER_POLICY = Ipv4Address.of("10.6.168.203");
  private static final Ipv4Address OF_SUBNET_POLICY = Ipv4Address.of("10.6.168.202");

  private final List<Long> pids = new ArrayList<>();

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
      labelNamespace(lab, "b");
      guide.awaitSource(inside, pod.node().underlay());
      assertThat(lab.supervisor().process(Lab.SERVER_NAME).output())
          .contains(OF_CLUSTER_POLICY.toString(), OF_SUBNET_POLICY.toString());
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
