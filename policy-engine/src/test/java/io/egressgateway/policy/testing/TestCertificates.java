package io.egressgateway.policy.testing;

import io.egressgateway.core.tls.TlsFiles;
import java.io.IOException;
import java.io.StringWriter;
import java.math.BigInteger;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.KeyPair;
import java.security.KeyPairGenerator;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.Base64;
import java.util.Date;
import org.bouncycastle.asn1.x500.X500Name;
import org.bouncycastle.asn1.x509.BasicConstraints;
import org.bouncycastle.asn1.x509.Extension;
import org.bouncycastle.asn1.x509.GeneralName;
import org.bouncycastle.asn1.x509.GeneralNames;
import org.bouncycastle.cert.X509CertificateHolder;
import org.bouncycastle.cert.X509v3CertificateBuilder;
import org.bouncycastle.cert.jcajce.JcaX509v3CertificateBuilder;
import org.bouncycastle.openssl.jcajce.JcaPEMWriter;
import org.bouncycastle.operator.OperatorCreationException;
import org.bouncycastle.operator.jcajce.JcaContentSignerBuilder;

/** A certificate authority for one test. */
public final class TestCertificates {

  /** A certificate and its key in PEM files. */
  public record Identity(Path certificate, Path key) {}

  private static final X500Name ISSUER = new X500Name("CN=egressgateway test CA");

  private final Path directory;
  private final KeyPair pair;
  private int serial = 1;

  private TestCertificates(Path directory, KeyPair pair) {
    this.directory = directory;
    this.pair = pair;
  }

  public static TestCertificates in(Path directory) {
    try {
      TestCertificates authority = new TestCertificates(directory, newPair());
      write(authority.ca(), authority.sign("CN=egressgateway test CA", "ca", authority.pair));
      return authority;
    } catch (IOException | GeneralSecurityException | OperatorCreationException impossible) {
      throw new AssertionError(impossible);
    }
  }

  public Path ca() {
    return directory.resolve("ca.crt");
  }

  public Identity controller() {
    return issue("CN=egressgateway-controller", "controller.egressgateway");
  }

  public Identity agent(String node) {
    return issue("CN=egressgateway-agent:" + node, node + ".agent.egressgateway");
  }

  public Identity witness() {
    return issue("CN=egressgateway-witness", "witness.egressgateway");
  }

  /** The files of this identity, with this authority's. */
  public TlsFiles files(Identity identity) {
    return new TlsFiles(ca(), identity.certificate(), identity.key());
  }

  private Identity issue(String subject, String dnsName) {
    try {
      KeyPair own = newPair();
      Identity identity =
          new Identity(directory.resolve(dnsName + ".crt"), directory.resolve(dnsName + ".key"));
      write(identity.certificate(), sign(subject, dnsName, own));
      writeKey(identity.key(), own);
      return identity;
    } catch (IOException | GeneralSecurityException | OperatorCreationException impossible) {
      throw new AssertionError(impossible);
    }
  }

  private static KeyPair newPair() throws GeneralSecurityException {
    KeyPairGenerator generator = KeyPairGenerator.getInstance("EC");
    generator.initialize(256);
    return generator.generateKeyPair();
  }

  private X509CertificateHolder sign(String subject, String dnsName, KeyPair own)
      throws IOException, OperatorCreationException {
    Instant now = Instant.ofEpochSecond(System.currentTimeMillis() / 1000);
    X509v3CertificateBuilder builder =
        new JcaX509v3CertificateBuilder(
            ISSUER,
            BigInteger.valueOf(serial++),
            Date.from(now.minus(1, ChronoUnit.HOURS)),
            Date.from(now.plus(1, ChronoUnit.DAYS)),
            new X500Name(subject),
            own.getPublic());
    builder.addExtension(
        Extension.basicConstraints, true, new BasicConstraints(dnsName.equals("ca")));
    builder.addExtension(
        Extension.subjectAlternativeName,
        false,
        new GeneralNames(new GeneralName(GeneralName.dNSName, dnsName)));
    return builder.build(new JcaContentSignerBuilder("SHA256withECDSA").build(pair.getPrivate()));
  }

  private static void writeKey(Path file, KeyPair own) throws IOException {
    String body =
        Base64.getMimeEncoder(64, new byte[] {'\n'}).encodeToString(own.getPrivate().getEncoded());
    Files.writeString(
        file, "-----BEGIN PRIVATE KEY-----\n" + body + "\n-----END PRIVATE KEY-----\n");
  }

  private static void write(Path file, Object object) throws IOException {
    StringWriter text = new StringWriter();
    try (JcaPEMWriter writer = new JcaPEMWriter(text)) {
      writer.writeObject(object);
    }
    Files.writeString(file, text.toString());
  }
}
