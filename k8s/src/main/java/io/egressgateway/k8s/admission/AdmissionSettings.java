package io.egressgateway.k8s.admission;

import java.nio.file.Path;
import java.util.List;
import java.util.Optional;

/**
 * How the webhooks are served.
 *
 * @param host address listened on
 * @param port 0 for any that is free
 * @param configurations name of both webhook configurations, which are to trust our authority;
 *     absent if somebody else sees to that
 */
public record AdmissionSettings(
    String host, int port, Certificates certificates, Optional<String> configurations) {

  /** Where the server's certificate comes from. */
  public sealed interface Certificates {}

  /**
   * From an authority of our own, kept in this Secret.
   *
   * @param names by which the API server calls the webhooks
   */
  public record Own(String namespace, String secret, List<String> names) implements Certificates {
    /** Makes the list immutable. */
    public Own {
      names = List.copyOf(names);
    }
  }

  /** From {@code ca.crt}, {@code tls.crt} and {@code tls.key} in this folder. */
  public record Provided(Path directory) implements Certificates {}
}
