package io.egressgateway.policy.witness;

import io.egressgateway.core.tls.TlsCredentials;
import io.egressgateway.core.tls.TlsFiles;
import io.grpc.netty.shaded.io.netty.buffer.ByteBufAllocator;
import io.grpc.netty.shaded.io.netty.handler.ssl.ApplicationProtocolNegotiator;
import io.grpc.netty.shaded.io.netty.handler.ssl.SslContext;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.BasicFileAttributes;
import java.nio.file.attribute.FileTime;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import javax.net.ssl.SSLEngine;
import javax.net.ssl.SSLSessionContext;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * TLS of a server whose certificates are renewed while it runs: a new connection gets what the
 * files hold then, those that are there stay as they are. Files that cannot be used, as between the
 * writing of a certificate and of its key, leave what was there before. Thread-safe.
 */
final class RenewedTls extends SslContext {
  private static final Logger LOG = LoggerFactory.getLogger(RenewedTls.class);

  /** By what one sees that a file was written, or that its name leads to another. */
  private record Stamp(FileTime modified, long size, Optional<Object> key) {
    static Stamp of(Path file) throws IOException {
      BasicFileAttributes now = Files.readAttributes(file, BasicFileAttributes.class);
      return new Stamp(now.lastModifiedTime(), now.size(), Optional.ofNullable(now.fileKey()));
    }
  }

  private record Loaded(List<Stamp> stamps, SslContext context) {}

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
  static RenewedTls of(TlsFiles files) throws IOException {
    return new RenewedTls(files, load(files));
  }

  /** The stamps come first: what is written meanwhile is read again next time. */
  private static Loaded load(TlsFiles files) throws IOException {
    List<Stamp> stamps = stamps(files);
    return new Loaded(stamps, ServerTls.context(TlsCredentials.read(files)));
  }

  private static List<Stamp> stamps(TlsFiles files) throws IOException {
    List<Stamp> stamps = new ArrayList<>();
    for (Path file : List.of(files.ca(), files.certificate(), files.key())) {
      stamps.add(Stamp.of(file));
    }
    return stamps;
  }

  private SslContext current() {
    Loaded before = loaded;
    try {
      if (!stamps(files).equals(before.stamps())) {
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
