package io.egressgateway.policy.tls;

import io.egressgateway.core.tls.TlsCredentials;
import io.egressgateway.core.tls.TlsFiles;
import io.grpc.netty.shaded.io.netty.buffer.ByteBufAllocator;
import io.grpc.netty.shaded.io.netty.handler.ssl.ApplicationProtocolNegotiator;
import io.grpc.netty.shaded.io.netty.handler.ssl.SslContext;
import java.io.IOException;
import java.util.List;
import javax.net.ssl.SSLEngine;
import javax.net.ssl.SSLSessionContext;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * TLS of a server whose certificates are renewed while it runs: a new connection gets what the
 * files hold then, those that are there stay as they are. Files that cannot be used, as between the
 * writing of a certificate and of its key, leave what was there before. Thread-safe.
 */
public final class RenewedTls extends SslContext {
  private static final Logger LOG = LoggerFactory.getLogger(RenewedTls.class);

  /** Agents, controllers and witnesses are all of this product, and speak nothing older. */
  public static final String PROTOCOL = "TLSv1.3";

  private record Loaded(List<TlsFiles.Stamp> stamps, SslContext context) {}

  private final TlsFiles files;
  private volatile Loaded loaded;

  private RenewedTls(TlsFiles files, Loaded loaded) {
    this.files = files;
    this.loaded = loaded;
  }

  /**
   * Reads the files for the first time.
   *
   * @throws IOException naming the file that cannot be used
   */
  public static RenewedTls of(TlsFiles files) throws IOException {
    return new RenewedTls(files, load(files));
  }

  /** The stamps come first: what is written meanwhile is read again next time. */
  private static Loaded load(TlsFiles files) throws IOException {
    List<TlsFiles.Stamp> stamps = files.stamps();
    return new Loaded(stamps, ServerTls.context(TlsCredentials.read(files)));
  }

  private SslContext current() {
    Loaded before = loaded;
    try {
      if (!files.stamps().equals(before.stamps())) {
        loaded = load(files);
        LOG.info("certificates read again file={}", files.certificate());
      }
    } catch (IOException unusable) {
      LOG.warn(
          "certificates cannot be used, those from before stay cause=\"{}\"",
          unusable.getMessage());
    }
    return loaded.context();
  }

  @Override
  public SSLEngine newEngine(ByteBufAllocator allocator) {
    return current().newEngine(allocator);
  }

  @Override
  public SSLEngine newEngine(ByteBufAllocator allocator, String peerHost, int peerPort) {
    return current().newEngine(allocator, peerHost, peerPort);
  }

  @Override
  public boolean isClient() {
    return false;
  }

  @Override
  public List<String> cipherSuites() {
    return loaded.context().cipherSuites();
  }

  @Override
  @SuppressWarnings("deprecation") // the supertype's own signature
  public ApplicationProtocolNegotiator applicationProtocolNegotiator() {
    return loaded.context().applicationProtocolNegotiator();
  }

  @Override
  public SSLSessionContext sessionContext() {
    return loaded.context().sessionContext();
  }
}
