package io.egressgateway.core.tls;

import static java.nio.charset.StandardCharsets.ISO_8859_1;

import java.io.IOException;
import java.io.InputStream;
import java.math.BigInteger;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.KeyFactory;
import java.security.KeyStore;
import java.security.PrivateKey;
import java.security.cert.CertificateExpiredException;
import java.security.cert.CertificateFactory;
import java.security.cert.CertificateNotYetValidException;
import java.security.cert.X509Certificate;
import java.security.spec.PKCS8EncodedKeySpec;
import java.util.Base64;
import java.util.List;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import javax.net.ssl.KeyManager;
import javax.net.ssl.TrustManager;
import javax.net.ssl.TrustManagerFactory;

/**
 * What a process shows and what it trusts, read from PEM files. Read here and not by Netty, which
 * would load a whole cryptography provider for it if one is on the class path.
 *
 * @param trusted authorities of the peers
 * @param chain one's own certificate first
 * @param key of the first certificate
 */
public record TlsCredentials(
    List<X509Certificate> trusted, List<X509Certificate> chain, PrivateKey key) {
  private static final Pattern KEY =
      Pattern.compile(
          "-----BEGIN (RSA |EC |)PRIVATE KEY-----([A-Za-z0-9+/=\\s]+)-----END \\1PRIVATE KEY-----");

  private static final char[] NO_PASSWORD = {};

  /** Makes the lists immutable. */
  public TlsCredentials {
    trusted = List.copyOf(trusted);
    chain = List.copyOf(chain);
  }

  /**
   * Reads the files as they are now; certificates are renewed while a process runs.
   *
   * @throws IOException naming the file that cannot be used, and why
   */
  public static TlsCredentials read(TlsFiles files) throws IOException {
    List<X509Certificate> chain = certificates(files.certificate());
    return new TlsCredentials(certificates(files.ca()), chain, key(files.key(), chain.getFirst()));
  }

  private static List<X509Certificate> certificates(Path file) throws IOException {
    try (InputStream input = Files.newInputStream(file)) {
      List<X509Certificate> certificates =
          CertificateFactory.getInstance("X.509").generateCertificates(input).stream()
              .map(X509Certificate.class::cast)
              .toList();
      if (certificates.isEmpty()) {
        throw new IOException(file + " holds no certificate");
      }
      return certificates;
    } catch (GeneralSecurityException unreadable) {
      throw new IOException(file + " is no PEM file of certificates", unreadable);
    }
  }

  private static PrivateKey key(Path file, X509Certificate certificate) throws IOException {
    Matcher pem = KEY.matcher(Files.readString(file, ISO_8859_1));
    if (!pem.find()) {
      throw new IOException(
          file
              + " holds no key of the form BEGIN PRIVATE KEY, BEGIN RSA PRIVATE KEY or BEGIN EC"
              + " PRIVATE KEY; convert it with 'openssl pkcs8 -topk8 -nocrypt'");
    }
    byte[] encoded = decoded(file, pem.group(2));
    if (!pem.group(1).isEmpty()) {
      encoded = pkcs8(encoded, certificate);
    }
    try {
      return KeyFactory.getInstance(certificate.getPublicKey().getAlgorithm())
          .generatePrivate(new PKCS8EncodedKeySpec(encoded));
    } catch (GeneralSecurityException unusable) {
      throw new IOException(file + " is not the key of its certificate", unusable);
    }
  }

  private static byte[] decoded(Path file, String base64) throws IOException {
    try {
      return Base64.getMimeDecoder().decode(base64);
    } catch (IllegalArgumentException damaged) {
      throw new IOException(file + " holds a damaged key: " + damaged.getMessage(), damaged);
    }
  }

  /**
   * A key as PKCS#1 or SEC 1 have it, in the envelope that PKCS#8 puts around it (RFC 5208). It
   * says which algorithm the key is for: that of the certificate's public key.
   */
  private static byte[] pkcs8(byte[] bare, X509Certificate certificate) throws IOException {
    return Der.sequence(
        Der.integer(BigInteger.ZERO),
        Der.firstOf(certificate.getPublicKey().getEncoded()),
        Der.element(Der.OCTET_STRING, bare));
  }

  /** Why everybody refuses one's own certificate now, by this machine's clock; else nothing. */
  public Optional<String> flaw() {
    X509Certificate own = chain.getFirst();
    try {
      own.checkValidity();
      return Optional.empty();
    } catch (CertificateExpiredException ended) {
      return Optional.of("it ended at " + own.getNotAfter().toInstant() + ", renew it");
    } catch (CertificateNotYetValidException early) {
      return Optional.of(
          "it is good from " + own.getNotBefore().toInstant() + " on, look at this clock");
    }
  }

  /** Shows this certificate, and no other. */
  public KeyManager keyManager() {
    return new OwnKeyManager(key, chain);
  }

  /** Trusts these authorities, and no other. */
  public TrustManager[] trustManagers() throws IOException {
    try {
      KeyStore store = emptyStore();
      for (int i = 0; i < trusted.size(); i++) {
        store.setCertificateEntry("authority-" + i, trusted.get(i));
      }
      TrustManagerFactory factory =
          TrustManagerFactory.getInstance(TrustManagerFactory.getDefaultAlgorithm());
      factory.init(store);
      return factory.getTrustManagers();
    } catch (GeneralSecurityException unusable) {
      throw new IOException("the certificates of the authorities cannot be used", unusable);
    }
  }

  private static KeyStore emptyStore() throws GeneralSecurityException, IOException {
    KeyStore store = KeyStore.getInstance("PKCS12");
    store.load(null, NO_PASSWORD);
    return store;
  }
}
