package io.egressgateway.load.api;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.fabric8.kubernetes.api.model.GenericKubernetesResource;
import io.fabric8.kubernetes.client.Config;
import io.fabric8.kubernetes.client.ConfigBuilder;
import io.fabric8.kubernetes.client.KubernetesClient;
import io.fabric8.kubernetes.client.KubernetesClientBuilder;
import io.fabric8.kubernetes.client.informers.SharedIndexInformer;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.io.TempDir;

@TestInstance(TestInstance.Lifecycle.PER_CLASS)
final class EmbeddedKubeApiTest implements KubeApiContract {
  private static final int MANY = 3_000;

  private final KubeApi api;
  private final KubernetesClient client;

  EmbeddedKubeApiTest(@TempDir Path directory) throws IOException {
    api = EmbeddedKubeApi.start(directory, line -> {});
    client = api.newClient();
  }

  @BeforeAll
  void createDefinitions() {
    Fixture.createDefinitions(client);
  }

  @AfterAll
  void stop() {
    client.close();
    api.close();
    api.close();
    assertThat(Files.exists(api.kubeconfig())).isFalse();
  }

  @Override
  public KubernetesClient client() {
    return client;
  }

  @Test
  void informerWorksWithoutWebSockets() {
    Config config =
        new ConfigBuilder(Config.fromKubeconfig(api.kubeconfig().toFile()))
            .withOnlyHttpWatches(true)
            .build();
    try (KubernetesClient plain = new KubernetesClientBuilder().withConfig(config).build();
        SharedIndexInformer<GenericKubernetesResource> informer =
            plain.genericKubernetesResources(Fixture.GATEWAYS).inform()) {
      var gateways = client.genericKubernetesResources(Fixture.GATEWAYS);
      gateways.resource(Fixture.gateway("streamed")).create();
      await().until(() -> informer.getStore().getByKey("streamed") != null);
      gateways.withName("streamed").delete();
      await().until(() -> informer.getStore().getByKey("streamed") == null);
    }
  }

  @Test
  void thousandsOfObjectsReachAnInformer() {
    var slices = client.genericKubernetesResources(Fixture.SLICES).inNamespace("kube-system");
    try (SharedIndexInformer<GenericKubernetesResource> informer = slices.inform()) {
      await().until(informer::hasSynced);
      IntStream.range(0, MANY)
          .forEach(
              i -> {
                GenericKubernetesResource slice = Fixture.slice();
                slice.getMetadata().setName("slice-" + i);
                slices.resource(slice).create();
              });
      await().until(() -> informer.getStore().list().size() == MANY);
      assertThat(slices.list().getItems()).hasSize(MANY);
      slices.delete();
      await().until(() -> informer.getStore().list().isEmpty());
    }
  }
}
