package io.egressgateway.k8s.admission;

import static java.nio.charset.StandardCharsets.UTF_8;

import io.fabric8.kubernetes.api.model.Secret;
import io.fabric8.kubernetes.api.model.SecretBuilder;
import io.fabric8.kubernetes.client.KubernetesClient;
import io.fabric8.kubernetes.client.KubernetesClientException;
import java.io.IOException;
import java.net.HttpURLConnection;
import java.security.GeneralSecurityException;
import java.security.cert.X509Certificate;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import javax.net.ssl.SSLContext;

/**
 * Certificates of an authority of our own. The authority is made once by whichever controller is
 * first, and kept in a Secret, so that an upgrade changes nothing; each controller issues its own
 * server's certificate, which never leaves its memory. A new authority is put before the old one
 * long before that ends, and both are trusted until it does.
 */
final class CertificateSecret implements ServingCertificates {
  private static final Duration AUTHORITY_LIFE = Duration.ofDays(3650);
  private static final Duration AUTHORITY_RENEWAL = Duration.ofDays(365);
  private static final Duration SERVER_LIFE = Duration.ofDays(90);
  private static final Duration SERVER_RENEWAL = Duration.ofDays(30);
  private static final String CERTIFICATES = "ca.crt";
  private static final String KEY = "ca.key";

  /**
   * Where and for whom.
   *
   * @param names by which the API server calls the webhooks
   */
  record Place(String namespace, String secret, List<String> names) {
    Place {
      names = List.copyOf(names);
    }
  }

  private record Current(
      List<X509Certificate> authorities, CertificateIssuer.Identity server, SSLContext context) {}

  private final KubernetesClient client;
  private final Place place;
  private final CertificateIssuer issuer;
  private final Clock clock;
  private volatile Optional<Current> current = Optional.empty();

  CertificateSecret(KubernetesClient client, Place place, CertificateIssuer issuer, Clock clock) {
    this.client = client;
    this.place = place;
    this.issuer = issuer;
    this.clock = clock;
  }

  @Override
  public void refresh() throws IOException {
    Instant now = clock.instant();
    Secret secret;
    try {
      secret = renewed(found().orElseGet(() -> create(now)), now);
    } catch (KubernetesClientException refused) {
      throw new IOException(
          "Secret "
              + place.namespace()
              + "/"
              + place.secret()
              + ": "
              + refused.getMessage()
              + "; controllers need to get, create and update it",
          refused);
    }
    List<X509Certificate> authorities = authorities(secret);
    boolean isFresh =
        current
            .filter(last -> last.authorities().equals(authorities))
            .filter(last -> endsAfter(last.server().certificate(), now.plus(SERVER_RENEWAL)))
            .isPresent();
    if (!isFresh) {
      CertificateIssuer.Identity authority =
          new CertificateIssuer.Identity(authorities.getFirst(), key(secret));
      CertificateIssuer.Identity server = issuer.server(authority, place.names(), now, SERVER_LIFE);
      current =
          Optional.of(
              new Current(
                  authorities,
                  server,
                  ServingCertificates.context(List.of(server.certificate()), server.key())));
    }
  }

  private Optional<Secret> found() {
    return Optional.ofNullable(
        client.secrets().inNamespace(place.namespace()).withName(place.secret()).get());
  }

  private Secret create(Instant now) {
    CertificateIssuer.Identity authority = issuer.authority(now, AUTHORITY_LIFE);
    Secret secret =
        new SecretBuilder()
            .withNewMetadata()
            .withNamespace(place.namespace())
            .withName(place.secret())
            .endMetadata()
            .withType("Opaque")
            .withData(data(List.of(authority.certificate()), authority))
            .build();
    try {
      return client.secrets().inNamespace(place.namespace()).resource(secret).create();
    } catch (KubernetesClientException refused) {
      if (refused.getCode() == HttpURLConnection.HTTP_CONFLICT) {
        // Another controller was first.
        return found().orElseThrow(() -> refused);
      }
      throw refused;
    }
  }

  /** The same Secret, or one with a new authority first if the old one ends within a year. */
  private Secret renewed(Secret secret, Instant now) throws IOException {
    List<X509Certificate> authorities = authorities(secret);
    if (endsAfter(authorities.getFirst(), now.plus(AUTHORITY_RENEWAL))) {
      return secret;
    }
    CertificateIssuer.Identity authority = issuer.authority(now, AUTHORITY_LIFE);
    List<X509Certificate> all = new ArrayList<>(List.of(authority.certificate()));
    authorities.stream().filter(old -> endsAfter(old, now)).forEach(all::add);
    Secret next = new SecretBuilder(secret).withData(data(all, authority)).build();
    try {
      return client.secrets().inNamespace(place.namespace()).resource(next).update();
    } catch (KubernetesClientException refused) {
      if (refused.getCode() == HttpURLConnection.HTTP_CONFLICT) {
        return found().orElseThrow(() -> refused);
      }
      throw refused;
    }
  }

  private static boolean endsAfter(X509Certificate certificate, Instant instant) {
    return certificate.getNotAfter().toInstant().isAfter(instant);
  }

  private static Map<String, String> data(
      List<X509Certificate> authorities, CertificateIssuer.Identity first) {
    return Map.of(
        CERTIFICATES, base64(Pem.certificates(authorities)), KEY, base64(Pem.key(first.key())));
  }

  private List<X509Certificate> authorities(Secret secret) throws IOException {
    try {
      return Pem.certificates(text(secret, CERTIFICATES));
    } catch (GeneralSecurityException unreadable) {
      throw malformed(CERTIFICATES, unreadable);
    }
  }

  private java.security.PrivateKey key(Secret secret) throws IOException {
    try {
      return Pem.key(text(secret, KEY));
    } catch (GeneralSecurityException unreadable) {
      throw malformed(KEY, unreadable);
    }
  }

  private String text(Secret secret, String key) throws GeneralSecurityException {
    String value = secret.getData() == null ? null : secret.getData().get(key);
    if (value == null) {
      throw new GeneralSecurityException("the key is missing");
    }
    try {
      return new String(Base64.getDecoder().decode(value), UTF_8);
    } catch (IllegalArgumentException notBase64) {
      throw new GeneralSecurityException("not Base64", notBase64);
    }
  }

  private IOException malformed(String key, GeneralSecurityException reason) {
    return new IOException(
        "Secret "
            + place.namespace()
            + "/"
            + place.secret()
            + ", "
            + key
            + ": "
            + reason.getMessage()
            + "; delete the Secret, then a controller makes it anew",
        reason);
  }

  private static String base64(String text) {
    return Base64.getEncoder().encodeToString(text.getBytes(UTF_8));
  }

  @Override
  public Optional<SSLContext> context() {
    return current.map(Current::context);
  }

  @Override
  public Optional<String> authorities() {
    return current.map(Current::authorities).map(Pem::certificates);
  }
}
