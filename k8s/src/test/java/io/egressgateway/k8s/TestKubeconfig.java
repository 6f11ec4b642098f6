package io.egressgateway.k8s;

import io.fabric8.kubernetes.client.server.mock.KubernetesMockServer;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;

/** How processes find the API of a test. */
public final class TestKubeconfig {
  private TestKubeconfig() {}

  /** Writes the file {@code kubeconfig}. */
  public static void write(Path folder, KubernetesMockServer server) throws IOException {
    Files.writeString(
        folder.resolve("kubeconfig"),
        """
        apiVersion: v1
        kind: Config
        clusters: [{name: test, cluster: {server: "%s"}}]
        users: [{name: test, user: {}}]
        contexts: [{name: test, context: {cluster: test, user: test}}]
        current-context: test
        """
            .formatted(server.url("/")));
  }
}
