package io.egressgateway.load.api;

import java.io.IOException;
import java.io.StringWriter;
import java.math.BigInteger;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.security.GeneralSecurityException;
import java.security.KeyPair;
import java.security.KeyPairGenerator;
import java.security.SecureRandom;
import java.security.interfaces.ECPrivateKey;
import java.security.spec.ECGenParameterSpec;
import java.time.Duration;
import java.time.Instant;
import java.util.Date;
import org.bouncycastle.asn1.sec.SECObjectIdentifiers;
import org.bouncycastle.asn1.x500.X500Name;
import org.bouncycastle.asn1.x509.BasicConstraints;
import org.bouncycastle.asn1.x509.ExtendedKeyUsage;
import org.bouncycastle.asn1.x509.Extension;
import org.bouncycastle.asn1.x509.GeneralName;
import org.bouncycastle.asn1.x509.GeneralNames;
import org.bouncycastle.asn1.x509.KeyPurposeId;
import org.bouncycastle.asn1.x509.KeyUsage;
import org.bouncycastle.cert.X509CertificateHolder;
import org.bouncycastle.cert.jcajce.JcaX509v3CertificateBuilder;
import org.bouncycastle.openssl.jcajce.JcaPEMWriter;
import org.bouncycastle.operator.OperatorCreationException;
import org.bouncycastle.operator.jcajce.JcaContentSignerBuilder;
import org.bouncycastle.util.io.pem.PemObject;

/** A certificate authority for one API server's life: P-256 keys, a week, never reused. */
public final class ThrowawayPki {
  private static final Duration LIFE = Duration.ofDays(7);
  private static final int KEY_BITS = 256;
  private static final Duration CLOCK_SKEW = Duration.ofMinutes(5);
  private static final X500Name AUTHORITY = new X500Name("CN=egressgateway-lab-ca");

  /** A certificate and its key, PEM texts. */
  public record Identity(String certificate, String key) {}

  private final KeyPair authorityKey;
  private final String authorityCertificate;
  private final Instant now;
  private long serial = 1;

  private ThrowawayPki(Instant now) throws GeneralSecurityException, IOException {
    this.now = now;
    this.authorityKey = newKey();
    JcaX509v3CertificateBuilder builder = builder(AUTHORITY, authorityKey);
    builder.addExtension(Extension.basicConstraints, true, new BasicConstraints(true));
    builder.addExtension(
        Extension.keyUsage, true, new KeyUsage(KeyUsage.keyCertSign | KeyUsage.digitalSignature));
    this.authorityCertificate = pem(sign(builder));
  }

  /** A new authority whose certificates are good for a week from then on. */
  public static ThrowawayPki create(Instant now) throws IOException {
    try {
      return new ThrowawayPki(now);
    } catch (GeneralSecurityException failure) {
      throw new IOException("cannot make the API server's certificates", failure);
    }
  }

  /** The authority's certificate, PEM. */
  public String authority() {
    return authorityCertificate;
  }

  /** For a server on 127.0.0.1. */
  public Identity server() throws IOException {
    return issue(
        new X500Name("CN=kube-apiserver"),
        KeyPurposeId.id_kp_serverAuth,
        new GeneralNames(
            new GeneralName[] {
              new GeneralName(GeneralName.iPAddress, "127.0.0.1"),
              new GeneralName(GeneralName.dNSName, "localhost"),
              new GeneralName(GeneralName.dNSName, "kubernetes.default.svc")
            }));
  }

  /** For a user in the group that RBAC lets do everything. */
  Identity administrator() throws IOException {
    return issue(
        new X500Name("O=system:masters,CN=admin"),
        KeyPurposeId.id_kp_clientAuth,
        new GeneralNames(new GeneralName(GeneralName.dNSName, "admin")));
  }

  /** A bare key pair for service account tokens: the public key stands in for the certificate. */
  Identity tokenSigner() throws IOException {
    try {
      KeyPair pair = newKey();
      return new Identity(pem(pair.getPublic()), keyPem(pair));
    } catch (GeneralSecurityException failure) {
      throw new IOException("cannot make a key", failure);
    }
  }

  /** Writes a PEM text that only its owner can read. */
  public static Path write(Path file, String pem) throws IOException {
    Files.deleteIfExists(file);
    Files.createFile(
        file, PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rw-------")));
    return Files.writeString(file, pem);
  }

  private Identity issue(X500Name subject, KeyPurposeId purpose, GeneralNames names)
      throws IOException {
    try {
      KeyPair pair = newKey();
      JcaX509v3CertificateBuilder builder = builder(subject, pair);
      builder.addExtension(Extension.extendedKeyUsage, false, new ExtendedKeyUsage(purpose));
      builder.addExtension(Extension.subjectAlternativeName, false, names);
      return new Identity(pem(sign(builder)), keyPem(pair));
    } catch (GeneralSecurityException failure) {
      throw new IOException("cannot issue a certificate for " + subject, failure);
    }
  }

  private JcaX509v3CertificateBuilder builder(X500Name subject, KeyPair pair) {
    return new JcaX509v3CertificateBuilder(
        AUTHORITY,
        BigInteger.valueOf(serial++),
        Date.from(now.minus(CLOCK_SKEW)),
        Date.from(now.plus(LIFE)),
        subject,
        pair.getPublic());
  }

  private X509CertificateHolder sign(JcaX509v3CertificateBuilder builder)
      throws GeneralSecurityException {
    try {
      return builder.build(
          new JcaContentSignerBuilder("SHA256withECDSA").build(authorityKey.getPrivate()));
    } catch (OperatorCreationException failure) {
      throw new GeneralSecurityException(failure);
    }
  }

  private static KeyPair newKey() throws GeneralSecurityException {
    KeyPairGenerator generator = KeyPairGenerator.getInstance("EC");
    generator.initialize(new ECGenParameterSpec("secp256r1"), new SecureRandom());
    return generator.generateKeyPair();
  }

  /** RFC 5915 with the curve named: the one form of EC key that both Go and fabric8 read. */
  private static String keyPem(KeyPair pair) throws IOException {
    ECPrivateKey key = (ECPrivateKey) pair.getPrivate();
    byte[] der =
        new org.bouncycastle.asn1.sec.ECPrivateKey(
                KEY_BITS, key.getS(), SECObjectIdentifiers.secp256r1)
            .getEncoded();
    return pem(new PemObject("EC PRIVATE KEY", der));
  }

  private static String pem(Object object) throws IOException {
    StringWriter text = new StringWriter();
    try (JcaPEMWriter writer = new JcaPEMWriter(text)) {
      writer.writeObject(object);
    }
    return text.toString();
  }
}
