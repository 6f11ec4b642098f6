package io.egressgateway.load.lab.pki;

import static java.nio.charset.StandardCharsets.UTF_8;

import io.egressgateway.core.model.NodeName;
import java.io.IOException;
import java.math.BigInteger;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.KeyPair;
import java.security.KeyPairGenerator;
import java.security.SecureRandom;
import java.security.cert.X509Certificate;
import java.security.spec.ECGenParameterSpec;
import java.time.Duration;
import java.time.Instant;
import java.util.Base64;
import java.util.Date;
import org.bouncycastle.asn1.x500.X500Name;
import org.bouncycastle.asn1.x509.BasicConstraints;
import org.bouncycastle.asn1.x509.ExtendedKeyUsage;
import org.bouncycastle.asn1.x509.Extension;
import org.bouncycastle.asn1.x509.GeneralName;
import org.bouncycastle.asn1.x509.GeneralNames;
import org.bouncycastle.asn1.x509.KeyPurposeId;
import org.bouncycastle.asn1.x509.KeyUsage;
import org.bouncycastle.cert.CertIOException;
import org.bouncycastle.cert.X509v3CertificateBuilder;
import org.bouncycastle.cert.jcajce.JcaX509CertificateConverter;
import org.bouncycastle.cert.jcajce.JcaX509v3CertificateBuilder;
import org.bouncycastle.operator.OperatorCreationException;
import org.bouncycastle.operator.jcajce.JcaContentSignerBuilder;

/**
 * Issues the certificates that controllers, witnesses and agents prove themselves with: ECDSA
 * P-256, PEM, unencrypted PKCS #8 keys. Thread-safe.
 */
public final class LabPki {
  /** A lab that is kept up longer needs new certificates. */
  public static final Duration VALIDITY = Duration.ofDays(3);

  /** Processes whose clocks are made to jump by an hour go on trusting each other. */
  private static final Duration CLOCK_SKEW = Duration.ofHours(2);

  private static final int SERIAL_BITS = 127;
  private static final String CURVE = "secp256r1";
  private static final String SIGNATURE = "SHA256withECDSA";
  private static final X500Name AUTHORITY = new X500Name("CN=egressgateway-lab-ca");

  private final KeyPair authorityKey;
  private final X509Certificate authority;
  private final Instant from;
  private final SecureRandom random = new SecureRandom();

  /**
   * A new authority.
   *
   * @param now start of the certificates' validity
   */
  public LabPki(Instant now) {
    this.from = now.minus(CLOCK_SKEW);
    this.authorityKey = newKey();
    this.authority = sign(authorityBuilder());
  }

  /** Writes ca.crt, controller.crt and controller.key into the folder, which is created. */
  public void writeController(Path directory) throws IOException {
    write(directory, "controller", "egressgateway-controller", "controller.egressgateway");
  }

  /** Writes ca.crt, witness.crt and witness.key into the folder, which is created. */
  public void writeWitness(Path directory) throws IOException {
    write(directory, "witness", "egressgateway-witness", "witness.egressgateway");
  }

  /** Writes ca.crt, agent.crt and agent.key of this node's agent into the folder. */
  public void writeAgent(NodeName node, Path directory) throws IOException {
    write(directory, "agent", "egressgateway-agent:" + node, node + ".agent.egressgateway");
  }

  private void write(Path directory, String file, String commonName, String dnsName)
      throws IOException {
    KeyPair key = newKey();
    X509Certificate certificate = sign(memberBuilder(key, commonName, dnsName));
    Files.createDirectories(directory);
    try {
      Files.writeString(directory.resolve("ca.crt"), pem("CERTIFICATE", authority.getEncoded()));
      Files.writeString(
          directory.resolve(file + ".crt"), pem("CERTIFICATE", certificate.getEncoded()));
      Files.writeString(
          directory.resolve(file + ".key"), pem("PRIVATE KEY", key.getPrivate().getEncoded()));
    } catch (GeneralSecurityException e) {
      throw new IllegalStateException("encode certificate of " + commonName, e);
    }
  }

  private X509v3CertificateBuilder authorityBuilder() {
    X509v3CertificateBuilder builder = builder(AUTHORITY, authorityKey);
    try {
      builder.addExtension(Extension.basicConstraints, true, new BasicConstraints(0));
      builder.addExtension(
          Extension.keyUsage, true, new KeyUsage(KeyUsage.keyCertSign | KeyUsage.cRLSign));
    } catch (CertIOException e) {
      throw new IllegalStateException("describe the authority", e);
    }
    return builder;
  }

  private X509v3CertificateBuilder memberBuilder(KeyPair key, String commonName, String dnsName) {
    X509v3CertificateBuilder builder = builder(new X500Name("CN=" + commonName), key);
    try {
      builder.addExtension(Extension.basicConstraints, true, new BasicConstraints(false));
      builder.addExtension(Extension.keyUsage, true, new KeyUsage(KeyUsage.digitalSignature));
      builder.addExtension(
          Extension.extendedKeyUsage,
          false,
          new ExtendedKeyUsage(
              new KeyPurposeId[] {KeyPurposeId.id_kp_serverAuth, KeyPurposeId.id_kp_clientAuth}));
      builder.addExtension(
          Extension.subjectAlternativeName,
          false,
          new GeneralNames(new GeneralName(GeneralName.dNSName, dnsName)));
    } catch (CertIOException e) {
      throw new IllegalStateException("describe " + commonName, e);
    }
    return builder;
  }

  private X509v3CertificateBuilder builder(X500Name subject, KeyPair key) {
    return new JcaX509v3CertificateBuilder(
        AUTHORITY,
        new BigInteger(SERIAL_BITS, random),
        Date.from(from),
        Date.from(from.plus(VALIDITY)),
        subject,
        key.getPublic());
  }

  private X509Certificate sign(X509v3CertificateBuilder builder) {
    try {
      return new JcaX509CertificateConverter()
          .getCertificate(
              builder.build(
                  new JcaContentSignerBuilder(SIGNATURE).build(authorityKey.getPrivate())));
    } catch (GeneralSecurityException | OperatorCreationException e) {
      throw new IllegalStateException("sign with " + SIGNATURE, e);
    }
  }

  private KeyPair newKey() {
    try {
      KeyPairGenerator generator = KeyPairGenerator.getInstance("EC");
      generator.initialize(new ECGenParameterSpec(CURVE));
      return generator.generateKeyPair();
    } catch (GeneralSecurityException e) {
      throw new IllegalStateException("make a key on " + CURVE, e);
    }
  }

  private static String pem(String label, byte[] der) {
    String body = Base64.getMimeEncoder(64, "\n".getBytes(UTF_8)).encodeToString(der);
    return "-----BEGIN %s-----\n%s\n-----END %s-----\n".formatted(label, body, label);
  }
}
