package io.egressgateway.load.api.schema;

import static java.util.Objects.requireNonNull;
import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import com.fasterxml.jackson.dataformat.yaml.YAMLFactory;
import io.egressgateway.k8s.crd.CustomResourceDefinitions;
import io.egressgateway.k8s.crd.EgressClusterEndpointSlice;
import io.egressgateway.k8s.crd.EgressClusterInfo;
import io.egressgateway.k8s.crd.EgressClusterPolicy;
import io.egressgateway.k8s.crd.EgressEndpointSlice;
import io.egressgateway.k8s.crd.EgressGateway;
import io.egressgateway.k8s.crd.EgressPolicy;
import io.egressgateway.k8s.crd.EgressTunnel;
import io.egressgateway.k8s.crd.StatusCondition;
import io.egressgateway.load.api.store.Json;
import io.fabric8.kubernetes.api.model.HasMetadata;
import io.fabric8.kubernetes.api.model.ObjectMetaBuilder;
import io.fabric8.kubernetes.client.utils.Serialization;
import java.io.IOException;
import java.io.InputStream;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** Whoever comes from the ancestor keeps the objects, and whoever goes back can take ours along. */
final class AncestorSchemaTest {
  private static final ObjectMapper YAML = new ObjectMapper(new YAMLFactory());
  private static final Map<String, JsonNode> ANCESTORS = ancestors();
  private static final Map<String, JsonNode> OURS = ours();

  /** What we have and the ancestor has not. */
  private static final Set<String> EXTENSIONS =
      Set.of(
          "EgressClusterInfo.spec.spareLinkLocal",
          "EgressClusterInfo.status.conditions",
          "EgressClusterInfo.status.observedGeneration",
          "EgressClusterPolicy.spec.exceptSubnet",
          "EgressClusterPolicy.status.conditions",
          "EgressClusterPolicy.status.observedGeneration",
          "EgressGateway.spec.allowedNamespaces",
          "EgressGateway.spec.connectionReplication",
          "EgressGateway.spec.failOpen",
          "EgressGateway.spec.onWitnessLoss",
          "EgressGateway.status.conditions",
          "EgressGateway.status.observedGeneration",
          "EgressPolicy.spec.exceptSubnet",
          "EgressPolicy.status.conditions",
          "EgressPolicy.status.observedGeneration",
          "EgressTunnel.status.conditions");

  /** What decides whether a value is taken, and what is put where there is none. */
  private static final List<String> RULES =
      List.of(
          "type",
          "default",
          "pattern",
          "minimum",
          "maximum",
          "minLength",
          "maxLength",
          "minItems",
          "maxItems",
          "x-kubernetes-list-type",
          "x-kubernetes-validations");

  private static Map<String, JsonNode> ancestors() {
    TreeMap<String, JsonNode> schemas = new TreeMap<>();
    for (Map.Entry<String, JsonNode> kind :
        Json.fields(documents("ancestor.yaml").getFirst().path("kinds"))) {
      schemas.put(kind.getKey(), kind.getValue());
    }
    return schemas;
  }

  private static Map<String, JsonNode> ours() {
    TreeMap<String, JsonNode> schemas = new TreeMap<>();
    for (HasMetadata definition : CustomResourceDefinitions.all()) {
      JsonNode spec = json(definition).path("spec");
      schemas.put(
          spec.at("/names/kind").asText(),
          spec.at("/versions/0/schema/openAPIV3Schema").deepCopy());
    }
    return schemas;
  }

  private static ObjectNode json(Object object) {
    try {
      return (ObjectNode) YAML.readTree(Serialization.asJson(object));
    } catch (IOException e) {
      throw new AssertionError(e);
    }
  }

  private static List<JsonNode> documents(String file) {
    try (InputStream text = requireNonNull(AncestorSchemaTest.class.getResourceAsStream(file))) {
      List<JsonNode> documents = new ArrayList<>();
      YAML.readerFor(JsonNode.class).<JsonNode>readValues(text).forEachRemaining(documents::add);
      return documents;
    } catch (IOException e) {
      throw new AssertionError(e);
    }
  }

