package io.egressgateway.k8s.translate;

import static org.assertj.core.api.Assertions.assertThat;

import io.egressgateway.core.model.IpAddress;
import io.fabric8.kubernetes.api.model.Pod;
import io.fabric8.kubernetes.api.model.PodBuilder;
import org.junit.jupiter.api.Test;

class PodTranslatorTest {

  private static PodBuilder running() {
    return new PodBuilder()
        .withNewMetadata()
        .withNamespace("default")
        .withName("web-1")
        .withUid("u1")
        .withCreationTimestamp("2026-11-01T00:00:00Z")
        .addToLabels("app", "web")
        .endMetadata()
        .withNewSpec()
        .withNodeName("worker-node-3")
        .endSpec()
        .withNewStatus()
        .withPhase("Running")
        .withPodIP("10.244.3.7")
        .addNewPodIP("10.244.3.7")
        .addNewPodIP("fd00::7")
        .endStatus();
  }

  @Test
  void aRunningPodHasAddressesOfBothFamilies() {
    assertThat(PodTranslator.translate(running().build()))
        .get()
        .satisfies(
            pod -> {
              assertThat(pod.addresses())
                  .containsExactly(
                      IpAddress.parse("10.244.3.7").orElseThrow(),
                      IpAddress.parse("fd00::7").orElseThrow());
              assertThat(pod.node()).hasToString("worker-node-3");
              assertThat(pod.labels().get("app")).contains("web");
            });
  }

  @Test
  void aPodOnItsNodesNetworkIsNotSelectable() {
    assertNotSelectable(running().editSpec().withHostNetwork(true).endSpec().build());
  }

  @Test
  void aFinishedPodIsNotSelectable() {
    assertNotSelectable(running().editStatus().withPhase("Succeeded").endStatus().build());
    assertNotSelectable(running().editStatus().withPhase("Failed").endStatus().build());
  }

  @Test
  void aPodWithoutAddressOrNodeIsNotSelectable() {
    assertNotSelectable(running().editStatus().withPodIP(null).withPodIPs().endStatus().build());
    assertNotSelectable(running().editSpec().withNodeName(null).endSpec().build());
  }

  private static void assertNotSelectable(Pod pod) {
    assertThat(PodTranslator.translate(pod)).isEmpty();
  }
}
