package io.egressgateway.load.api;

import java.io.IOException;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.Base64;

/**
 * A kubeconfig with one cluster, one user and one context.
 *
 * @param server the API's URL
 * @param credentials how to trust it and be trusted
 */
record Kubeconfig(URI server, Credentials credentials) {

  /** What goes into the cluster's and the user's entries. */
  sealed interface Credentials {
    /** Plain HTTP, nobody is asked. */
    record None() implements Credentials {}

    /** TLS with a client certificate; PEM texts. */
    record Certificates(String authority, String certificate, String key) implements Credentials {}

    static Credentials none() {
      return new None();
    }
  }

  /** Writes it, readable by its owner only. */
  Path write(Path file) throws IOException {
    Files.deleteIfExists(file);
    Files.createFile(
        file, PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rw-------")));
    return Files.writeString(file, text());
  }

  private String text() {
    return switch (credentials) {
      case Credentials.None() -> text("", "{}");
      case Credentials.Certificates(var authority, var certificate, var key) ->
          text(
              "\n    certificate-authority-data: " + base64(authority),
              "\n    client-certificate-data: %s\n    client-key-data: %s"
                  .formatted(base64(certificate), base64(key)));
    };
  }

  private String text(String authority, String user) {
    return """
        apiVersion: v1
        kind: Config
        clusters:
        - name: egressgateway-lab
          cluster:
            server: %s%s
        users:
        - name: admin
          user: %s
        contexts:
        - name: egressgateway-lab
          context:
            cluster: egressgateway-lab
            user: admin
        current-context: egressgateway-lab
        """
        .formatted(server, authority, user);
  }

  private static String base64(String text) {
    return Base64.getEncoder().encodeToString(text.getBytes(StandardCharsets.UTF_8));
  }
}
