package io.egressgateway.load.api;

import static org.assertj.core.api.Assertions.assertThat;

import io.fabric8.kubernetes.client.KubernetesClient;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.io.TempDir;

@TestInstance(TestInstance.Lifecycle.PER_CLASS)
final class RealKubeApiIT implements KubeApiContract {
  private final Path directory;
  private final KubeApi api;
  private final KubernetesClient client;

  RealKubeApiIT(@TempDir Path directory) throws IOException {
    Path assets =
        KubeApi.assets()
            .orElseThrow(
                () ->
                    new AssertionError(
                        "set %s to a folder with kube-apiserver, etcd and kube-controller-manager"
                            .formatted(KubeApi.ASSETS_VARIABLE)));
    this.directory = directory;
    api = RealKubeApi.start(assets, directory, System.out::println);
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
    assertThat(directory.resolve("kubeconfig")).doesNotExist();
    assertThat(directory.resolve("kube-apiserver")).doesNotExist();
    List<String> children =
        ProcessHandle.current()
            .children()
            .flatMap(child -> child.info().command().stream())
            .filter(command -> command.contains("kube") || command.endsWith("etcd"))
            .toList();
    assertThat(children).isEmpty();
  }

  @Override
  public KubernetesClient client() {
    return client;
  }

  @Test
  void theGuideWorksWithKubectl() throws IOException {
    GuideCommands.check(
        Kubectl.of(api, Files.createDirectory(directory.resolve("kubectl-home"))), directory);
  }
}