  private static JsonNode schema(Map<String, JsonNode> schemas, JsonNode object) {
    return requireNonNull(schemas.get(object.path("kind").asText()));
  }

  static List<JsonNode> objectsOfTheAncestor() {
    return documents("ancestor-objects.yaml");
  }

  @ParameterizedTest
  @MethodSource("objectsOfTheAncestor")
  void whatTheAncestorTakesIsTaken(ObjectNode object) {
    assertThat(SchemaValidator.validate(schema(ANCESTORS, object), object)).isEmpty();
    assertThat(SchemaValidator.validate(schema(OURS, object), object)).isEmpty();
    assertThat(SchemaPruning.prune(schema(OURS, object), object)).isEmpty();
  }

  static List<JsonNode> objectsOfOurs() {
    return List.of(
        gateway(), policy(), clusterPolicy(), tunnel(), slice(), clusterSlice(), clusterInfo());
  }

  private static JsonNode of(HasMetadata object) {
    object.setMetadata(new ObjectMetaBuilder().withName("x").build());
    return json(object);
  }

  private static List<StatusCondition> conditions() {
    return List.of(
        new StatusCondition("2026-11-23T12:00:00Z", "in place", 1L, "Programmed", "True", "Ready"));
  }

  private static JsonNode gateway() {
    EgressGateway gateway = new EgressGateway();
    gateway.setSpec(
        new EgressGateway.Spec(
            null,
            true,
            new EgressGateway.ConnectionReplication(true),
            false,
            new EgressGateway.IpPools(List.of("10.6.168.201"), "10.6.168.201", List.of(), null),
            null,
            "Hold"));
    gateway.setStatus(
        new EgressGateway.Status(
            conditions(),
            new EgressGateway.IpUsage(0, 1, 0, Long.MAX_VALUE),
            List.of(
                new EgressGateway.NodeStatus(
                    List.of(
                        new EgressGateway.Eip(
                            "10.6.168.201",
                            null,
                            List.of(
                                new EgressGateway.PolicyReference("test", "default"),
                                new EgressGateway.PolicyReference("everywhere", null)))),
                    "worker-1",
                    "Ready")),
            1L));
    return of(gateway);
  }

  private static EgressPolicy.Status placed() {
    return new EgressPolicy.Status(
        conditions(), new EgressPolicy.Eip("10.6.168.201", "fd00::201"), "worker-1", 1L);
  }

  private static JsonNode policy() {
    EgressPolicy policy = new EgressPolicy();
    policy.setSpec(
        new EgressPolicy.Spec(
            new EgressPolicy.AppliedTo(null, List.of("10.244.1.0/24")),
            List.of("10.6.1.92/32"),
            "default",
            new EgressPolicy.EgressIp("rr", null, null, false),
            List.of("10.6.1.93/32"),
            5L));
    policy.setStatus(placed());
    return of(policy);
  }

  private static JsonNode clusterPolicy() {
    EgressClusterPolicy policy = new EgressClusterPolicy();
    policy.setSpec(
        new EgressClusterPolicy.Spec(
            new EgressClusterPolicy.AppliedTo(null, null, List.of("10.244.1.0/24")),
            null,
            "default",
            null,
            List.of("10.6.1.93/32"),
            null));
    policy.setStatus(placed());
    return of(policy);
  }

  private static JsonNode tunnel() {
    EgressTunnel tunnel = new EgressTunnel();
    tunnel.setStatus(
        new EgressTunnel.Status(
            conditions(),
            "2026-11-23T12:00:00Z",
            "0x26010001",
            EgressTunnel.Phase.HEARTBEAT_TIMEOUT,
            new EgressTunnel.Tunnel(
                "172.31.0.1",
                "fd11::1",
                "66:00:00:00:00:01",
                new EgressTunnel.Parent("10.6.168.11", "fd00::11", "eth0"))));
    return of(tunnel);
  }

