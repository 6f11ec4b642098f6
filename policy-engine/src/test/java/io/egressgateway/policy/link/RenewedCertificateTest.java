package io.egressgateway.policy.link;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.egressgateway.core.model.NodeName;
import io.egressgateway.core.model.Revision;
import io.egressgateway.core.tls.TlsCredentials;
import io.egressgateway.core.tls.TlsFiles;
import io.egressgateway.policy.testing.TestCertificates;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.security.GeneralSecurityException;
import java.security.cert.X509Certificate;
import java.time.Duration;
import javax.net.ssl.KeyManager;
import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLException;
import javax.net.ssl.SSLParameters;
import javax.net.ssl.SSLSocket;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The files of a mounted Secret change under a controller that agents are connected to. */
class RenewedCertificateTest {
  private static final NodeName NODE = new NodeName("worker-1");
  private static final Duration PATIENCE = Duration.ofSeconds(20);

  @TempDir Path directory;

  /** A Secret as a kubelet mounts it: names that lead, by way of a link, to one version of all. */
  private final class Mount {
    private final Path folder;

    Mount() throws IOException {
      folder = Files.createDirectory(directory.resolve("mount"));
      for (String name : new String[] {"ca.crt", "controller.crt", "controller.key"}) {
        Files.createSymbolicLink(folder.resolve(name), Path.of("..data", name));
      }
    }

    TlsFiles files() {
      return TlsFiles.in(folder, "controller");
    }

    void show(String version, TestCertificates authority) throws IOException {
      TlsFiles made = authority.files(authority.controller());
      Path of = Files.createDirectory(folder.resolve(version));
      Files.copy(made.ca(), of.resolve("ca.crt"));
      Files.copy(made.certificate(), of.resolve("controller.crt"));
      Files.copy(made.key(), of.resolve("controller.key"));
      Path link = Files.createSymbolicLink(folder.resolve("..tmp"), Path.of(version));
      Files.move(
          link,
          folder.resolve("..data"),
          StandardCopyOption.ATOMIC_MOVE,
          StandardCopyOption.REPLACE_EXISTING);
    }
  }

  private TestCertificates authority(String name) throws IOException {
    return TestCertificates.in(Files.createDirectory(directory.resolve(name)));
  }

  /** What a new connection is shown, once it has been let in. */
  private static X509Certificate shown(int port, TestCertificates authority)
      throws IOException, GeneralSecurityException {
    TlsCredentials agent = TlsCredentials.read(authority.files(authority.agent(NODE.toString())));
    SSLContext context = SSLContext.getInstance("TLS");
    context.init(new KeyManager[] {agent.keyManager()}, agent.trustManagers(), null);
    try (SSLSocket socket =
        (SSLSocket) context.getSocketFactory().createSocket("127.0.0.1", port)) {
      SSLParameters parameters = socket.getSSLParameters();
      parameters.setApplicationProtocols(new String[] {"h2"});
      socket.setSSLParameters(parameters);
      socket.startHandshake();
      // In TLS 1.3 a server refuses a client's certificate after the handshake; else it says hello.
      socket.setSoTimeout((int) PATIENCE.toMillis());
      if (socket.getInputStream().read() < 0) {
        throw new SSLException("closed at once");
      }
      return (X509Certificate) socket.getSession().getPeerCertificates()[0];
    }
  }

  @Test
  void newConnectionsGetTheNewCertificateAndOldOnesStay()
      throws IOException, GeneralSecurityException {
    TestCertificates first = authority("first");
    TestCertificates second = authority("second");
    Mount mount = new Mount();
    mount.show("v1", first);
    try (TestControlPlane controller = TestControlPlane.start(directory, mount.files());
        StubAgent agent =
            StubAgent.connect(controller.port(), first, first.agent(NODE.toString()))
                .hello(NODE, new Revision(0))) {
      Awaitility.await().atMost(PATIENCE).until(() -> controller.sessions() == 1);
      X509Certificate before = shown(controller.port(), first);
      assertThat(before).isEqualTo(certificate(mount));

      mount.show("v2", second);

      assertThat(shown(controller.port(), second))
          .isEqualTo(certificate(mount))
          .isNotEqualTo(before);
      assertThatThrownBy(() -> shown(controller.port(), first))
          .as("whom nobody trusts any more")
          .isInstanceOf(IOException.class);
      assertThat(agent.ended()).as("the stream that was there").isEmpty();
      assertThat(controller.sessions()).isEqualTo(1);

      Files.delete(mount.folder.resolve("..data"));
      assertThat(shown(controller.port(), second)).as("files that are gone").isNotEqualTo(before);
    }
  }

  private static X509Certificate certificate(Mount mount) throws IOException {
    return TlsCredentials.read(mount.files()).chain().getFirst();
  }
}
