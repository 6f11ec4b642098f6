package io.egressgateway.load.lab.container;

import static java.nio.charset.StandardCharsets.UTF_8;

import io.fabric8.kubernetes.api.model.Pod;
import io.fabric8.kubernetes.api.model.ServiceAccount;
import io.fabric8.kubernetes.api.model.authentication.TokenRequest;
import io.fabric8.kubernetes.api.model.authentication.TokenRequestBuilder;
import io.fabric8.kubernetes.client.KubernetesClient;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;

/** What a pod finds under /var/run/secrets/kubernetes.io/serviceaccount. */
final class ServiceAccountFiles {
  /** Where it is mounted. */
  static final Path MOUNT_PATH = Path.of("/var/run/secrets/kubernetes.io/serviceaccount");

  private static final long VALID_SECONDS = 24 * 60 * 60;

  private final KubernetesClient client;
  private final String authority;

  /**
   * @param authority the certificate of the API's authority, PEM
   */
  ServiceAccountFiles(KubernetesClient client, String authority) {
    this.client = client;
    this.authority = authority;
  }

  /** Whether the pod or, where it says nothing, its account wants them. */
  boolean wanted(Pod pod) {
    Boolean own = pod.getSpec().getAutomountServiceAccountToken();
    if (own != null) {
      return own;
    }
    ServiceAccount account = account(pod);
    return account == null || !Boolean.FALSE.equals(account.getAutomountServiceAccountToken());
  }

  private ServiceAccount account(Pod pod) {
    return client
        .serviceAccounts()
        .inNamespace(pod.getMetadata().getNamespace())
        .withName(name(pod))
        .get();
  }

  private static String name(Pod pod) {
    String name = pod.getSpec().getServiceAccountName();
    return name == null ? "default" : name;
  }

  /**
   * A token with the account's rights.
   *
   * @throws UnsupportedPodException if the account does not exist
   */
  byte[] token(Pod pod) {
    TokenRequest wanted =
        new TokenRequestBuilder()
            .withNewSpec()
            .withExpirationSeconds(VALID_SECONDS)
            .endSpec()
            .build();
    if (account(pod) == null) {
      throw new UnsupportedPodException("ServiceAccount " + name(pod) + " does not exist");
    }
    TokenRequest given =
        client
            .serviceAccounts()
            .inNamespace(pod.getMetadata().getNamespace())
            .withName(name(pod))
            .tokenRequest(wanted);
    return given.getStatus().getToken().getBytes(UTF_8);
  }

  /** Writes them. */
  void write(Pod pod, Path folder) throws IOException {
    Files.createDirectories(folder);
    Files.write(folder.resolve("token"), token(pod));
    Files.writeString(folder.resolve("ca.crt"), authority, UTF_8);
    Files.writeString(folder.resolve("namespace"), pod.getMetadata().getNamespace(), UTF_8);
  }
}
