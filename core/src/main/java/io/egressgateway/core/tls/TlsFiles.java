package io.egressgateway.core.tls;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.BasicFileAttributes;
import java.nio.file.attribute.FileTime;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;

/**
 * PEM files.
 *
 * @param ca whoever holds a certificate of it may speak
 * @param certificate one's own, with what leads from it to the authority
 * @param key of the certificate, PKCS#8, PKCS#1 or SEC 1, not encrypted
 */
public record TlsFiles(Path ca, Path certificate, Path key) {

  /** {@code ca.crt}, {@code <name>.crt} and {@code <name>.key} in a folder. */
  public static TlsFiles in(Path directory, String name) {
    return new TlsFiles(
        directory.resolve("ca.crt"),
        directory.resolve(name + ".crt"),
        directory.resolve(name + ".key"));
  }

  /** Those of the three that are not there or may not be read. */
  public List<Path> unreadable() {
    return Stream.of(ca, certificate, key).filter(file -> !Files.isReadable(file)).toList();
  }

  /** By what one sees that a file was written, or that its name leads to another. */
  public record Stamp(FileTime modified, long size, Optional<Object> key) {
    private static Stamp of(Path file) throws IOException {
      BasicFileAttributes now = Files.readAttributes(file, BasicFileAttributes.class);
      return new Stamp(now.lastModifiedTime(), now.size(), Optional.ofNullable(now.fileKey()));
    }
  }

  /**
   * Those of the three files. Whoever reads the files takes the stamps first, so that what is
   * written meanwhile is seen the next time.
   *
   * @throws IOException if one is not there
   */
  public List<Stamp> stamps() throws IOException {
    return List.of(Stamp.of(ca), Stamp.of(certificate), Stamp.of(key));
  }
}
