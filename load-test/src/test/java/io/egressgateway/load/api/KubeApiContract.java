package io.egressgateway.load.api;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import io.fabric8.kubernetes.api.model.GenericKubernetesResource;
import io.fabric8.kubernetes.api.model.GenericKubernetesResourceList;
import io.fabric8.kubernetes.api.model.NamespaceBuilder;
import io.fabric8.kubernetes.api.model.OwnerReferenceBuilder;
import io.fabric8.kubernetes.api.model.Pod;
import io.fabric8.kubernetes.api.model.PodBuilder;
import io.fabric8.kubernetes.client.KubernetesClient;
import io.fabric8.kubernetes.client.KubernetesClientException;
import io.fabric8.kubernetes.client.dsl.MixedOperation;
import io.fabric8.kubernetes.client.dsl.Resource;
import io.fabric8.kubernetes.client.informers.ResourceEventHandler;
import io.fabric8.kubernetes.client.informers.SharedIndexInformer;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import org.junit.jupiter.api.Test;

/** What the product needs of a Kubernetes API through fabric8; both implementations must pass. */
interface KubeApiContract {
  KubernetesClient client();

  private MixedOperation<
          GenericKubernetesResource,
          GenericKubernetesResourceList,
          Resource<GenericKubernetesResource>>
      gateways() {
    return client().genericKubernetesResources(Fixture.GATEWAYS);
  }

  @Test
  default void informerSeesAddUpdateStatusAndDelete() {
    Queue<String> seen = new ConcurrentLinkedQueue<>();
    try (SharedIndexInformer<GenericKubernetesResource> informer =
        gateways().inform(new Recorder("watched", seen))) {
      await().until(informer::hasSynced);
      gateways().resource(Fixture.gateway("watched")).create();
      await().untilAsserted(() -> assertThat(seen).containsExactly("add 1 null"));
      gateways()
          .withName("watched")
          .edit(
              gateway -> {
                gateway.setAdditionalProperty("spec", Map.of("clusterDefault", true));
                return gateway;
              });
      gateways()
          .withName("watched")
          .editStatus(
              gateway -> {
                gateway.setAdditionalProperty("status", Map.of("ipUsage", Map.of("ipv4Total", 5)));
                return gateway;
              });
      gateways().withName("watched").delete();
      await()
          .untilAsserted(
              () ->
                  assertThat(seen)
                      .containsExactly(
                          "add 1 null",
                          "update 2 null",
                          "update 2 {ipUsage={ipv4Total=5}}",
                          "delete 2 {ipUsage={ipv4Total=5}}"));
    }
  }

  @Test
  default void statusIsApartFromTheRest() {
    GenericKubernetesResource gateway = Fixture.gateway("status");
    gateway.setAdditionalProperty("status", Map.of("ipUsage", Map.of("ipv4Total", 1)));
    GenericKubernetesResource created = gateways().resource(gateway).create();
    assertThat(created.getAdditionalProperties()).doesNotContainKey("status");

    created.setAdditionalProperty("status", Map.of("ipUsage", Map.of("ipv4Total", 2)));
    created.setAdditionalProperty("spec", Map.of("clusterDefault", true));
    GenericKubernetesResource updated = gateways().resource(created).updateStatus();
    assertThat(updated.getAdditionalProperties())
        .containsEntry("status", Map.of("ipUsage", Map.of("ipv4Total", 2)))
        .containsEntry("spec", gateway.getAdditionalProperties().get("spec"));
    assertThat(updated.getMetadata().getGeneration()).isEqualTo(1);
  }

  @Test
  default void staleUpdateIsAConflict() {
    GenericKubernetesResource first = gateways().resource(Fixture.gateway("stale")).create();
    gateways()
        .withName("stale")
        .edit(
            gateway -> {
              gateway.setAdditionalProperty("spec", Map.of("clusterDefault", true));
              return gateway;
            });
    first.setAdditionalProperty("spec", Map.of("clusterDefault", false));
    assertThatThrownBy(() -> gateways().resource(first).update())
        .isInstanceOfSatisfying(
            KubernetesClientException.class, e -> assertThat(e.getCode()).isEqualTo(409))
        .hasMessageContaining("the object has been modified");
  }

