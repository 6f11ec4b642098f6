package io.egressgateway.node.agent;

import io.egressgateway.core.tls.TlsFiles;
import java.io.IOException;
import java.io.Writer;
import java.math.BigInteger;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.KeyPair;
import java.security.KeyPairGenerator;
import java.security.cert.X509Certificate;
import java.security.spec.ECGenParameterSpec;
import java.time.Duration;
import java.time.Instant;
import java.util.Date;
import org.bouncycastle.asn1.x500.X500Name;
import org.bouncycastle.asn1.x509.BasicConstraints;
import org.bouncycastle.asn1.x509.Extension;
import org.bouncycastle.asn1.x509.GeneralName;
import org.bouncycastle.asn1.x509.GeneralNames;
import org.bouncycastle.cert.jcajce.JcaX509CertificateConverter;
import org.bouncycastle.cert.jcajce.JcaX509v3CertificateBuilder;
import org.bouncycastle.openssl.jcajce.JcaPEMWriter;
import org.bouncycastle.openssl.jcajce.JcaPKCS8Generator;
import org.bouncycastle.operator.OperatorCreationException;
import org.bouncycastle.operator.jcajce.JcaContentSignerBuilder;

/** A certificate authority for one test. */
final class TestCa {
  private static final X500Name NAME = new X500Name("CN=test CA");
  private static final Duration LIFE = Duration.ofHours(1);
  private final KeyPair keys = keys();
  private final X509Certificate certificate;
  private long serial = 1;

  TestCa() throws Exception {
    JcaX509v3CertificateBuilder builder = builder(NAME, keys, Instant.now());
    builder.addExtension(Extension.basicConstraints, true, new BasicConstraints(true));
    certificate = sign(builder);
  }

  /** Writes ca.crt and a certificate with its key. */
  TlsFiles issue(Path directory, String commonName, String dnsName) throws Exception {
    return issue(directory, commonName, dnsName, Instant.now());
  }

  /** As {@link #issue(Path, String, String)}, but a certificate that has ended. */
  TlsFiles issueEnded(Path directory, String commonName, String dnsName) throws Exception {
    return issue(directory, commonName, dnsName, Instant.now().minus(LIFE.multipliedBy(2)));
  }

  private TlsFiles issue(Path directory, String commonName, String dnsName, Instant when)
      throws Exception {
    KeyPair pair = keys();
    JcaX509v3CertificateBuilder builder = builder(new X500Name("CN=" + commonName), pair, when);
    builder.addExtension(
        Extension.subjectAlternativeName,
        false,
        new GeneralNames(new GeneralName(GeneralName.dNSName, dnsName)));
    Files.createDirectories(directory);
    Path ca = write(directory.resolve("ca.crt"), certificate);
    Path issued = write(directory.resolve("tls.crt"), sign(builder));
    Path key = write(directory.resolve("tls.key"), new JcaPKCS8Generator(pair.getPrivate(), null));
    return new TlsFiles(ca, issued, key);
  }

  private JcaX509v3CertificateBuilder builder(X500Name subject, KeyPair pair, Instant when) {
    return new JcaX509v3CertificateBuilder(
        NAME,
        BigInteger.valueOf(serial++),
        Date.from(when.minus(Duration.ofMinutes(1))),
        Date.from(when.plus(LIFE)),
        subject,
        pair.getPublic());
  }

  private X509Certificate sign(JcaX509v3CertificateBuilder builder)
      throws OperatorCreationException, GeneralSecurityException {
    return new JcaX509CertificateConverter()
        .getCertificate(
            builder.build(new JcaContentSignerBuilder("SHA256withECDSA").build(keys.getPrivate())));
  }

  private static Path write(Path file, Object content) throws IOException {
    try (Writer writer = Files.newBufferedWriter(file);
        JcaPEMWriter pem = new JcaPEMWriter(writer)) {
      pem.writeObject(content);
    }
    return file;
  }

  private static KeyPair keys() throws GeneralSecurityException {
    KeyPairGenerator generator = KeyPairGenerator.getInstance("EC");
    generator.initialize(new ECGenParameterSpec("secp256r1"));
    return generator.generateKeyPair();
  }
}
