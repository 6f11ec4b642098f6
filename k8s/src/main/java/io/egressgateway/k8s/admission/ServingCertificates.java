package io.egressgateway.k8s.admission;

import java.io.IOException;
import java.security.GeneralSecurityException;
import java.security.KeyStore;
import java.security.PrivateKey;
import java.security.cert.Certificate;
import java.security.cert.X509Certificate;
import java.util.List;
import java.util.Optional;
import javax.net.ssl.KeyManagerFactory;
import javax.net.ssl.SSLContext;

/** What the webhooks' server shows. Thread-safe. */
interface ServingCertificates {

  /**
   * Looks whether there is something newer, and takes it. Blocks.
   *
   * @throws IOException saying what cannot be used and what to do; what there was stays in use
   */
  void refresh() throws IOException;

  /** What to show to a connection that comes now; absent before the first good refresh. */
  Optional<SSLContext> context();

  /** PEM of the authorities that the API server is to trust; absent as the context is. */
  Optional<String> authorities();

  /** A server's TLS with this certificate; its clients need none. */
  static SSLContext context(List<X509Certificate> chain, PrivateKey key) throws IOException {
    char[] none = {};
    try {
      KeyStore store = KeyStore.getInstance("PKCS12");
      store.load(null, none);
      store.setKeyEntry("admission", key, none, chain.toArray(Certificate[]::new));
      KeyManagerFactory keys =
          KeyManagerFactory.getInstance(KeyManagerFactory.getDefaultAlgorithm());
      keys.init(store, none);
      SSLContext context = SSLContext.getInstance("TLS");
      context.init(keys.getKeyManagers(), null, null);
      return context;
    } catch (GeneralSecurityException unusable) {
      throw new IOException("key and certificate do not belong together: " + unusable, unusable);
    }
  }
}
