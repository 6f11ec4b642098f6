package io.egressgateway.k8s.translate;

import static org.assertj.core.api.Assertions.assertThat;

import io.egressgateway.k8s.translate.NodeFacts.Availability;
import io.fabric8.kubernetes.api.model.NodeBuilder;
import org.junit.jupiter.api.Test;

class NodeTranslatorTest {

  private static NodeBuilder node(String ready) {
    return new NodeBuilder()
        .withNewMetadata()
        .withName("worker-node-1")
        .withUid("u1")
        .endMetadata()
        .withNewSpec()
        .withPodCIDR("10.244.1.0/24")
        .withPodCIDRs("10.244.1.0/24", "fd01::/64")
        .endSpec()
        .withNewStatus()
        .addNewAddress("fd00::11", "InternalIP")
        .addNewAddress("10.6.168.11", "InternalIP")
        .addNewAddress("worker-node-1", "Hostname")
        .addNewCondition()
        .withType("Ready")
        .withStatus(ready)
        .endCondition()
        .endStatus();
  }

  @Test
  void theTunnelRunsOverIpv4WhereThereIsOne() {
    NodeFacts facts = NodeTranslator.translate(node("True").build());
    assertThat(facts.underlay().map(Object::toString)).contains("10.6.168.11");
    assertThat(facts.network().pods()).hasSize(2);
  }

  @Test
  void availabilityIsThatOfTheReadyConditionAndOfCordoning() {
    assertThat(NodeTranslator.translate(node("True").build()).availability())
        .isEqualTo(Availability.READY);
    assertThat(NodeTranslator.translate(node("Unknown").build()).availability())
        .isEqualTo(Availability.NOT_READY);
    assertThat(
            NodeTranslator.translate(
                    node("True").editSpec().withUnschedulable(true).endSpec().build())
                .availability())
        .isEqualTo(Availability.CORDONED);
    assertThat(
            NodeTranslator.translate(
                    node("True")
                        .editMetadata()
                        .addToAnnotations(NodeTranslator.DRAIN_ANNOTATION, "true")
                        .endMetadata()
                        .build())
                .availability())
        .isEqualTo(Availability.DRAINING);
  }

  @Test
  void aNodeThatHasSaidNothingIsNotReadyAndHasNoAddress() {
    NodeFacts facts =
        NodeTranslator.translate(
            new NodeBuilder().withNewMetadata().withName("n").withUid("u").endMetadata().build());
    assertThat(facts.availability()).isEqualTo(Availability.NOT_READY);
    assertThat(facts.underlay()).isEmpty();
  }
}
