package io.egressgateway.k8s.translate;

import static org.assertj.core.api.Assertions.assertThat;

import io.egressgateway.core.model.Cidr;
import io.egressgateway.core.model.CidrSet;
import io.fabric8.kubernetes.api.model.EnvVar;
import io.fabric8.kubernetes.api.model.GenericKubernetesResource;
import io.fabric8.kubernetes.api.model.Pod;
import io.fabric8.kubernetes.api.model.PodBuilder;
import io.fabric8.kubernetes.client.utils.Serialization;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** The objects are as the networks' own documentation shows them. */
class PodNetworkTranslatorTest {

  private static GenericKubernetesResource object(String yaml) {
    return Serialization.unmarshal(yaml, GenericKubernetesResource.class);
  }

  private static CidrSet set(String... cidrs) {
    return CidrSet.of(Stream.of(cidrs).map(Cidr::of).toList());
  }

  @Test
  void aPoolOfCalicoIsOneBlock() {
    assertThat(
            PodNetworkTranslator.calico(
                object(
                    """
                    apiVersion: crd.projectcalico.org/v1
                    kind: IPPool
                    metadata: {name: default-ipv6-ippool}
                    spec: {cidr: "fd00:10:244::/56", blockSize: 122}
                    """)))
        .isEqualTo(set("fd00:10:244::/56"));
  }

  private static GenericKubernetesResource ciliumNode(String ipam) {
    return object(
        """
        apiVersion: cilium.io/v2
        kind: CiliumNode
        metadata: {name: worker-1}
        spec:
          addresses:
          - {ip: 10.6.168.11, type: InternalIP}
          - {ip: 10.244.1.77, type: CiliumInternalIP}
          ipam: %s
        """
            .formatted(ipam));
  }

  @Test
  void ciliumsOperatorGivesBlocksToNodes() {
    assertThat(
            PodNetworkTranslator.cilium(
                ciliumNode("{podCIDRs: [10.244.1.0/24, \"fd00:10:244:1::/64\"]}")))
        .isEqualTo(set("10.244.1.0/24", "fd00:10:244:1::/64"));
  }

  @Test
  void ciliumHasSeveralPools() {
    assertThat(
            PodNetworkTranslator.cilium(
                ciliumNode(
                    """
                    {pools: {
                      requested: [{pool: default, needed: {ipv4-addrs: 16}}],
                      allocated: [
                        {pool: default, cidrs: [10.10.0.0/27]},
                        {pool: mars, cidrs: [10.20.0.0/27, 10.20.0.32/27]}]}}
                    """)))
        .isEqualTo(set("10.10.0.0/27", "10.20.0.0/26"));
  }

  @Test
  void cloudsGiveCiliumSingleAddresses() {
    assertThat(
            PodNetworkTranslator.cilium(
                ciliumNode("{pool: {192.168.86.96: {resource: eni-1}, 192.168.86.97: {}}}")))
        .isEqualTo(set("192.168.86.96/31"));
  }

  @Test
  void whatSpiderpoolKeepsFromPodsIsNotTheirs() {
    assertThat(
            PodNetworkTranslator.spiderpool(
                object(
                    """
                    apiVersion: spiderpool.spidernet.io/v2beta1
                    kind: SpiderIPPool
                    metadata: {name: macvlan-net1}
                    spec:
                      subnet: 10.6.0.0/16
                      ips: [10.6.168.100-10.6.168.103, 10.6.168.105]
                      excludeIPs: [10.6.168.101]
                    """)))
        .isEqualTo(set("10.6.168.100/32", "10.6.168.102/31", "10.6.168.105/32"));
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "{}",
        "{ipam: none, ips: 7, cidr: [], excludeIPs: {}}",
        "{ipam: {podCIDRs: {}, pools: [], pool: 10.0.0.1, ipv6-pool: null}}",
        "{ipam: {podCIDRs: [null, 3, pod], pools: {allocated: [7, {cidrs: 8}, null]}, pool: {x: y}}}",
        "{cidr: all, ips: [10.6.0.9-10.6.0.1, a-b, null, 10.6.0.1-fd00::1], excludeIPs: [x]}"
      })
  void whatIsNotAsExpectedSaysNothing(String spec) {
    GenericKubernetesResource odd = object("kind: Odd\nspec: " + spec);
    assertThat(PodNetworkTranslator.calico(odd)).isEqualTo(CidrSet.empty());
    assertThat(PodNetworkTranslator.cilium(odd)).isEqualTo(CidrSet.empty());
    assertThat(PodNetworkTranslator.spiderpool(odd)).isEqualTo(CidrSet.empty());
  }

  private static Pod weavePod(EnvVar... variables) {
    return new PodBuilder()
        .withNewSpec()
        .addNewContainer()
        .withName("weave-npc")
        .endContainer()
        .addNewContainer()
        .withName("weave")
        .withEnv(List.of(variables))
        .endContainer()
        .endSpec()
        .build();
  }

  @Test
  void weaveNetSaysItsRangeOrHasTheUsualOne() {
    assertThat(PodNetworkTranslator.weave(weavePod())).isEqualTo(set("10.32.0.0/12"));
    assertThat(
            PodNetworkTranslator.weave(
                weavePod(new EnvVar("IPALLOC_RANGE", "172.30.0.0/16", null))))
        .isEqualTo(set("172.30.0.0/16"));
  }

  @Test
  void aRangeThatIsKeptElsewhereIsNotTheUsualOne() {
    assertThat(PodNetworkTranslator.weave(weavePod(new EnvVar("IPALLOC_RANGE", null, null))))
        .isEqualTo(CidrSet.empty());
  }
}
