package io.egressgateway.k8s.admission;

import static java.nio.charset.StandardCharsets.UTF_8;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.egressgateway.core.model.GatewayName;
import io.egressgateway.core.model.IpFamily;
import io.egressgateway.k8s.crd.EgressClusterInfo;
import io.egressgateway.k8s.crd.EgressGateway;
import io.egressgateway.k8s.translate.ClusterInfoTranslator;
import io.egressgateway.k8s.translate.ClusterNetworks;
import io.fabric8.kubernetes.client.utils.KubernetesSerialization;
import io.fabric8.kubernetes.client.utils.Serialization;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.EnumSet;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.SortedMap;
import java.util.TreeMap;

/** Objects in YAML as the API server asks about them, and a cluster to judge them in. */
final class Reviews implements ClusterFacts {
  static final ObjectMapper JSON = new ObjectMapper();
  private static final String UID = "0b4f3c52-6f1c-4d0e-9d4c-2f1e8a3b7c11";

  private final TreeMap<GatewayName, Known> gateways = new TreeMap<>();
  private final Map<String, String> namespaces = new TreeMap<>();
  private final EnumSet<IpFamily> tunnelled = EnumSet.allOf(IpFamily.class);
  private ClusterNetworks networks = ClusterNetworks.unknown();
  final Admission admission = new Admission(this, new KubernetesSerialization());

  @Override
  public SortedMap<GatewayName, Known> gateways() {
    return gateways;
  }

  @Override
  public Set<IpFamily> tunnelled() {
    return tunnelled;
  }

  Reviews untunnelled(IpFamily family) {
    tunnelled.remove(family);
    return this;
  }

  @Override
  public ClusterNetworks networks() {
    return networks;
  }

  Reviews clusterInfo(String status) {
    networks =
        ClusterInfoTranslator.networks(
            Serialization.unmarshal(status, EgressClusterInfo.Status.class));
    return this;
  }

  @Override
  public Optional<String> namespaceDefault(String namespace) {
    return Optional.ofNullable(namespaces.get(namespace));
  }

  /** Of two gateways the one that was given first is the older one. */
  Reviews gateway(String name, String spec) {
    EgressGateway gateway = Serialization.unmarshal(gatewayYaml(name, spec), EgressGateway.class);
    gateway.getMetadata().setCreationTimestamp("2026-11-01T00:00:%02dZ".formatted(gateways.size()));
    gateways.put(new GatewayName(name), Known.of(gateway));
    return this;
  }

  Reviews namespaceDefault(String namespace, String gateway) {
    namespaces.put(namespace, gateway);
    return this;
  }

  static String gatewayYaml(String name, String spec) {
    return "metadata: {name: " + name + "}\nspec: " + spec;
  }

  static AdmissionRequest create(String resource, String yaml) {
    return request(AdmissionRequest.Operation.CREATE, resource, yaml, "");
  }

  static AdmissionRequest update(String resource, String before, String after) {
    return request(AdmissionRequest.Operation.UPDATE, resource, after, before);
  }

  static AdmissionRequest request(
      AdmissionRequest.Operation operation, String resource, String yaml, String before) {
    return new AdmissionRequest(
        UID,
        operation,
        resource,
        resource.equals(AdmissionRequest.POLICIES) ? "shop" : "",
        tree(yaml),
        tree(before));
  }

  private static JsonNode tree(String yaml) {
    return AdmissionRequest.orMissing(
        yaml.isEmpty() ? JSON.nullNode() : Serialization.unmarshal(yaml, ObjectNode.class));
  }

  /** The bytes that the API server would send. */
  static byte[] bytes(AdmissionRequest request) {
    ObjectNode review =
        JSON.createObjectNode()
            .put("apiVersion", "admission.k8s.io/v1")
            .put("kind", "AdmissionReview");
    ObjectNode inner = review.putObject("request");
    inner.put("uid", request.uid()).put("operation", request.operation().name());
    inner.put("namespace", request.namespace());
    inner
        .putObject("resource")
        .put("group", "egressgateway.spidernet.io")
        .put("version", "v1beta1")
        .put("resource", request.resource());
    if (request.object().isObject()) {
      inner.set("object", request.object());
    }
    if (request.before().isObject()) {
      inner.set("oldObject", request.before());
    }
    return review.toString().getBytes(UTF_8);
  }

  static JsonNode parse(String json) {
    try {
      return JSON.readTree(json);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** The message of a refusal; empty if the object was let in. */
  static String refusal(Verdict verdict) {
    return switch (verdict) {
      case Verdict.Allowed ignored -> "";
      case Verdict.Denied(String message, Verdict.Basis ignored) -> message;
    };
  }
}
