package io.egressgateway.load.api;

import io.fabric8.kubernetes.client.Config;
import io.fabric8.kubernetes.client.KubernetesClient;
import io.fabric8.kubernetes.client.KubernetesClientBuilder;
import java.io.IOException;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;
import java.util.function.Consumer;

/**
 * A running Kubernetes API on loopback, reached through its kubeconfig by kubectl and by every
 * process of the product alike. {@link #close()} stops it and removes the files it wrote; it may be
 * called from any thread and more than once.
 */
public sealed interface KubeApi extends AutoCloseable permits EmbeddedKubeApi, RealKubeApi {

  /** Names the folder with {@code kube-apiserver} and {@code etcd}. */
  String ASSETS_VARIABLE = "KUBEBUILDER_ASSETS";

  /** The kubeconfig whose only context is this API, with every right. */
  Path kubeconfig();

  /** For example {@code http://127.0.0.1:34567/}. */
  URI baseUrl();

  /** The TCP port on 127.0.0.1. */
  default int port() {
    return baseUrl().getPort();
  }

  /** One line for people: which implementation, which version, where. */
  String description();

  @Override
  void close();

  /** A client with every right; the caller closes it. */
  default KubernetesClient newClient() {
    return new KubernetesClientBuilder()
        .withConfig(Config.fromKubeconfig(kubeconfig().toFile()))
        .build();
  }

  /**
   * The real API server where {@value #ASSETS_VARIABLE} names a folder with one, else the embedded
   * API.
   *
   * @param directory where kubeconfig and, for the real one, data and logs are written; created if
   *     absent
   * @param progress receives one line per step, for people
   * @throws IOException if it does not start; the message names the log to read
   */
  static KubeApi fromEnvironment(Path directory, Consumer<String> progress) throws IOException {
    Optional<Path> assets = assets();
    if (assets.isPresent()) {
      return RealKubeApi.start(assets.get(), directory, progress);
    }
    String named = System.getenv(ASSETS_VARIABLE);
    if (named != null && !named.isBlank()) {
      progress.accept("%s=%s has no kube-apiserver".formatted(ASSETS_VARIABLE, named));
    }
    return EmbeddedKubeApi.start(directory, progress);
  }

  /** The folder that {@value #ASSETS_VARIABLE} names, if it holds a kube-apiserver. */
  static Optional<Path> assets() {
    return Optional.ofNullable(System.getenv(ASSETS_VARIABLE))
        .filter(folder -> !folder.isBlank())
        .map(Path::of)
        .filter(folder -> Files.isExecutable(folder.resolve("kube-apiserver")));
  }

  /** What to do to have {@link #assets}, as a sentence; empty if they are there. */
  static Optional<String> missingAssets() {
    return assets().isPresent()
        ? Optional.empty()
        : Optional.of("set %s to a folder with kube-apiserver and etcd".formatted(ASSETS_VARIABLE));
  }
}
