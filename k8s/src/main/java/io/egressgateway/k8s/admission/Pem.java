package io.egressgateway.k8s.admission;

import static java.nio.charset.StandardCharsets.US_ASCII;

import java.io.ByteArrayInputStream;
import java.security.GeneralSecurityException;
import java.security.KeyFactory;
import java.security.PrivateKey;
import java.security.cert.CertificateEncodingException;
import java.security.cert.CertificateFactory;
import java.security.cert.X509Certificate;
import java.security.spec.PKCS8EncodedKeySpec;
import java.util.Base64;
import java.util.List;
import java.util.stream.Collectors;

/** Certificates and EC keys as PEM (RFC 7468), to and from a Secret. */
final class Pem {
  private static final int LINE = 64;

  private Pem() {}

  static String certificates(List<X509Certificate> certificates) {
    return certificates.stream()
        .map(certificate -> text("CERTIFICATE", encoded(certificate)))
        .collect(Collectors.joining());
  }

  static String key(PrivateKey key) {
    return text("PRIVATE KEY", key.getEncoded());
  }

  /**
   * At least one certificate.
   *
   * @throws GeneralSecurityException if there is none, or one cannot be read
   */
  static List<X509Certificate> certificates(String pem) throws GeneralSecurityException {
    List<X509Certificate> certificates =
        CertificateFactory.getInstance("X.509")
            .generateCertificates(new ByteArrayInputStream(pem.getBytes(US_ASCII)))
            .stream()
            .map(X509Certificate.class::cast)
            .toList();
    if (certificates.isEmpty()) {
      throw new GeneralSecurityException("no certificate");
    }
    return certificates;
  }

  /**
   * A key of PKCS#8.
   *
   * @throws GeneralSecurityException if it cannot be read
   */
  static PrivateKey key(String pem) throws GeneralSecurityException {
    String body = pem.replaceAll("-----[A-Z ]+-----", "").replaceAll("\\s", "");
    try {
      return KeyFactory.getInstance("EC")
          .generatePrivate(new PKCS8EncodedKeySpec(Base64.getDecoder().decode(body)));
    } catch (IllegalArgumentException notBase64) {
      throw new GeneralSecurityException("the key is not PEM", notBase64);
    }
  }

  private static byte[] encoded(X509Certificate certificate) {
    try {
      return certificate.getEncoded();
    } catch (CertificateEncodingException e) {
      throw new IllegalStateException("encode a certificate that was decoded", e);
    }
  }

  private static String text(String label, byte[] der) {
    String body = Base64.getMimeEncoder(LINE, new byte[] {'\n'}).encodeToString(der);
    return "-----BEGIN %s-----\n%s\n-----END %s-----\n".formatted(label, body, label);
  }
}
