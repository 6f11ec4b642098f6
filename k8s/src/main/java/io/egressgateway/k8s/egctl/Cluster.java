package io.egressgateway.k8s.egctl;

import io.egressgateway.k8s.crd.EgressClusterInfo;
import io.egressgateway.k8s.crd.EgressClusterPolicy;
import io.egressgateway.k8s.crd.EgressGateway;
import io.egressgateway.k8s.crd.EgressPolicy;
import io.egressgateway.k8s.crd.EgressTunnel;
import io.egressgateway.k8s.translate.NodeTranslator;
import io.fabric8.kubernetes.api.model.HasMetadata;
import io.fabric8.kubernetes.api.model.Node;
import io.fabric8.kubernetes.client.KubernetesClient;
import io.fabric8.kubernetes.client.KubernetesClientException;
import io.fabric8.kubernetes.client.KubernetesClientTimeoutException;
import io.fabric8.kubernetes.client.dsl.Resource;
import io.fabric8.kubernetes.client.dsl.base.PatchContext;
import io.fabric8.kubernetes.client.dsl.base.PatchType;
import io.fabric8.kubernetes.client.utils.Serialization;
import java.net.HttpURLConnection;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.concurrent.TimeUnit;
import java.util.function.Predicate;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/**
 * What egctl asks of the Kubernetes API.
 *
 * @param answerLimit how long a controller may take to answer an order
 * @param moveLimit how long egress IPs may take to move
 */
record Cluster(KubernetesClient client, Duration answerLimit, Duration moveLimit) {
  /** Where events of objects without a namespace are. */
  private static final String EVENTS_NAMESPACE = "default";

  /**
   * The chart's roles that allow all of this, unless {@code global.name} has them named otherwise.
   */
  static final String OPERATOR = "egressgateway-operator";

  /**
   * The gateway.
   *
   * @throws EgctlException if there is none
   */
  EgressGateway gateway(String name) throws EgctlException {
    EgressGateway found = resource(name).get();
    if (found == null) {
      List<String> names =
          gateways().stream().map(gateway -> gateway.getMetadata().getName()).sorted().toList();
      throw new EgctlException("EgressGateway " + name + " does not exist; there are " + names);
    }
    return found;
  }

  /** All gateways. */
  List<EgressGateway> gateways() {
    return client.resources(EgressGateway.class).list().getItems();
  }

  /** All policies of namespaces. */
  List<EgressPolicy> policies() {
    return client.resources(EgressPolicy.class).inAnyNamespace().list().getItems();
  }

  /** All policies of the cluster. */
  List<EgressClusterPolicy> clusterPolicies() {
    return client.resources(EgressClusterPolicy.class).list().getItems();
  }

  /** One for each node of the tunnel mesh. */
  List<EgressTunnel> tunnels() {
    return client.resources(EgressTunnel.class).list().getItems();
  }

  /** What is inside the cluster; at most one counts. */
  List<EgressClusterInfo> clusterInfos() {
    return client.resources(EgressClusterInfo.class).list().getItems();
  }

  private Resource<EgressGateway> resource(String name) {
    return client.resources(EgressGateway.class).withName(name);
  }

  /**
   * Writes an order and waits until a controller has answered it.
   *
   * @param annotation its key; the value has the order's id in it
   * @throws EgctlException if it is declined, or not answered in time; then it has been taken back
   */
  void order(String gateway, String annotation, String value, String id) throws EgctlException {
    String uid = gateway(gateway).getMetadata().getUid();
    annotate(resource(gateway), annotation, value);
    try {
      resource(gateway)
          .waitUntilCondition(
              object -> object == null || !value.equals(annotation(object, annotation)),
              answerLimit.toMillis(),
              TimeUnit.MILLISECONDS);
    } catch (KubernetesClientTimeoutException late) {
      takeBack(gateway, annotation, value);
      throw new EgctlException(
          "no controller has answered within "
              + answerLimit.toSeconds()
              + " s; the order was taken back. Check that controllers run, are ready and reach the"
              + " Kubernetes API");
    }
    Optional<String> refusal = refusal(uid, id);
    if (refusal.isPresent()) {
      throw new EgctlException(refusal.get());
    }
  }

