package io.egressgateway.k8s.egctl;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.egressgateway.core.model.GatewayName;
import io.egressgateway.core.model.IpAddress;
import io.egressgateway.core.model.NodeName;
import io.egressgateway.core.model.PolicyKey;
import io.egressgateway.k8s.inspect.HistoryDocument;
import io.egressgateway.k8s.inspect.PlacementDocument;
import io.egressgateway.k8s.inspect.TraceDocument;
import io.fabric8.kubernetes.api.model.ContainerPort;
import io.fabric8.kubernetes.api.model.Pod;
import io.fabric8.kubernetes.client.KubernetesClient;
import io.fabric8.kubernetes.client.LocalPortForward;
import io.fabric8.kubernetes.client.http.WebSocketHandshakeException;
import io.fabric8.kubernetes.client.readiness.Readiness;
import java.io.IOException;
import java.net.InetAddress;
import java.net.URI;
import java.net.URISyntaxException;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.time.Duration;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.ITypeConverter;
import picocli.CommandLine.Option;
import picocli.CommandLine.TypeConversionException;

/**
 * The way to a controller's management port, for reading: through the API server, as {@code kubectl
 * port-forward} goes, or directly.
 */
final class ControllerLine {
  private static final Duration PATIENCE = Duration.ofSeconds(15);
  private static final int OK = 200;
  private static final String COMPONENT_LABEL = "app.kubernetes.io/component";
  private static final String COMPONENT = "controller";
  private static final String PORT_NAME = "health";

  /** A newer controller may say more than this egctl knows of. */
  private static final ObjectMapper JSON =
      new ObjectMapper().disable(DeserializationFeature.FAIL_ON_UNKNOWN_PROPERTIES);

  @Option(
      names = "--controller",
      paramLabel = "URL",
      converter = ManagementPort.class,
      description =
          "Management port of a controller, for example http://127.0.0.1:5820; it answers on its"
              + " loopback only (default: a controller's pod, through the Kubernetes API).")
  private @Nullable URI url;

  @Option(
      names = "--controller-namespace",
      paramLabel = "NAMESPACE",
      defaultValue = "kube-system",
      description = "Where the controllers' pods are (default: ${DEFAULT-VALUE}).")
  private String namespace = "kube-system";

  /** Reads a URL that can be asked. */
  static final class ManagementPort implements ITypeConverter<URI> {
    private static final Set<String> SCHEMES = Set.of("http", "https");

    @Override
    public URI convert(String text) {
      return parsed(text)
          .filter(url -> SCHEMES.contains(String.valueOf(url.getScheme())))
          .filter(url -> url.getHost() != null)
          .orElseThrow(
              () ->
                  new TypeConversionException("'" + text + "' is no URL: write http://host:port"));
    }

    private static Optional<URI> parsed(String text) {
      try {
        return Optional.of(new URI(text));
      } catch (URISyntaxException malformed) {
        return Optional.empty();
      }
    }
  }

  /** What was journalled of the egress IP. */
  HistoryDocument history(Cluster cluster, IpAddress address) throws EgctlException {
    return read(ask(cluster, "/history/eip/" + address), HistoryDocument.class);
  }

  /** What was journalled of the policy. */
  HistoryDocument history(Cluster cluster, PolicyKey policy) throws EgctlException {
    return read(ask(cluster, "/history/policy/" + policy), HistoryDocument.class);
  }

  /** Why the gateway has the egress IP where it is. */
  PlacementDocument placement(Cluster cluster, GatewayName gateway, IpAddress address)
      throws EgctlException {
    return read(ask(cluster, "/placement/" + gateway + "/" + address), PlacementDocument.class);
  }

  /** What becomes of the pod's new connections to the destination. */
  TraceDocument trace(Cluster cluster, NodeName node, IpAddress pod, IpAddress destination)
      throws EgctlException {
    return read(
        ask(cluster, "/trace/" + node + "/" + pod + "/" + destination), TraceDocument.class);
  }

  private static <T> T read(String body, Class<T> type) throws EgctlException {
    try {
      return JSON.readValue(body, type);
    } catch (JsonProcessingException other) {
      throw new EgctlException(
          "the controller answered something else: " + other.getOriginalMessage());
    }
  }

