package io.egressgateway.load.lab.guide;

import io.egressgateway.core.model.Ipv4Address;
import io.egressgateway.core.model.NodeName;
import io.fabric8.kubernetes.api.model.GenericKubernetesResource;
import io.fabric8.kubernetes.api.model.GenericKubernetesResourceList;
import io.fabric8.kubernetes.client.KubernetesClient;
import io.fabric8.kubernetes.client.dsl.MixedOperation;
import io.fabric8.kubernetes.client.dsl.Resource;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.stream.Stream;

/** What the product's API objects say, read without the product's own classes, as a user would. */
public final class GuideObjects {
  private static final String API = "egressgateway.spidernet.io/v1beta1";

  private final KubernetesClient client;

  /** Reads with this client, which stays the caller's. */
  public GuideObjects(KubernetesClient client) {
    this.client = client;
  }

  /**
   * What a policy's status says.
   *
   * @param eip status.eip.ipv4
   * @param holder status.node
   */
  public record PolicyStatus(Ipv4Address eip, NodeName holder) {}

  private MixedOperation<
          GenericKubernetesResource,
          GenericKubernetesResourceList,
          Resource<GenericKubernetesResource>>
      kind(String kind) {
    return client.genericKubernetesResources(API, kind);
  }

  /** Empty until the policy's address and node are known. */
  public Optional<PolicyStatus> policyStatus(String namespace, String name) {
    GenericKubernetesResource policy =
        kind("EgressPolicy").inNamespace(namespace).withName(name).get();
    return text(policy, "status", "eip", "ipv4")
        .flatMap(Ipv4Address::parse)
        .flatMap(
            eip ->
                text(policy, "status", "node")
                    .map(holder -> new PolicyStatus(eip, new NodeName(holder))));
  }

  /** How many nodes of the gateway are Ready. */
  public long readyNodes(String gateway) {
    GenericKubernetesResource found = kind("EgressGateway").withName(gateway).get();
    if (found == null || !(found.get("status", "nodeList") instanceof List<?> nodes)) {
      return 0;
    }
    return nodes.stream()
        .filter(node -> node instanceof Map<?, ?> map && Objects.equals(map.get("status"), "Ready"))
        .count();
  }

  /** What a condition of a gateway says, while it is True. */
  public Optional<String> gatewayCondition(String gateway, String type) {
    return trueCondition("EgressGateway", gateway, type, "message");
  }

  /** Why a condition of a gateway is True, in one word; empty while it is not. */
  public Optional<String> gatewayConditionReason(String gateway, String type) {
    return trueCondition("EgressGateway", gateway, type, "reason");
  }

  /** What a condition of a node's tunnel says, while it is True. */
  public Optional<String> tunnelCondition(NodeName node, String type) {
    return trueCondition("EgressTunnel", node.value(), type, "message");
  }

  private Optional<String> trueCondition(String kind, String name, String type, String field) {
    GenericKubernetesResource found = kind(kind).withName(name).get();
    if (found == null || !(found.get("status", "conditions") instanceof List<?> conditions)) {
      return Optional.empty();
    }
    return conditions.stream()
        .flatMap(one -> one instanceof Map<?, ?> condition ? Stream.of(condition) : Stream.empty())
        .filter(condition -> type.equals(condition.get("type")))
        .filter(condition -> "True".equals(condition.get("status")))
        .map(condition -> String.valueOf(condition.get(field)))
        .findFirst();
  }

  /** How many tunnels are Ready: as many nodes are fully part of the mesh. */
  public long readyTunnels() {
    return kind("EgressTunnel").list().getItems().stream()
        .filter(tunnel -> text(tunnel, "status", "phase").equals(Optional.of("Ready")))
        .count();
  }

  /** The name of the first endpoint slice of a policy that has endpoints. */
  public Optional<String> endpointSlice(String namespace, String policy) {
    return kind("EgressEndpointSlice").inNamespace(namespace).list().getItems().stream()
        .filter(slice -> slice.getMetadata().getName().startsWith(policy + "-"))
        .filter(slice -> slice.get("endpoints") instanceof List<?> list && !list.isEmpty())
        .map(slice -> slice.getMetadata().getName())
        .findFirst();
  }

  private static Optional<String> text(GenericKubernetesResource object, Object... path) {
    return object == null
        ? Optional.empty()
        : Optional.ofNullable(object.get(path)).map(Object::toString).filter(t -> !t.isBlank());
  }
}
