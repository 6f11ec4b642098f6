package io.egressgateway.k8s.app;

import io.egressgateway.k8s.crd.EgressClusterEndpointSlice;
import io.egressgateway.k8s.crd.EgressClusterInfo;
import io.egressgateway.k8s.crd.EgressClusterPolicy;
import io.egressgateway.k8s.crd.EgressEndpointSlice;
import io.egressgateway.k8s.crd.EgressGateway;
import io.egressgateway.k8s.crd.EgressPolicy;
import io.egressgateway.k8s.crd.EgressTunnel;
import io.egressgateway.k8s.reflector.CustomObjects;
import io.fabric8.kubernetes.api.model.HasMetadata;
import io.fabric8.kubernetes.api.model.ListOptions;
import io.fabric8.kubernetes.api.model.ListOptionsBuilder;
import io.fabric8.kubernetes.client.Config;
import io.fabric8.kubernetes.client.ConfigBuilder;
import io.fabric8.kubernetes.client.CustomResource;
import io.fabric8.kubernetes.client.KubernetesClient;
import io.fabric8.kubernetes.client.KubernetesClientBuilder;
import io.fabric8.kubernetes.client.KubernetesClientException;
import io.fabric8.kubernetes.client.http.Interceptor;
import java.net.HttpURLConnection;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.util.List;
import java.util.Optional;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** The way to the Kubernetes API, and whether it has what we need. */
final class KubernetesConnection {
  private static final Logger LOG = LoggerFactory.getLogger(KubernetesConnection.class);

  private static final int CONNECT_TIMEOUT_MILLIS = 5_000;
  private static final int REQUEST_TIMEOUT_MILLIS = 10_000;

  /** Each caller repeats what fails, so the client itself does so but briefly. */
  private static final int RETRIES_MAX = 2;

  /**
   * A watch that ends is not resumed by the client: whoever watches lists anew, since a server that
   * comes back may have another store.
   */
  private static final int WATCH_RECONNECTS_MAX = 0;

  private static final String IN_CLUSTER_VARIABLE = "KUBERNETES_SERVICE_HOST";

  private static final List<Class<? extends CustomResource<?, ?>>> KINDS =
      List.of(
          EgressGateway.class,
          EgressPolicy.class,
          EgressClusterPolicy.class,
          EgressTunnel.class,
          EgressEndpointSlice.class,
          EgressClusterEndpointSlice.class,
          EgressClusterInfo.class);

  private KubernetesConnection() {}

  /** As the other, where nobody counts requests. */
  static KubernetesClient open(Optional<Path> kubeconfig) throws StartFailure {
    return open(kubeconfig, new Interceptor() {});
  }

  /**
   * A client; it connects when it is used.
   *
   * @param kubeconfig absent: the service account of the pod
   * @param counting sees every request
   * @throws StartFailure when there is no usable configuration
   */
  static KubernetesClient open(Optional<Path> kubeconfig, Interceptor counting)
      throws StartFailure {
    Config config = kubeconfig.isPresent() ? fromFile(kubeconfig.get()) : inCluster();
    return new KubernetesClientBuilder()
        .withConfig(
            new ConfigBuilder(config)
                .withConnectionTimeout(CONNECT_TIMEOUT_MILLIS)
                .withRequestTimeout(REQUEST_TIMEOUT_MILLIS)
                .withRequestRetryBackoffLimit(RETRIES_MAX)
                .withWatchReconnectLimit(WATCH_RECONNECTS_MAX)
                .build())
        .withHttpClientBuilderConsumer(
            http -> http.addOrReplaceInterceptor("egressgateway-counting", counting))
        .build();
  }

  private static Config fromFile(Path kubeconfig) throws StartFailure {
    if (!Files.isReadable(kubeconfig)) {
      throw new StartFailure(
          "kubeconfig " + kubeconfig + " cannot be read: let --kubeconfig name a readable file");
    }
    try {
      return withoutSearch(Config.fromKubeconfig(kubeconfig.toFile()));
    } catch (RuntimeException e) {
      throw new StartFailure(
          "kubeconfig " + kubeconfig + " is malformed: " + e.getMessage() + "; write it anew", e);
    }
  }

  /**
   * Once a minute has passed, the client reads the file again for every request, looking for a
   * newer token. Who has a certificate has none.
   */
  private static Config withoutSearch(Config config) {
    if (config.getClientCertData() != null || config.getClientCertFile() != null) {
      config.setCurrentContext(null);
    }
    return config;
  }

  private static Config inCluster() throws StartFailure {
    if (System.getenv(IN_CLUSTER_VARIABLE) == null) {
      throw new StartFailure(
          "no Kubernetes API is configured: this process runs in no pod ("
              + IN_CLUSTER_VARIABLE
              + " is not set), so let --kubeconfig name a kubeconfig file");
    }
    return Config.autoConfigure(null);
  }

  /** Whether the API can serve us. */
  sealed interface Usability {}

  /** All our kinds can be listed. */
  record Usable() implements Usability {}

  /** Something is missing; the message says what, and the remedy. */
  record Unusable(String message) implements Usability {}

  /**
   * Asks the API whether all our kinds can be listed, of whatever form their objects are. Blocks;
   * throws nothing.
   */
  static Usability check(KubernetesClient client) {
    ListOptions one = new ListOptionsBuilder().withLimit(1L).build();
    for (Class<? extends CustomResource<?, ?>> kind : KINDS) {
      try {
        new CustomObjects<>(client, kind).asStored().list(one);
      } catch (KubernetesClientException e) {
        return new Unusable(explain(client, kind, e));
      }
    }
    return new Usable();
  }

  /**
   * Reads one object of every kind that the watcher lists. A member that takes the watcher over has
   * then loaded what reading takes: hundreds of classes, seconds on a busy machine. Blocks.
   */
  static void rehearse(KubernetesClient client) {
    ListOptions one = new ListOptionsBuilder().withLimit(1L).build();
    try {
      client.nodes().list(one);
      client.namespaces().list(one);
      client.pods().inAnyNamespace().list(one);
      KINDS.forEach(kind -> new CustomObjects<>(client, kind).list(one));
    } catch (KubernetesClientException e) {
      LOG.info("rehearsal ended early cause=\"{}\"", rootCause(e).toString());
    }
  }

  private static String explain(
      KubernetesClient client, Class<? extends HasMetadata> kind, KubernetesClientException e) {
    return switch (e.getCode()) {
      case HttpURLConnection.HTTP_NOT_FOUND ->
          "the custom resource definition "
              + HasMetadata.getFullResourceName(kind)
              + " is missing: kubectl apply -f k8s/manifests/crds";
      case HttpURLConnection.HTTP_FORBIDDEN, HttpURLConnection.HTTP_UNAUTHORIZED ->
          "the API refuses to list "
              + HasMetadata.getFullResourceName(kind)
              + " ("
              + e.getMessage()
              + "): check the service account and its ClusterRole";
      default -> unreachable(client, rootCause(e));
    };
  }

  private static String unreachable(KubernetesClient client, Throwable cause) {
    String api = "the API at " + client.getMasterUrl();
    return cause instanceof GeneralSecurityException
        ? api
            + " shows a certificate that is not accepted ("
            + cause
            + "): renew it, or look at the authority that is trusted and at this machine's clock"
        : api
            + " does not answer ("
            + cause
            + "): check that it runs and that this address is right";
  }

  private static Throwable rootCause(Throwable failure) {
    Throwable cause = failure.getCause();
    return cause == null ? failure : rootCause(cause);
  }
}