  private String ask(Cluster cluster, String path) throws EgctlException {
    return url == null ? askPod(cluster.client(), path) : get(url.resolve(path));
  }

  private String askPod(KubernetesClient client, String path) throws EgctlException {
    Pod pod = readyController(client);
    try (LocalPortForward forward =
        client
            .pods()
            .inNamespace(namespace)
            .withName(pod.getMetadata().getName())
            .portForward(port(pod), InetAddress.getLoopbackAddress(), 0)) {
      return get(forward, path);
    } catch (IOException notClosed) {
      throw new EgctlException("the way to the controller broke: " + notClosed.getMessage());
    }
  }

  /** The forward closes the connection when it fails, and knows why. */
  private static String get(LocalPortForward forward, String path) throws EgctlException {
    URI address =
        URI.create(
            "http://"
                + forward.getLocalAddress().getHostAddress()
                + ":"
                + forward.getLocalPort()
                + path);
    try {
      return fetch(address);
    } catch (IOException away) {
      throw forward.getServerThrowables().stream()
          .findFirst()
          .map(ControllerLine::notForwarded)
          .orElseGet(() -> noAnswer(address, away));
    }
  }

  private static EgctlException notForwarded(Throwable failure) {
    Optional<Integer> refusal =
        Stream.iterate(failure, Objects::nonNull, Throwable::getCause)
            .filter(WebSocketHandshakeException.class::isInstance)
            .map(WebSocketHandshakeException.class::cast)
            .map(refused -> refused.getResponse().code())
            .findFirst();
    return new EgctlException(
        "the Kubernetes API does not forward the controller's port: "
            + refusal
                .map(
                    code ->
                        "it answers "
                            + code
                            + "; egctl needs to get and create pods/portforward in the"
                            + " controllers' namespace, as Role "
                            + Cluster.OPERATOR
                            + " there allows")
                .orElseGet(() -> String.valueOf(failure.getMessage())));
  }

  private Pod readyController(KubernetesClient client) throws EgctlException {
    List<Pod> pods =
        client
            .pods()
            .inNamespace(namespace)
            .withLabel(COMPONENT_LABEL, COMPONENT)
            .list()
            .getItems()
            .stream()
            .filter(pod -> port(pod) > 0)
            .toList();
    return pods.stream()
        .filter(Readiness::isPodReady)
        .findFirst()
        .orElseThrow(
            () ->
                new EgctlException(
                    "none of the "
                        + pods.size()
                        + " controllers in namespace "
                        + namespace
                        + " is ready; let --controller-namespace name theirs, or --controller the"
                        + " URL of one's management port"));
  }

  private static int port(Pod pod) {
    return pod.getSpec().getContainers().stream()
        .flatMap(container -> container.getPorts().stream())
        .filter(port -> PORT_NAME.equals(port.getName()))
        .map(ContainerPort::getContainerPort)
        .findFirst()
        .orElse(0);
  }

  private static String get(URI address) throws EgctlException {
    try {
      return fetch(address);
    } catch (IOException away) {
      throw noAnswer(address, away);
    }
  }

  private static EgctlException noAnswer(URI address, IOException away) {
    return new EgctlException(
        "no controller answers at "
            + address
            + " ("
            + away
            + "); check that it runs, and that this is its management port");
  }

  private static String fetch(URI address) throws EgctlException, IOException {
    HttpRequest request = HttpRequest.newBuilder(address).timeout(PATIENCE).build();
    try (HttpClient http = HttpClient.newBuilder().connectTimeout(PATIENCE).build()) {
      HttpResponse<String> answer = http.send(request, HttpResponse.BodyHandlers.ofString());
      if (answer.statusCode() != OK) {
        throw new EgctlException(
            Optional.of(answer.body().strip())
                .filter(line -> !line.isEmpty())
                .orElse("the controller answered " + answer.statusCode()));
      }
      return answer.body();
    } catch (InterruptedException ended) {
      Thread.currentThread().interrupt();
      throw new EgctlException("interrupted");
    }
  }
}
