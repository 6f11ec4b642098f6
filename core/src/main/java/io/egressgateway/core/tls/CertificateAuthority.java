package io.egressgateway.core.tls;

import static java.nio.charset.StandardCharsets.US_ASCII;
import static java.nio.charset.StandardCharsets.UTF_8;

import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.math.BigInteger;
import java.security.GeneralSecurityException;
import java.security.PublicKey;
import java.security.Signature;
import java.security.cert.CertificateFactory;
import java.security.cert.X509Certificate;
import java.time.Instant;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.util.HexFormat;
import java.util.Locale;

/**
 * Signs certificates, with no more of X.509 than ours have: a common name, one alternative name,
 * for use by a client.
 *
 * @param authority its own certificate and key
 */
public record CertificateAuthority(TlsCredentials authority) {
  private static final DateTimeFormatter UTC_TIME = format("yyMMddHHmmss'Z'");
  private static final DateTimeFormatter GENERALIZED_TIME = format("yyyyMMddHHmmss'Z'");
  private static final int GENERALIZED_FROM = 2050;

  /** A common name has at most 64 characters (RFC 5280, ub-common-name). */
  private static final int COMMON_NAME_MAX = 64;

  private static final byte[] COMMON_NAME = oid("550403");
  private static final byte[] KEY_USAGE = oid("551d0f");
  private static final byte[] ALTERNATIVE_NAME = oid("551d11");
  private static final byte[] EXTENDED_KEY_USAGE = oid("551d25");
  private static final byte[] CLIENT_AUTHENTICATION = oid("2b06010505070302");
  private static final byte[] SHA256_WITH_RSA =
      Der.sequence(oid("2a864886f70d01010b"), HexFormat.of().parseHex("0500"));
  private static final byte[] SHA256_WITH_ECDSA = Der.sequence(oid("2a8648ce3d040302"));
  private static final byte[] TRUE = Der.element(Der.BOOLEAN, new byte[] {(byte) 0xff});
  private static final int DNS_NAME = 2;

  /** BIT STRING whose first bit is set, the other seven unused. */
  private static final byte[] DIGITAL_SIGNATURE =
      Der.element(Der.BIT_STRING, new byte[] {7, (byte) 0x80});

  /** From when to when, and under which number. */
  public record Terms(BigInteger serial, Instant from, Instant until) {}

  /**
   * Signs a client's certificate.
   *
   * @param commonName left out when it is too long for one
   * @param dnsName alternative name
   * @throws IOException if the authority's key cannot sign, saying what kind of key can
   */
  public X509Certificate client(String commonName, String dnsName, PublicKey owner, Terms terms)
      throws IOException {
    byte[] algorithm = algorithm();
    byte[] content =
        Der.sequence(
            Der.element(Der.explicit(0), Der.integer(BigInteger.TWO)),
            Der.integer(terms.serial()),
            algorithm,
            authority.chain().getFirst().getSubjectX500Principal().getEncoded(),
            Der.sequence(time(terms.from()), time(terms.until())),
            name(commonName),
            owner.getEncoded(),
            Der.element(Der.explicit(3), extensions(dnsName)));
    try {
      Signature signature = Signature.getInstance(isRsa() ? "SHA256withRSA" : "SHA256withECDSA");
      signature.initSign(authority.key());
      signature.update(content);
      byte[] signed = Der.sequence(content, algorithm, Der.bitString(signature.sign()));
      return (X509Certificate)
          CertificateFactory.getInstance("X.509")
              .generateCertificate(new ByteArrayInputStream(signed));
    } catch (GeneralSecurityException unusable) {
      throw new IOException("the authority's key cannot sign (" + unusable + ")", unusable);
    }
  }

  private boolean isRsa() {
    return authority.key().getAlgorithm().equals("RSA");
  }

  private byte[] algorithm() throws IOException {
    String algorithm = authority.key().getAlgorithm();
    return switch (algorithm) {
      case "RSA" -> SHA256_WITH_RSA;
      case "EC" -> SHA256_WITH_ECDSA;
      default ->
          throw new IOException(
              "an authority with a key of " + algorithm + " cannot sign: give it one of RSA or EC");
    };
  }

  private static byte[] name(String commonName) {
    if (commonName.length() > COMMON_NAME_MAX) {
      return Der.sequence();
    }
    return Der.sequence(
        Der.element(
            Der.SET,
            Der.sequence(COMMON_NAME, Der.element(Der.UTF8_STRING, commonName.getBytes(UTF_8)))));
  }

  /** The alternative name is critical, as RFC 5280 wants it where the subject is empty. */
  private static byte[] extensions(String dnsName) {
    byte[] names = Der.sequence(Der.element(Der.context(DNS_NAME), dnsName.getBytes(US_ASCII)));
    return Der.sequence(
        Der.sequence(KEY_USAGE, TRUE, Der.element(Der.OCTET_STRING, DIGITAL_SIGNATURE)),
        Der.sequence(
            EXTENDED_KEY_USAGE, Der.element(Der.OCTET_STRING, Der.sequence(CLIENT_AUTHENTICATION))),
        Der.sequence(ALTERNATIVE_NAME, TRUE, Der.element(Der.OCTET_STRING, names)));
  }

  private static byte[] time(Instant instant) {
    boolean late = instant.atOffset(ZoneOffset.UTC).getYear() >= GENERALIZED_FROM;
    return late
        ? Der.element(Der.GENERALIZED_TIME, GENERALIZED_TIME.format(instant).getBytes(US_ASCII))
        : Der.element(Der.UTC_TIME, UTC_TIME.format(instant).getBytes(US_ASCII));
  }

  private static DateTimeFormatter format(String pattern) {
    return DateTimeFormatter.ofPattern(pattern, Locale.ROOT).withZone(ZoneOffset.UTC);
  }

  private static byte[] oid(String hex) {
    return Der.element(Der.OBJECT_IDENTIFIER, HexFormat.of().parseHex(hex));
  }
}
