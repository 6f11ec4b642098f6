package io.egressgateway.k8s.app;

import static org.assertj.core.api.Assertions.assertThat;

import com.sun.net.httpserver.HttpsConfigurator;
import com.sun.net.httpserver.HttpsServer;
import io.fabric8.kubernetes.client.Config;
import io.fabric8.kubernetes.client.ConfigBuilder;
import io.fabric8.kubernetes.client.KubernetesClient;
import io.fabric8.kubernetes.client.KubernetesClientBuilder;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.util.Base64;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** An API server behind real TLS whose certificate ends and is renewed. */
class ExpiredApiCertificateTest {
  private static final Duration LIFE = Duration.ofHours(1);
  private static final byte[] NOTHING =
      """
      {"apiVersion": "v1", "kind": "List", "metadata": {"resourceVersion": "1"}, "items": []}
      """
          .getBytes(StandardCharsets.UTF_8);

  private static final InetAddress HOST = InetAddress.getLoopbackAddress();

  private final TestAuthority authority = new TestAuthority();
  private HttpsServer server = serve(0, Instant.now());

  private HttpsServer serve(int port, Instant certified) {
    try {
      HttpsServer made = HttpsServer.create(new InetSocketAddress(HOST, port), 0);
      made.setHttpsConfigurator(new HttpsConfigurator(authority.server(HOST, certified, LIFE)));
      made.createContext(
          "/",
          exchange -> {
            exchange.getResponseHeaders().set("Content-Type", "application/json");
            exchange.sendResponseHeaders(200, NOTHING.length);
            try (var body = exchange.getResponseBody()) {
              body.write(NOTHING);
            }
          });
      made.start();
      return made;
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** The same address, with a certificate that is good from then on. */
  private void restart(Instant certified) {
    int port = server.getAddress().getPort();
    server.stop(0);
    server = serve(port, certified);
  }

  @AfterEach
  void stop() {
    server.stop(0);
  }

  private String url() {
    return "https://127.0.0.1:" + server.getAddress().getPort() + "/";
  }

  private KubernetesClient client() {
    return new KubernetesClientBuilder()
        .withConfig(
            new ConfigBuilder(Config.empty())
                .withMasterUrl(url())
                .withCaCertData(
                    Base64.getEncoder()
                        .encodeToString(authority.pem().getBytes(StandardCharsets.US_ASCII)))
                .withRequestRetryBackoffLimit(0)
                .build())
        .build();
  }

  @Test
  void itIsNamedAndWaitedFor() {
    try (KubernetesClient client = client()) {
      assertThat(KubernetesConnection.check(client)).isEqualTo(new KubernetesConnection.Usable());

      restart(Instant.now().minus(LIFE.multipliedBy(2)));
      assertThat(KubernetesConnection.check(client))
          .isInstanceOfSatisfying(
              KubernetesConnection.Unusable.class,
              unusable ->
                  assertThat(unusable.message())
                      .contains(url(), "CertificateExpiredException", "renew it"));

      restart(Instant.now());
      assertThat(KubernetesConnection.check(client)).isEqualTo(new KubernetesConnection.Usable());
    }
  }
}
