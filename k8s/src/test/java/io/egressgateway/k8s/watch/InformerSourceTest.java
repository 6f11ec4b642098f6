package io.egressgateway.k8s.watch;

import static org.assertj.core.api.Assertions.assertThat;

import io.egressgateway.k8s.translate.PodTranslator;
import io.fabric8.kubernetes.api.model.Pod;
import io.fabric8.kubernetes.api.model.PodBuilder;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

class InformerSourceTest {
  private final List<WatchEvent> events = new ArrayList<>();
  private final InformerSource.Delivery<Pod> pods =
      new InformerSource.Delivery<>(
          InformerSource.podEvents(), events::add, new SyncBarrier(() -> {}));

  private static Pod pod(String uid, String address) {
    return new PodBuilder()
        .withNewMetadata()
        .withNamespace("default")
        .withName("web-0")
        .withUid(uid)
        .endMetadata()
        .withNewSpec()
        .withNodeName("worker-node-1")
        .endSpec()
        .withNewStatus()
        .withPodIP(address)
        .endStatus()
        .build();
  }

  private static WatchEvent upserted(Pod pod) {
    return new WatchEvent.PodUpserted(PodTranslator.translate(pod).orElseThrow());
  }

  @Test
  void aChangeIsToldOnce() {
    Pod after = pod("one", "10.244.1.3");
    pods.onUpdate(pod("one", "10.244.1.2"), after);
    assertThat(events).containsExactly(upserted(after));
  }

  /** As a pod of a StatefulSet that was replaced while nobody watched. */
  @Test
  void ofAnObjectInThePlaceOfAnotherTheOthersEndIsToldFirst() {
    Pod after = pod("two", "10.244.1.3");
    pods.onUpdate(pod("one", "10.244.1.2"), after);
    assertThat(events).containsExactly(new WatchEvent.PodDeleted("one"), upserted(after));
  }
}
