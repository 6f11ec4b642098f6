package io.egressgateway.load.api;

import io.fabric8.kubernetes.client.Config;
import io.fabric8.kubernetes.client.ConfigBuilder;
import io.fabric8.kubernetes.client.KubernetesClient;
import io.fabric8.kubernetes.client.KubernetesClientBuilder;
import io.fabric8.kubernetes.client.KubernetesClientException;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.util.Base64;

/** Asks {@code /readyz}, and then for the namespace that everything is put into. */
final class ReadinessProbe implements AutoCloseable {
  private static final int TIMEOUT_MILLIS = 2_000;

  private final KubernetesClient client;

  private ReadinessProbe(KubernetesClient client) {
    this.client = client;
  }

  static ReadinessProbe of(URI server, String authority, ThrowawayPki.Identity identity) {
    Config config =
        new ConfigBuilder(Config.empty())
            .withMasterUrl(server.toString())
            .withCaCertData(base64(authority))
            .withClientCertData(base64(identity.certificate()))
            .withClientKeyData(base64(identity.key()))
            .withClientKeyAlgo("EC")
            .withRequestTimeout(TIMEOUT_MILLIS)
            .withConnectionTimeout(TIMEOUT_MILLIS)
            .withRequestRetryBackoffLimit(0)
            .build();
    return new ReadinessProbe(new KubernetesClientBuilder().withConfig(config).build());
  }

  boolean isReady() {
    try {
      return "ok".equals(client.raw("/readyz"))
          && client.namespaces().withName("default").get() != null;
    } catch (KubernetesClientException notYet) {
      return false;
    }
  }

  @Override
  public void close() {
    client.close();
  }

  private static String base64(String text) {
    return Base64.getEncoder().encodeToString(text.getBytes(StandardCharsets.UTF_8));
  }
}