  private static List<EgressEndpointSlice.Endpoint> endpoints() {
    return List.of(
        new EgressEndpointSlice.Endpoint(
            List.of("10.244.1.2"), List.of("fd10::2"), "worker-1", "default", "test-1"));
  }

  private static JsonNode slice() {
    EgressEndpointSlice slice = new EgressEndpointSlice();
    slice.setEndpoints(endpoints());
    return of(slice);
  }

  private static JsonNode clusterSlice() {
    EgressClusterEndpointSlice slice = new EgressClusterEndpointSlice();
    slice.setEndpoints(endpoints());
    return of(slice);
  }

  private static JsonNode clusterInfo() {
    EgressClusterInfo.Addresses addresses =
        new EgressClusterInfo.Addresses(List.of("10.96.0.0/12"), List.of("fd10::/112"));
    EgressClusterInfo info = new EgressClusterInfo();
    info.setSpec(
        new EgressClusterInfo.Spec(
            new EgressClusterInfo.AutoDetect(true, true, "k8s"), List.of("10.6.1.92"), true));
    info.setStatus(
        new EgressClusterInfo.Status(
            addresses,
            conditions(),
            List.of("10.6.1.92/32"),
            Map.of("worker-1", addresses),
            1L,
            Map.of("worker-1", addresses),
            "k8s"));
    return of(info);
  }

  @ParameterizedTest
  @MethodSource("objectsOfOurs")
  void whatWeWriteIsTakenByTheAncestorButForExtensions(ObjectNode object) {
    String kind = object.path("kind").asText();
    assertThat(SchemaValidator.validate(schema(OURS, object), object)).isEmpty();
    assertThat(SchemaPruning.prune(schema(OURS, object), object.deepCopy())).isEmpty();

    assertThat(SchemaPruning.prune(schema(ANCESTORS, object), object))
        .allSatisfy(path -> assertThat(EXTENSIONS).contains(kind + "." + path));
    assertThat(SchemaValidator.validate(schema(ANCESTORS, object), object)).isEmpty();
  }

  @Test
  void everyFieldOfTheAncestorIsThereUnderTheSameRules() {
    assertThat(OURS.keySet()).isEqualTo(ANCESTORS.keySet());
    TreeSet<String> added = new TreeSet<>();
    ANCESTORS.forEach(
        (kind, schema) -> compare(kind, schema, requireNonNull(OURS.get(kind)), added));
    assertThat(added).isEqualTo(new TreeSet<>(EXTENSIONS));
  }

  private static void compare(String path, JsonNode theirs, JsonNode ours, Set<String> added) {
    for (String rule : RULES) {
      assertThat(ours.path(rule)).as("%s of %s", rule, path).isEqualTo(theirs.path(rule));
    }
    assertThat(texts(ours.path("enum"))).as(path).isEqualTo(texts(theirs.path("enum")));
    assertThat(texts(ours.path("required"))).as(path).isEqualTo(texts(theirs.path("required")));
    for (String inner : List.of("items", "additionalProperties")) {
      assertThat(ours.has(inner)).as("%s of %s", inner, path).isEqualTo(theirs.has(inner));
      if (theirs.has(inner)) {
        compare(path + "[]", theirs.get(inner), ours.get(inner), added);
      }
    }
    for (Map.Entry<String, JsonNode> field : Json.fields(theirs.path("properties"))) {
      String name = path + "." + field.getKey();
      assertThat(ours.path("properties").has(field.getKey())).as(name).isTrue();
      compare(name, field.getValue(), ours.path("properties").get(field.getKey()), added);
    }
    Set<String> more = names(ours.path("properties"));
    more.removeAll(names(theirs.path("properties")));
    more.removeAll(Set.of("apiVersion", "kind", "metadata"));
    more.forEach(name -> added.add(path + "." + name));
  }

  private static Set<String> texts(JsonNode list) {
    Set<String> texts = new HashSet<>();
    list.forEach(item -> texts.add(item.asText()));
    return texts;
  }

  private static Set<String> names(JsonNode object) {
    Set<String> names = new HashSet<>();
    Json.fields(object).forEach(field -> names.add(field.getKey()));
    return names;
  }
}
