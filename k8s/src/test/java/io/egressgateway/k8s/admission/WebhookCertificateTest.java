package io.egressgateway.k8s.admission;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import akka.actor.testkit.typed.javadsl.ActorTestKit;
import com.typesafe.config.ConfigFactory;
import io.egressgateway.core.model.IpFamily;
import io.fabric8.kubernetes.client.KubernetesClient;
import io.fabric8.kubernetes.client.server.mock.EnableKubernetesMockClient;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.security.GeneralSecurityException;
import java.security.KeyStore;
import java.security.SecureRandom;
import java.security.cert.X509Certificate;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.EnumSet;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLException;
import javax.net.ssl.SSLSocket;
import javax.net.ssl.TrustManagerFactory;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The files of a mounted Secret change under webhooks that are served. */
@EnableKubernetesMockClient(crud = true, https = false)
class WebhookCertificateTest {
  private static final Duration PATIENCE = Duration.ofSeconds(60);
  private static final Duration LIFE = Duration.ofDays(30);

  @SuppressWarnings("NullAway.Init") // set by the extension
  KubernetesClient client;

  @SuppressWarnings("NullAway.Init") // set by the extension
  @TempDir
  Path folder;

  private final ActorTestKit kit =
      ActorTestKit.create(
          ConfigFactory.parseString("akka.actor.provider = local, akka.loglevel = WARNING")
              .withFallback(ConfigFactory.load()));
  private final ExecutorService blocking = Executors.newVirtualThreadPerTaskExecutor();

  @AfterEach
  void stop() {
    kit.shutdownTestKit();
    blocking.shutdownNow();
  }

  /** Writes another authority's certificate for the server; returns the authority's. */
  private X509Certificate renew() throws IOException {
    Instant now = Clock.systemUTC().instant();
    CertificateIssuer issuer = new CertificateIssuer(new SecureRandom());
    CertificateIssuer.Identity authority = issuer.authority(now, LIFE);
    CertificateIssuer.Identity server = issuer.server(authority, List.of("127.0.0.1"), now, LIFE);
    write("ca.crt", Pem.certificates(List.of(authority.certificate())));
    write("tls.crt", Pem.certificates(List.of(server.certificate())));
    write("tls.key", Pem.key(server.key()));
    return authority.certificate();
  }

  private void write(String name, String text) throws IOException {
    Path written = Files.writeString(folder.resolve("." + name), text);
    Files.move(written, folder.resolve(name), StandardCopyOption.ATOMIC_MOVE);
  }

  private static boolean isShownToWhoTrusts(X509Certificate authority, int port)
      throws GeneralSecurityException, IOException {
    KeyStore store = KeyStore.getInstance("PKCS12");
    store.load(null, new char[0]);
    store.setCertificateEntry("authority", authority);
    TrustManagerFactory trust =
        TrustManagerFactory.getInstance(TrustManagerFactory.getDefaultAlgorithm());
    trust.init(store);
    SSLContext context = SSLContext.getInstance("TLS");
    context.init(null, trust.getTrustManagers(), null);
    try (SSLSocket socket =
        (SSLSocket) context.getSocketFactory().createSocket("127.0.0.1", port)) {
      socket.startHandshake();
      return true;
    } catch (IOException refused) {
      return false;
    }
  }

  private AdmissionWebhooks start() throws IOException {
    return AdmissionWebhooks.start(
        kit.system(),
        new AdmissionSettings(
            "127.0.0.1", 0, new AdmissionSettings.Provided(folder), Optional.empty()),
        new AdmissionWebhooks.Environment(
            client, blocking, Clock.systemUTC(), EnumSet.allOf(IpFamily.class)));
  }

  @Test
  void whoComesBeforeThereIsACertificateIsRefused() throws Exception {
    try (AdmissionWebhooks webhooks = start();
        SSLSocket socket =
            (SSLSocket)
                SSLContext.getDefault()
                    .getSocketFactory()
                    .createSocket("127.0.0.1", webhooks.port())) {
      socket.setSoTimeout(Math.toIntExact(PATIENCE.toMillis()));
      assertThatThrownBy(socket::startHandshake).isInstanceOf(SSLException.class);
    }
  }

  @Test
  void newConnectionsGetTheNewCertificate() throws IOException {
    X509Certificate first = renew();
    try (AdmissionWebhooks webhooks = start()) {
      int port = webhooks.port();
      await().atMost(PATIENCE).until(() -> isShownToWhoTrusts(first, port));

      X509Certificate second = renew();

      await().atMost(PATIENCE).until(() -> isShownToWhoTrusts(second, port));
      assertThat(webhooks.authorities())
          .get()
          .asString()
          .isEqualTo(Pem.certificates(List.of(second)));
    }
  }
}
