package io.egressgateway.k8s.translate;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.groups.Tuple.tuple;

import io.egressgateway.core.model.EgressGatewaySpec;
import io.egressgateway.k8s.crd.EgressClusterInfo;
import io.egressgateway.k8s.crd.EgressGateway;
import io.fabric8.kubernetes.client.utils.Serialization;
import java.util.List;
import org.junit.jupiter.api.Test;

class NetworkConflictsTest {

  private static final ClusterNetworks NETWORKS =
      ClusterInfoTranslator.networks(
          Serialization.unmarshal(
              """
              clusterIP: {ipv4: [10.96.0.0/12], ipv6: ['fd00:96::/112']}
              nodeIP: {n1: {ipv4: [10.6.1.25], ipv6: ['fd00:6::25']}, n2: {ipv4: [10.6.1.30]}}
              podCIDR: {n1: {ipv4: [10.244.1.0/24]}, n2: {ipv4: [10.244.2.0/24]}}
              podCidrMode: k8s
              extraCidr: [10.6.0.0/16]
              """,
              EgressClusterInfo.Status.class));

  private static EgressGatewaySpec gateway(String pools) {
    EgressGateway gateway =
        Serialization.unmarshal(
            "spec: {ippools: {" + pools + "}, nodeSelector: {selector: {matchLabels: {a: b}}}}",
            EgressGateway.class);
    return switch (GatewayTranslator.translate(gateway)) {
      case Translation.Valid<EgressGatewaySpec> valid -> valid.spec();
      case Translation.Invalid<EgressGatewaySpec> invalid -> throw new AssertionError(invalid);
    };
  }

  private static List<Violation> conflicts(String pools) {
    return NetworkConflicts.between(gateway(pools), NETWORKS);
  }

  @Test
  void aPoolInTheSubnetOfNodesAndOfExtraCidrIsGood() {
    assertThat(conflicts("ipv4: [10.6.1.1-10.6.1.24, 10.6.1.26]")).isEmpty();
  }

  @Test
  void aNodesOwnAddressIsNamedWithItsNode() {
    assertThat(conflicts("ipv4: [10.6.1.20-10.6.1.40]"))
        .containsExactly(
            new Violation(
                "spec.ippools.ipv4",
                "10.6.1.25",
                "the own address of node n1",
                "remove it; others of the node's subnet may stay"),
            new Violation(
                "spec.ippools.ipv4",
                "10.6.1.30",
                "the own address of node n2",
                "remove it; others of the node's subnet may stay"));
    assertThat(conflicts("ipv6: ['fd00:6::20-fd00:6::30']"))
        .extracting(Violation::field, Violation::value)
        .containsExactly(tuple("spec.ippools.ipv6", "fd00:6::25"));
  }

  @Test
  void whatIsSharedWithServicesAndPodsIsNamed() {
    assertThat(conflicts("ipv4: [10.95.255.0-10.96.0.9]"))
        .containsExactly(
            new Violation(
                "spec.ippools.ipv4",
                "10.96.0.0-10.96.0.9",
                "among the addresses of services, 10.96.0.0/12",
                "write addresses outside of what status.clusterIP of EgressClusterInfo default"
                    + " lists"));
    assertThat(conflicts("ipv4: [10.244.1.250-10.244.2.3]"))
        .extracting(Violation::value, Violation::reason)
        .containsExactly(
            tuple("10.244.1.250-10.244.1.255", "among the addresses of pods, 10.244.1.0/24 of n1"),
            tuple("10.244.2.0-10.244.2.3", "among the addresses of pods, 10.244.2.0/24 of n2"));
    assertThat(conflicts("ipv6: ['fd00:96::/64']"))
        .extracting(Violation::value)
        .containsExactly("fd00:96::-fd00:96::ffff");
  }

  @Test
  void aHugePoolCostsWhatTheConflictsAre() {
    assertThat(conflicts("ipv4: [10.0.0.0/8]")).hasSize(5);
    assertThat(conflicts("ipv6: ['fd00::/16']")).hasSize(2);
  }

  @Test
  void theRestOfThePoolIsServed() {
    EgressGatewaySpec rest =
        NetworkConflicts.without(
            gateway("ipv4: [10.6.1.24-10.6.1.26], ipv4DefaultEIP: 10.6.1.25"), NETWORKS);

    assertThat(rest.ipv4()).hasToString("[10.6.1.24, 10.6.1.26]");
    assertThat(rest.ipv4Default()).isEmpty();
    assertThat(NetworkConflicts.between(rest, NETWORKS)).isEmpty();
  }

  @Test
  void whereNothingIsKnownNothingIsWrong() {
    assertThat(NetworkConflicts.between(gateway("ipv4: [10.0.0.0/8]"), ClusterNetworks.unknown()))
        .isEmpty();
  }
}
