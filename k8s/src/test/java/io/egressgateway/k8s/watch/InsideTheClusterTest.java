package io.egressgateway.k8s.watch;

import static org.assertj.core.api.Assertions.assertThat;

import io.egressgateway.core.model.IpAddress;
import io.egressgateway.k8s.crd.EgressClusterInfo;
import io.egressgateway.k8s.status.StatusWriter;
import io.egressgateway.policy.entity.NodeEntity;
import io.fabric8.kubernetes.api.model.GenericKubernetesResource;
import io.fabric8.kubernetes.api.model.ObjectMetaBuilder;
import io.fabric8.kubernetes.api.model.PodBuilder;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;

/** What is inside the cluster, as nodes are told. */
class InsideTheClusterTest extends WatcherFixture {

  private void expectInside(String inside, String outside) {
    expect(
        entities.nodes(),
        message ->
            message instanceof NodeEntity.Observe(var inventory, var reportTo)
                    && inventory.clusterCidrs().contains(IpAddress.of(inside))
                    && !inventory.clusterCidrs().contains(IpAddress.of(outside))
                ? Optional.of(inventory)
                : Optional.empty());
  }

  private void setClusterInfo(EgressClusterInfo.Spec spec) {
    EgressClusterInfo info = new EgressClusterInfo();
    info.setMetadata(new ObjectMetaBuilder().withName(EgressClusterInfo.SINGLETON).build());
    info.setSpec(spec);
    api.resource(info).createOr(existing -> existing.update());
  }

  @Test
  void whatIsInsideTheClusterFollowsItsObject() {
    createNode("worker-node-1", "10.6.168.11");
    api.genericKubernetesResources(NetworkKinds.CALICO_POOLS)
        .resource(calicoPool("192.168.0.0/16"))
        .create();
    startWatcher();
    expectInside("192.168.3.4", "10.250.0.1");
    setClusterInfo(
        new EgressClusterInfo.Spec(
            new EgressClusterInfo.AutoDetect(true, true, "k8s"), List.of("10.250.0.1"), null));
    expectInside("10.250.0.1", "192.168.3.4");
    StatusWriter.ClusterInfo told = expect(statusWriter, StatusWriter.ClusterInfo.class);
    assertThat(told.networks().nodes()).containsOnlyKeys("worker-node-1");
    setClusterInfo(
        new EgressClusterInfo.Spec(new EgressClusterInfo.AutoDetect(true, false, ""), null, false));
    expectInside("10.96.0.1", "10.6.168.11");
    api.resources(EgressClusterInfo.class).withName(EgressClusterInfo.SINGLETON).delete();
    expectInside("169.254.169.254", "10.250.0.1");
    expect(statusWriter, StatusWriter.Forget.class);
  }

  @Test
  void aMisspeltDestinationTakesTheOthersNotAwayFromAWatcherThatBegins() {
    createNode("worker-node-1", "10.6.168.11");
    setClusterInfo(new EgressClusterInfo.Spec(null, List.of("10.250.0.1", "router"), false));
    startWatcher();

    expectInside("10.250.0.1", "169.254.169.254");

    assertThat(expect(statusWriter, StatusWriter.ClusterInfo.class).violations()).hasSize(1);
  }

  @Test
  void aBadChangeOfTheClusterInfoChangesNothing() {
    createNode("worker-node-1", "10.6.168.11");
    setClusterInfo(new EgressClusterInfo.Spec(null, List.of("10.250.0.1"), null));
    startWatcher();
    expectInside("10.250.0.1", "10.250.0.2");

    setClusterInfo(new EgressClusterInfo.Spec(null, List.of("10.250.0.2", "router"), null));
    createNode("worker-node-2", "10.6.168.12");

    expectInside("10.6.168.12", "10.250.0.2");
  }

  private static GenericKubernetesResource calicoPool(String cidr) {
    return networkObject("crd.projectcalico.org/v1", "IPPool", Map.of("cidr", cidr));
  }

  private static GenericKubernetesResource networkObject(
      String apiVersion, String kind, Map<String, ?> spec) {
    GenericKubernetesResource object = new GenericKubernetesResource();
    object.setApiVersion(apiVersion);
    object.setKind(kind);
    object.setMetadata(new ObjectMetaBuilder().withName("pool").build());
    object.setAdditionalProperty("spec", spec);
    return object;
  }

  @Test
  void calicosPoolsComeChangeAndGo() {
    createNode("worker-node-1", "10.6.168.11");
    startWatcher();
    expectInside("10.6.168.11", "192.168.3.4");
    var pools = api.genericKubernetesResources(NetworkKinds.CALICO_POOLS);
    pools.resource(calicoPool("192.168.0.0/16")).create();
    expectInside("192.168.3.4", "172.20.1.1");
    pools.resource(calicoPool("172.20.0.0/16")).update();
    expectInside("172.20.1.1", "192.168.3.4");
    pools.resource(calicoPool("172.20.0.0/16")).delete();
    expectInside("10.6.168.11", "172.20.1.1");
  }

  @Test
  void ciliumTakesThePlaceOfTheNodesBlocks() {
    createNode("worker-node-1", "10.6.168.11", "10.244.1.0/24");
    startWatcher();
    expectInside("10.244.1.9", "10.0.1.9");
    api.genericKubernetesResources(NetworkKinds.CILIUM_NODES)
        .resource(
            networkObject(
                "cilium.io/v2",
                "CiliumNode",
                Map.of("ipam", Map.of("podCIDRs", List.of("10.0.1.0/24")))))
        .create();
    expectInside("10.0.1.9", "10.244.1.9");
  }

  @Test
  void whatSpiderpoolGivesToPodsIsInside() {
    createNode("worker-node-1", "10.6.168.11", "10.244.1.0/24");
    api.genericKubernetesResources(NetworkKinds.SPIDER_POOLS)
        .resource(
            networkObject(
                "spiderpool.spidernet.io/v2beta1",
                "SpiderIPPool",
                Map.of("subnet", "10.6.0.0/16", "ips", List.of("10.6.168.100-10.6.168.110"))))
        .create();
    startWatcher();
    expectInside("10.6.168.104", "10.6.1.92");
    expectInside("10.244.1.9", "10.6.168.111");
  }

  @Test
  void weaveNetIsAskedForItsRange() {
    createNode("worker-node-1", "10.6.168.11", "10.244.1.0/24");
    api.resource(
            new PodBuilder()
                .withNewMetadata()
                .withName("weave-net-x")
                .withNamespace("kube-system")
                .addToLabels("name", "weave-net")
                .endMetadata()
                .withNewSpec()
                .addNewContainer()
                .withName("weave")
                .endContainer()
                .endSpec()
                .build())
        .create();
    startWatcher();
    expectInside("10.32.7.7", "10.244.1.9");
  }
}
