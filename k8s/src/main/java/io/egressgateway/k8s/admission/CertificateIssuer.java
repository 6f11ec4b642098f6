package io.egressgateway.k8s.admission;

import io.egressgateway.core.model.IpAddress;
import java.io.ByteArrayInputStream;
import java.math.BigInteger;
import java.security.GeneralSecurityException;
import java.security.KeyPair;
import java.security.KeyPairGenerator;
import java.security.MessageDigest;
import java.security.PrivateKey;
import java.security.PublicKey;
import java.security.SecureRandom;
import java.security.Signature;
import java.security.cert.CertificateFactory;
import java.security.cert.X509Certificate;
import java.security.spec.ECGenParameterSpec;
import java.time.Duration;
import java.time.Instant;
import java.util.Collection;

/**
 * Makes X.509 certificates (RFC 5280) with ECDSA P-256: an authority that signs itself, and
 * servers' certificates of it. Written by hand as the JDK makes none and a cryptography provider
 * for this alone would be larger than the controller.
 */
final class CertificateIssuer {
  private static final String CURVE = "secp256r1";
  private static final String SIGNATURE = "SHA256withECDSA";
  private static final int SERIAL_BITS = 127;
  private static final Duration CLOCK_SKEW = Duration.ofMinutes(10);

  private static final byte[] ECDSA_WITH_SHA256 = Der.sequence(Der.oid("1.2.840.10045.4.3.2"));
  private static final String COMMON_NAME = "2.5.4.3";
  private static final String SUBJECT_KEY_IDENTIFIER = "2.5.29.14";
  private static final String KEY_USAGE = "2.5.29.15";
  private static final String SUBJECT_ALTERNATIVE_NAME = "2.5.29.17";
  private static final String BASIC_CONSTRAINTS = "2.5.29.19";
  private static final String AUTHORITY_KEY_IDENTIFIER = "2.5.29.35";
  private static final String EXTENDED_KEY_USAGE = "2.5.29.37";
  private static final String SERVER_AUTH = "1.3.6.1.5.5.7.3.1";

  /** keyCertSign and cRLSign are bits 5 and 6, counted from the left. */
  private static final byte[] MAY_SIGN = Der.bits(1, new byte[] {0x06});

  /** digitalSignature is bit 0. */
  private static final byte[] MAY_AUTHENTICATE = Der.bits(7, new byte[] {(byte) 0x80});

  private static final int SAN_DNS = 2;
  private static final int SAN_IP = 7;
  private static final int VERSION_3 = 2;
  private static final int VERSION_TAG = 0;
  private static final int EXTENSIONS_TAG = 3;

  private static final String AUTHORITY = "egressgateway-admission-ca";
  private static final String SERVER = "egressgateway-admission";

  private final SecureRandom random;

  CertificateIssuer(SecureRandom random) {
    this.random = random;
  }

  /** A certificate and its key. */
  record Identity(X509Certificate certificate, PrivateKey key) {}

  private record Validity(Instant now, Duration life) {
    byte[] der() {
      return Der.sequence(Der.time(now.minus(CLOCK_SKEW)), Der.time(now.plus(life)));
    }
  }

  private record Body(String issuer, String subject, Validity validity, PublicKey key) {}

  /** A new authority. */
  Identity authority(Instant now, Duration life) {
    KeyPair pair = newKey();
    byte[] extensions =
        Der.sequence(
            critical(BASIC_CONSTRAINTS, Der.sequence(Der.yes())),
            critical(KEY_USAGE, MAY_SIGN),
            extension(SUBJECT_KEY_IDENTIFIER, Der.octets(identifier(pair.getPublic()))));
    Body body = new Body(AUTHORITY, AUTHORITY, new Validity(now, life), pair.getPublic());
    return new Identity(sign(body, extensions, pair.getPrivate()), pair.getPrivate());
  }

  /** A server's certificate; names that are IP addresses become such. */
  Identity server(Identity authority, Collection<String> names, Instant now, Duration life) {
    KeyPair pair = newKey();
    byte[] extensions =
        Der.sequence(
            critical(KEY_USAGE, MAY_AUTHENTICATE),
            extension(EXTENDED_KEY_USAGE, Der.sequence(Der.oid(SERVER_AUTH))),
            extension(
                AUTHORITY_KEY_IDENTIFIER,
                Der.sequence(Der.implicit(0, identifier(authority.certificate().getPublicKey())))),
            extension(
                SUBJECT_ALTERNATIVE_NAME,
                Der.sequence(names.stream().map(CertificateIssuer::name).toArray(byte[][]::new))));
    Body body = new Body(AUTHORITY, SERVER, new Validity(now, life), pair.getPublic());
    return new Identity(sign(body, extensions, authority.key()), pair.getPrivate());
  }

  private static byte[] name(String text) {
    return IpAddress.parse(text)
        .map(address -> Der.implicit(SAN_IP, address.toBytes()))
        .orElseGet(
            () -> Der.implicit(SAN_DNS, text.getBytes(java.nio.charset.StandardCharsets.US_ASCII)));
  }

  private static byte[] critical(String oid, byte[] value) {
    return Der.sequence(Der.oid(oid), Der.yes(), Der.octets(value));
  }

  private static byte[] extension(String oid, byte[] value) {
    return Der.sequence(Der.oid(oid), Der.octets(value));
  }

  private static byte[] distinguished(String commonName) {
    return Der.sequence(Der.set(Der.sequence(Der.oid(COMMON_NAME), Der.utf8(commonName))));
  }

  /** TBSCertificate, its algorithm, its signature. */
  private X509Certificate sign(Body body, byte[] extensions, PrivateKey signer) {
    BigInteger serial = new BigInteger(SERIAL_BITS, random).add(BigInteger.ONE);
    byte[] toBeSigned =
        Der.sequence(
            Der.explicit(VERSION_TAG, Der.integer(BigInteger.valueOf(VERSION_3))),
            Der.integer(serial),
            ECDSA_WITH_SHA256,
            distinguished(body.issuer()),
            body.validity().der(),
            distinguished(body.subject()),
            body.key().getEncoded(),
            Der.explicit(EXTENSIONS_TAG, extensions));
    try {
      Signature signature = Signature.getInstance(SIGNATURE);
      signature.initSign(signer, random);
      signature.update(toBeSigned);
      byte[] certificate =
          Der.sequence(toBeSigned, ECDSA_WITH_SHA256, Der.bits(0, signature.sign()));
      return (X509Certificate)
          CertificateFactory.getInstance("X.509")
              .generateCertificate(new ByteArrayInputStream(certificate));
    } catch (GeneralSecurityException e) {
      throw new IllegalStateException("sign a certificate with " + SIGNATURE, e);
    }
  }

  private static byte[] identifier(PublicKey key) {
    try {
      return MessageDigest.getInstance("SHA-1").digest(key.getEncoded());
    } catch (GeneralSecurityException e) {
      throw new IllegalStateException("hash a key for its identifier", e);
    }
  }

  private KeyPair newKey() {
    try {
      KeyPairGenerator generator = KeyPairGenerator.getInstance("EC");
      generator.initialize(new ECGenParameterSpec(CURVE), random);
      return generator.generateKeyPair();
    } catch (GeneralSecurityException e) {
      throw new IllegalStateException("make a key on " + CURVE, e);
    }
  }
}
