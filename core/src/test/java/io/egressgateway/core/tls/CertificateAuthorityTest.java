package io.egressgateway.core.tls;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.io.InputStream;
import java.math.BigInteger;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.security.KeyPairGenerator;
import java.security.PublicKey;
import java.security.cert.X509Certificate;
import java.time.Instant;
import java.util.Date;
import java.util.List;
import javax.net.ssl.X509ExtendedKeyManager;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * The keys are of the forms that openssl, Helm and cert-manager write; each was made with openssl.
 */
class CertificateAuthorityTest {
  private static final CertificateAuthority.Terms TERMS =
      new CertificateAuthority.Terms(
          BigInteger.valueOf(4711),
          Instant.parse("2026-01-01T00:00:00Z"),
          Instant.parse("2225-01-01T00:00:00Z"));

  @TempDir private Path directory;

  @ParameterizedTest
  @ValueSource(strings = {"rsa-pkcs1", "rsa-pkcs8", "ec-sec1", "ec-pkcs8"})
  void signsWithEveryFormOfKey(String form) throws Exception {
    TlsCredentials authority = TlsCredentials.read(files(form));
    X509Certificate signed =
        new CertificateAuthority(authority)
            .client("egressgateway-agent:node-1", "node-1.agent.egressgateway", key(), TERMS);
    signed.verify(authority.trusted().getFirst().getPublicKey());
    signed.checkValidity(Date.from(Instant.parse("2224-12-31T00:00:00Z")));
    assertThat(signed.getIssuerX500Principal())
        .isEqualTo(authority.chain().getFirst().getSubjectX500Principal());
    assertThat(signed.getExtendedKeyUsage()).containsExactly("1.3.6.1.5.5.7.3.2");
    assertThat(signed.getSerialNumber()).isEqualTo(4711);
    assertThat(signed.getBasicConstraints()).isEqualTo(-1);
    assertThat(CertificateNames.of(signed))
        .isEqualTo(
            new CertificateNames(
                java.util.Optional.of("egressgateway-agent:node-1"),
                List.of("node-1.agent.egressgateway")));
    X509ExtendedKeyManager keys = (X509ExtendedKeyManager) authority.keyManager();
    String own = authority.key().getAlgorithm();
    String alias = keys.chooseEngineServerAlias(own, null, null);
    assertThat(keys.getPrivateKey(alias)).isEqualTo(authority.key());
    assertThat(keys.getCertificateChain(alias)).containsExactlyElementsOf(authority.chain());
    assertThat(keys.chooseEngineServerAlias(own + "_RSA", null, null)).isEqualTo(alias);
    assertThat(keys.chooseClientAlias(new String[] {"EdDSA", own}, null, null)).isEqualTo(alias);
    assertThat(keys.chooseEngineServerAlias("EdDSA", null, null)).isNull();
    assertThat(authority.trustManagers()).isNotEmpty();
  }

  @Test
  void aNameTooLongForACommonNameStandsAsTheOther() throws Exception {
    String node = "n".repeat(63) + ".example";
    X509Certificate signed =
        new CertificateAuthority(TlsCredentials.read(files("ec-pkcs8")))
            .client("egressgateway-agent:" + node, node + ".agent.egressgateway", key(), TERMS);
    assertThat(CertificateNames.of(signed).commonName()).isEmpty();
    assertThat(CertificateNames.of(signed).has("x", node + ".agent.egressgateway")).isTrue();
  }

  @Test
  void aKeyOfAnotherFormIsRefusedByName() throws Exception {
    TlsFiles files = files("ec-pkcs8");
    Files.writeString(files.key(), "-----BEGIN ENCRYPTED PRIVATE KEY-----\nAAAA\n");
    assertThatThrownBy(() -> TlsCredentials.read(files))
        .isInstanceOf(IOException.class)
        .hasMessageContaining(files.key().toString())
        .hasMessageContaining("openssl pkcs8");
  }

  @ParameterizedTest
  @ValueSource(strings = {"A", "AA=A", "AAAA", "AA\u00c4A", ""})
  void aDamagedKeyIsRefusedByName(String base64) throws Exception {
    TlsFiles files = files("ec-pkcs8");
    for (String form : List.of("", "RSA ", "EC ")) {
      Files.writeString(
          files.key(),
          "-----BEGIN %sPRIVATE KEY-----\n%s\n-----END %sPRIVATE KEY-----\n"
              .formatted(form, base64, form),
          StandardCharsets.ISO_8859_1);
      assertThatThrownBy(() -> TlsCredentials.read(files))
          .isInstanceOf(IOException.class)
          .hasMessageContaining(files.key().toString());
    }
  }

  @ParameterizedTest
  @ValueSource(strings = {"A", "AA=A", "AAAA", "AA\u00c4A", ""})
  void aDamagedCertificateIsRefusedByName(String base64) throws Exception {
    TlsFiles files = files("ec-pkcs8");
    Files.writeString(
        files.certificate(),
        "-----BEGIN CERTIFICATE-----\n" + base64 + "\n-----END CERTIFICATE-----\n",
        StandardCharsets.ISO_8859_1);
    assertThatThrownBy(() -> TlsCredentials.read(files))
        .isInstanceOf(IOException.class)
        .hasMessageContaining(files.certificate().toString());
  }

  private static PublicKey key() throws Exception {
    return KeyPairGenerator.getInstance("EC").generateKeyPair().getPublic();
  }

  private TlsFiles files(String form) throws IOException {
    String kind = form.substring(0, form.indexOf('-'));
    TlsFiles files = TlsFiles.in(directory, "tls");
    copy(kind + ".crt", files.ca());
    copy(kind + ".crt", files.certificate());
    copy(form + ".key", files.key());
    return files;
  }

  private static void copy(String name, Path to) throws IOException {
    try (InputStream from = CertificateAuthorityTest.class.getResourceAsStream(name)) {
      if (from == null) {
        throw new IOException("no test resource " + name);
      }
      Files.copy(from, to, StandardCopyOption.REPLACE_EXISTING);
    }
  }
}
