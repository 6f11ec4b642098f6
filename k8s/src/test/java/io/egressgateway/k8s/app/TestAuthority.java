package io.egressgateway.k8s.app;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.math.BigInteger;
import java.net.InetAddress;
import java.security.GeneralSecurityException;
import java.security.KeyPair;
import java.security.KeyPairGenerator;
import java.security.KeyStore;
import java.security.cert.X509Certificate;
import java.security.spec.ECGenParameterSpec;
import java.time.Duration;
import java.time.Instant;
import java.util.Date;
import javax.net.ssl.KeyManagerFactory;
import javax.net.ssl.SSLContext;
import org.bouncycastle.asn1.ASN1Encodable;
import org.bouncycastle.asn1.ASN1ObjectIdentifier;
import org.bouncycastle.asn1.x500.X500Name;
import org.bouncycastle.asn1.x509.BasicConstraints;
import org.bouncycastle.asn1.x509.Extension;
import org.bouncycastle.asn1.x509.GeneralName;
import org.bouncycastle.asn1.x509.GeneralNames;
import org.bouncycastle.cert.jcajce.JcaX509CertificateConverter;
import org.bouncycastle.cert.jcajce.JcaX509v3CertificateBuilder;
import org.bouncycastle.operator.OperatorCreationException;
import org.bouncycastle.operator.jcajce.JcaContentSignerBuilder;

/** An authority that certifies servers for any time. */
final class TestAuthority {
  private static final X500Name NAME = new X500Name("CN=test authority");
  private static final Duration LIFE = Duration.ofDays(1);
  private static final char[] PASSWORD = "test".toCharArray();

  private final KeyPair keys = keys();
  private final X509Certificate certificate =
      sign(
          builder(NAME, keys, Instant.now().minus(LIFE), LIFE.multipliedBy(2)),
          Extension.basicConstraints,
          new BasicConstraints(true));

  private static KeyPair keys() {
    try {
      KeyPairGenerator generator = KeyPairGenerator.getInstance("EC");
      generator.initialize(new ECGenParameterSpec("secp256r1"));
      return generator.generateKeyPair();
    } catch (GeneralSecurityException e) {
      throw new IllegalStateException(e);
    }
  }

  private static JcaX509v3CertificateBuilder builder(
      X500Name subject, KeyPair owner, Instant from, Duration life) {
    return new JcaX509v3CertificateBuilder(
        NAME,
        BigInteger.valueOf(from.toEpochMilli()),
        Date.from(from),
        Date.from(from.plus(life)),
        subject,
        owner.getPublic());
  }

  private X509Certificate sign(
      JcaX509v3CertificateBuilder builder, ASN1ObjectIdentifier extension, ASN1Encodable value) {
    try {
      builder.addExtension(extension, false, value);
      return new JcaX509CertificateConverter()
          .getCertificate(
              builder.build(
                  new JcaContentSignerBuilder("SHA256withECDSA").build(keys.getPrivate())));
    } catch (GeneralSecurityException | OperatorCreationException e) {
      throw new IllegalStateException(e);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** Its own certificate. */
  String pem() {
    return TestTls.pem(certificate);
  }

  /** A server at this address, with a certificate for this time. */
  SSLContext server(InetAddress address, Instant from, Duration life) {
    KeyPair own = keys();
    X509Certificate issued =
        sign(
            builder(new X500Name("CN=server"), own, from, life),
            Extension.subjectAlternativeName,
            new GeneralNames(new GeneralName(GeneralName.iPAddress, address.getHostAddress())));
    try {
      KeyStore store = KeyStore.getInstance("PKCS12");
      store.load(null, PASSWORD);
      store.setKeyEntry("server", own.getPrivate(), PASSWORD, new X509Certificate[] {issued});
      KeyManagerFactory managers =
          KeyManagerFactory.getInstance(KeyManagerFactory.getDefaultAlgorithm());
      managers.init(store, PASSWORD);
      SSLContext context = SSLContext.getInstance("TLS");
      context.init(managers.getKeyManagers(), null, null);
      return context;
    } catch (GeneralSecurityException e) {
      throw new IllegalStateException(e);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
