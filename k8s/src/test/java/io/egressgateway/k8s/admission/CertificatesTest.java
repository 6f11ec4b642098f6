package io.egressgateway.k8s.admission;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.fabric8.kubernetes.api.model.Secret;
import io.fabric8.kubernetes.client.KubernetesClient;
import io.fabric8.kubernetes.client.server.mock.EnableKubernetesMockClient;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.security.GeneralSecurityException;
import java.security.SecureRandom;
import java.security.cert.CertPathValidator;
import java.security.cert.CertificateFactory;
import java.security.cert.PKIXParameters;
import java.security.cert.TrustAnchor;
import java.security.cert.X509Certificate;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.Date;
import java.util.List;
import java.util.Set;
import java.util.logging.Level;
import java.util.logging.Logger;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

@EnableKubernetesMockClient(crud = true, https = false)
class CertificatesTest {
  private static final Instant NOW = Instant.parse("2026-11-29T00:00:00Z");
  private static final Duration LIFE = Duration.ofDays(90);

  /** Logs every request; held, since loggers are collected with their levels. */
  private static final Logger REQUESTS = Logger.getLogger("io.fabric8.mockwebserver.MockWebServer");

  @BeforeAll
  static void beQuiet() {
    REQUESTS.setLevel(Level.WARNING);
  }

  @SuppressWarnings("NullAway.Init") // set by the extension
  KubernetesClient client;

  private final CertificateIssuer issuer = new CertificateIssuer(new SecureRandom());

  private static void check(X509Certificate authority, X509Certificate server, Instant at)
      throws GeneralSecurityException {
    PKIXParameters parameters = new PKIXParameters(Set.of(new TrustAnchor(authority, null)));
    parameters.setRevocationEnabled(false);
    parameters.setDate(Date.from(at));
    CertPathValidator.getInstance("PKIX")
        .validate(
            CertificateFactory.getInstance("X.509").generateCertPath(List.of(server)), parameters);
  }

  @Test
  void aServersCertificateLeadsToItsAuthority() throws GeneralSecurityException {
    CertificateIssuer.Identity authority = issuer.authority(NOW, Duration.ofDays(36_500));
    CertificateIssuer.Identity server =
        issuer.server(authority, List.of("a.b.svc", "10.0.0.1", "fd00::1"), NOW, LIFE);
    check(authority.certificate(), server.certificate(), NOW);
    assertThat(authority.certificate().getBasicConstraints()).isNotNegative();
    assertThat(authority.certificate().getNotAfter().toInstant())
        .isEqualTo(NOW.plus(Duration.ofDays(36_500)));
    assertThat(server.certificate().getBasicConstraints()).isNegative();
    assertThat(server.certificate().getExtendedKeyUsage()).containsExactly("1.3.6.1.5.5.7.3.1");
    assertThat(server.certificate().getSubjectAlternativeNames().stream().map(List::getLast))
        .map(String::valueOf)
        .containsExactly("a.b.svc", "10.0.0.1", "fd00:0:0:0:0:0:0:1");
    assertThat(server.certificate().getNotAfter().toInstant()).isEqualTo(NOW.plus(LIFE));
  }

  @Test
  void aStrangersCertificateDoesNot() {
    CertificateIssuer.Identity authority = issuer.authority(NOW, LIFE);
    CertificateIssuer.Identity stranger = issuer.authority(NOW, LIFE);
    CertificateIssuer.Identity server = issuer.server(stranger, List.of("a"), NOW, LIFE);
    assertThatThrownBy(() -> check(authority.certificate(), server.certificate(), NOW))
        .isInstanceOf(GeneralSecurityException.class);
  }

  @Test
  void pemIsReadAsItWasWritten() throws GeneralSecurityException {
    CertificateIssuer.Identity one = issuer.authority(NOW, LIFE);
    CertificateIssuer.Identity other = issuer.authority(NOW, LIFE);
    List<X509Certificate> both = List.of(one.certificate(), other.certificate());
    assertThat(Pem.certificates(Pem.certificates(both))).isEqualTo(both);
    assertThat(Pem.key(Pem.key(one.key()))).isEqualTo(one.key());
  }

