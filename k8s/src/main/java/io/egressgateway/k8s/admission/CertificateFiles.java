package io.egressgateway.k8s.admission;

import io.egressgateway.core.tls.TlsCredentials;
import io.egressgateway.core.tls.TlsFiles;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import javax.net.ssl.SSLContext;

/**
 * Certificates that somebody else provides and renews: {@code ca.crt}, {@code tls.crt} and {@code
 * tls.key} of a mounted Secret.
 */
final class CertificateFiles implements ServingCertificates {

  private record Loaded(List<TlsFiles.Stamp> stamps, SSLContext context, String authorities) {}

  private final TlsFiles files;
  private volatile Optional<Loaded> loaded = Optional.empty();

  CertificateFiles(Path directory) {
    this.files = TlsFiles.in(directory, "tls");
  }

  @Override
  public void refresh() throws IOException {
    if (!files.unreadable().isEmpty()) {
      throw new IOException(
          "cannot be read: "
              + files.unreadable()
              + "; mount the Secret with ca.crt, tls.crt and tls.key there");
    }
    List<TlsFiles.Stamp> stamps = files.stamps();
    if (loaded.filter(last -> last.stamps().equals(stamps)).isEmpty()) {
      TlsCredentials read = TlsCredentials.read(files);
      loaded =
          Optional.of(
              new Loaded(
                  stamps,
                  ServingCertificates.context(read.chain(), read.key()),
                  Pem.certificates(read.trusted())));
    }
  }

  @Override
  public Optional<SSLContext> context() {
    return loaded.map(Loaded::context);
  }

  @Override
  public Optional<String> authorities() {
    return loaded.map(Loaded::authorities);
  }
}