  @Test
  default void invalidFieldsAreNamed() {
    GenericKubernetesResource gateway = Fixture.gateway("invalid");
    gateway.setAdditionalProperty("spec", Map.of("clusterDefault", "yes"));
    assertThatThrownBy(() -> gateways().resource(gateway).create())
        .isInstanceOfSatisfying(
            KubernetesClientException.class, e -> assertThat(e.getCode()).isEqualTo(422))
        .hasMessageContaining("spec.clusterDefault");
  }

  @Test
  default void deletionWaitsForFinalizers() {
    GenericKubernetesResource gateway = Fixture.gateway("finalized");
    gateway.addFinalizer("test.egressgateway.io/wait");
    gateways().resource(gateway).create();
    gateways().withName("finalized").delete();
    GenericKubernetesResource waiting = gateways().withName("finalized").get();
    assertThat(waiting.isMarkedForDeletion()).isTrue();
    gateways()
        .withName("finalized")
        .edit(
            one -> {
              one.removeFinalizer("test.egressgateway.io/wait");
              return one;
            });
    assertThat(gateways().withName("finalized").get()).isNull();
  }

  @Test
  default void dependentsGoWithTheirOwner() {
    GenericKubernetesResource owner = gateways().resource(Fixture.gateway("owner")).create();
    GenericKubernetesResource slice = Fixture.slice();
    slice.getMetadata().setGenerateName("owner-");
    slice
        .getMetadata()
        .setOwnerReferences(
            List.of(
                new OwnerReferenceBuilder()
                    .withApiVersion(Fixture.API_VERSION)
                    .withKind("EgressGateway")
                    .withName("owner")
                    .withUid(owner.getMetadata().getUid())
                    .build()));
    var slices = client().genericKubernetesResources(Fixture.SLICES).inNamespace("default");
    String name = slices.resource(slice).create().getMetadata().getName();
    assertThat(name).matches("owner-[a-z0-9]{5}");
    gateways().withName("owner").delete();
    // A real garbage collector looks for new kinds every 30 s.
    await()
        .atMost(Duration.ofSeconds(90))
        .untilAsserted(() -> assertThat(slices.withName(name).get()).isNull());
  }

  @Test
  default void selectorsPickPods() {
    client()
        .resource(
            new NamespaceBuilder().withNewMetadata().withName("selectors").endMetadata().build())
        .create();
    pod("a", "one", Map.of("app", "x"));
    pod("b", "two", Map.of("app", "x", "tier", "y"));
    var pods = client().pods().inNamespace("selectors");
    assertThat(pods.withLabel("app", "x").withoutLabel("tier").list().getItems())
        .extracting(one -> one.getMetadata().getName())
        .containsExactly("a");
    assertThat(pods.withField("spec.nodeName", "two").list().getItems())
        .extracting(one -> one.getMetadata().getName())
        .containsExactly("b");
    assertThat(pods.withLabelIn("tier", "y", "z").list().getItems()).hasSize(1);
  }

  private void pod(String name, String node, Map<String, String> labels) {
    Pod pod =
        new PodBuilder()
            .withNewMetadata()
            .withName(name)
            .withNamespace("selectors")
            .withLabels(labels)
            .endMetadata()
            .withNewSpec()
            .withNodeName(node)
            .addNewContainer()
            .withName("c")
            .withImage("i")
            .endContainer()
            .endSpec()
            .build();
    client().resource(pod).create();
    client()
        .resource(pod)
        .editStatus(one -> one.edit().editOrNewStatus().withPodIP("10.0.0.1").endStatus().build());
    assertThat(client().resource(pod).get().getStatus().getPodIP()).isEqualTo("10.0.0.1");
  }

  /** Writes down what an informer is told of one object. */
  record Recorder(String name, Queue<String> seen)
      implements ResourceEventHandler<GenericKubernetesResource> {
    @Override
    public void onAdd(GenericKubernetesResource gateway) {
      write("add", gateway);
    }

    @Override
    public void onUpdate(GenericKubernetesResource before, GenericKubernetesResource gateway) {
      write("update", gateway);
    }

    @Override
    public void onDelete(GenericKubernetesResource gateway, boolean unknown) {
      write("delete", gateway);
    }

    private void write(String event, GenericKubernetesResource gateway) {
      if (gateway.getMetadata().getName().equals(name)) {
        seen.add(
            "%s %d %s"
                .formatted(
                    event,
                    gateway.getMetadata().getGeneration(),
                    gateway.getAdditionalProperties().get("status")));
      }
    }
  }
}