  private CertificateSecret secretAt(Instant instant) {
    return new CertificateSecret(
        client,
        new CertificateSecret.Place("kube-system", "certs", List.of("a.kube-system.svc")),
        issuer,
        Clock.fixed(instant, ZoneOffset.UTC));
  }

  private Secret secret() {
    return client.secrets().inNamespace("kube-system").withName("certs").get();
  }

  @Test
  void theAuthorityIsMadeOnceForAllControllers() throws IOException {
    CertificateSecret first = secretAt(NOW);
    assertThat(first.context()).isEmpty();
    first.refresh();
    Secret made = secret();
    CertificateSecret second = secretAt(NOW.plus(Duration.ofDays(400)));
    second.refresh();
    assertThat(secret().getData()).isEqualTo(made.getData());
    assertThat(second.authorities()).isEqualTo(first.authorities()).isPresent();
  }

  @Test
  void aNewAuthorityComesBeforeTheOldOneWhichIsTrustedUntilItEnds()
      throws IOException, GeneralSecurityException {
    CertificateSecret before = secretAt(NOW);
    before.refresh();
    List<X509Certificate> old = Pem.certificates(before.authorities().orElseThrow());
    CertificateSecret late = secretAt(NOW.plus(Duration.ofDays(3_400)));
    late.refresh();
    List<X509Certificate> both = Pem.certificates(late.authorities().orElseThrow());
    assertThat(both).hasSize(2).endsWith(old.getFirst());
    // A controller that has not looked yet still shows what is trusted.
    assertThatCode(before::refresh).doesNotThrowAnyException();
    assertThat(before.authorities()).isEqualTo(late.authorities());
  }

  @Test
  void theServersCertificateIsRenewedInTime() throws IOException {
    CertificateSecret first = secretAt(NOW);
    first.refresh();
    var shown = first.context();
    first.refresh();
    assertThat(first.context()).isEqualTo(shown);
  }

  @Test
  void aSpoiledSecretIsNamedWithItsRemedy() throws IOException {
    secretAt(NOW).refresh();
    client
        .secrets()
        .inNamespace("kube-system")
        .withName("certs")
        .edit(
            secret -> {
              secret.getData().put("ca.crt", "eA==");
              return secret;
            });
    assertThatThrownBy(() -> secretAt(NOW).refresh())
        .isInstanceOf(IOException.class)
        .hasMessageContaining("kube-system/certs, ca.crt")
        .hasMessageContaining("delete the Secret");
  }

  private void write(Path folder, CertificateIssuer.Identity authority, FileTime time)
      throws IOException {
    CertificateIssuer.Identity server = issuer.server(authority, List.of("a"), NOW, LIFE);
    Files.writeString(folder.resolve("ca.crt"), Pem.certificates(List.of(authority.certificate())));
    Files.writeString(folder.resolve("tls.crt"), Pem.certificates(List.of(server.certificate())));
    Files.writeString(folder.resolve("tls.key"), Pem.key(server.key()));
    for (String name : List.of("ca.crt", "tls.crt", "tls.key")) {
      Files.setLastModifiedTime(folder.resolve(name), time);
    }
  }

  @Test
  void providedFilesAreReadAnewWhenTheyChange(@TempDir Path folder) throws IOException {
    CertificateFiles files = new CertificateFiles(folder);
    assertThatThrownBy(files::refresh).hasMessageContaining("tls.key");
    assertThat(files.context()).isEmpty();
    write(folder, issuer.authority(NOW, LIFE), FileTime.from(NOW));
    files.refresh();
    var first = files.context();
    files.refresh();
    assertThat(files.context()).isPresent().isEqualTo(first);
    write(folder, issuer.authority(NOW, LIFE), FileTime.from(NOW.plusSeconds(1)));
    files.refresh();
    assertThat(files.context()).isPresent().isNotEqualTo(first);
    var second = files.context();
    Files.writeString(folder.resolve("tls.key"), "spoiled");
    assertThatThrownBy(files::refresh).isInstanceOf(IOException.class);
    assertThat(files.context()).isEqualTo(second);
  }
}