  private Optional<String> refusal(String gatewayUid, String id) {
    String prefix = "order " + id + ": ";
    return client.v1().events().inNamespace(EVENTS_NAMESPACE).list().getItems().stream()
        .filter(event -> gatewayUid.equals(event.getInvolvedObject().getUid()))
        .filter(event -> String.valueOf(event.getReason()).endsWith("Declined"))
        .map(event -> String.valueOf(event.getMessage()))
        .filter(message -> message.startsWith(prefix))
        .map(message -> message.substring(prefix.length()))
        .findFirst();
  }

  private void takeBack(String gateway, String annotation, String value) {
    String path = "/metadata/annotations/" + annotation.replace("/", "~1");
    try {
      resource(gateway)
          .patch(
              PatchContext.of(PatchType.JSON),
              Serialization.asJson(
                  List.of(
                      Map.of("op", "test", "path", path, "value", value),
                      Map.of("op", "remove", "path", path))));
    } catch (KubernetesClientException goneOrOther) {
      // It was answered at the last moment, or somebody wrote another order over it.
    }
  }

  /** Waits until the gateway's status is so; whether it has become so in time. */
  boolean await(String gateway, Predicate<GatewayView> wanted) {
    try {
      resource(gateway)
          .waitUntilCondition(
              object -> object == null || wanted.test(GatewayView.of(object)),
              moveLimit.toMillis(),
              TimeUnit.MILLISECONDS);
      return true;
    } catch (KubernetesClientTimeoutException late) {
      return false;
    }
  }

  /**
   * Has the node emptied of egress IPs, or no more.
   *
   * @throws EgctlException if there is no such node
   */
  void drain(String node, Optional<String> value) throws EgctlException {
    Resource<Node> resource = client.nodes().withName(node);
    if (resource.get() == null) {
      throw new EgctlException("node " + node + " does not exist");
    }
    annotate(resource, NodeTranslator.DRAIN_ANNOTATION, value.orElse(null));
  }

  /** The nodes that are given nothing: cordoned or drained. */
  Set<String> unfitNodes() {
    return client.nodes().list().getItems().stream()
        .filter(
            node ->
                "true".equals(annotation(node, NodeTranslator.DRAIN_ANNOTATION))
                    || (node.getSpec() != null
                        && Boolean.TRUE.equals(node.getSpec().getUnschedulable())))
        .map(node -> node.getMetadata().getName())
        .collect(Collectors.toSet());
  }

  /** A value of null takes the annotation away. */
  private static <T> void annotate(Resource<T> resource, String key, @Nullable String value) {
    Map<String, @Nullable String> annotations = new TreeMap<>();
    annotations.put(key, value);
    resource.patch(
        PatchContext.of(PatchType.JSON_MERGE),
        Serialization.asJson(Map.of("metadata", Map.of("annotations", annotations))));
  }

  private static @Nullable String annotation(HasMetadata object, String key) {
    Map<String, String> annotations = object.getMetadata().getAnnotations();
    return annotations == null ? null : annotations.get(key);
  }

  /** Of an API that cannot be used, for people. */
  static String explain(KubernetesClientException failure) {
    if (failure.getStatus() == null) {
      return "the Kubernetes API does not answer: "
          + cause(failure)
          + ". Is it up, and does --kubeconfig or KUBECONFIG name the right cluster?";
    }
    return switch (failure.getCode()) {
      case HttpURLConnection.HTTP_UNAUTHORIZED ->
          "the Kubernetes API does not know who asks: "
              + said(failure)
              + ". Let --kubeconfig or KUBECONFIG name a kubeconfig whose credentials are good";
      case HttpURLConnection.HTTP_FORBIDDEN ->
          said(failure)
              + ". Run egctl with a kubeconfig of your own, or as a ServiceAccount that is bound to"
              + " ClusterRole "
              + OPERATOR
              + " and to the Role of that name beside the controllers; those of controllers and"
              + " agents have other rights on purpose";
      default -> String.valueOf(failure.getMessage());
    };
  }

  /** In the API server's own words, which name the verb and the resource. */
  private static String said(KubernetesClientException failure) {
    return Optional.ofNullable(failure.getStatus().getMessage())
        .filter(message -> !message.isBlank())
        .orElseGet(() -> String.valueOf(failure.getMessage()));
  }

  /** The client says what it wanted to do; its cause says why it could not, and where. */
  private static String cause(Throwable failure) {
    Throwable cause = failure.getCause() == null ? failure : failure.getCause();
    return Optional.ofNullable(cause.getMessage()).orElseGet(cause::toString);
  }
}
