package io.egressgateway.load.api.rest;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.egressgateway.load.api.store.Json;
import io.egressgateway.load.api.store.ResourceType;
import java.util.Set;
import java.util.stream.Collectors;

/** The subresource {@code scale} of workloads: {@code autoscaling/v1 Scale}. */
final class Scale {
  private static final Set<String> SCALED =
      Set.of("deployments.apps", "replicasets.apps", "statefulsets.apps");

  private Scale() {}

  static boolean isServedFor(ResourceType type) {
    return SCALED.contains(type.qualifiedName());
  }

  /** The workload's scale. */
  static ObjectNode of(JsonNode workload) {
    ObjectNode scale = Json.object().put("kind", "Scale").put("apiVersion", "autoscaling/v1");
    ObjectNode metadata = Json.metadata(scale);
    for (String field :
        Set.of("name", "namespace", "uid", "resourceVersion", "creationTimestamp")) {
      metadata.set(field, workload.path("metadata").path(field));
    }
    scale.putObject("spec").put("replicas", workload.at("/spec/replicas").asInt(1));
    String selector =
        workload
            .at("/spec/selector/matchLabels")
            .propertyStream()
            .map(label -> label.getKey() + "=" + label.getValue().asText())
            .sorted()
            .collect(Collectors.joining(","));
    scale
        .putObject("status")
        .put("replicas", workload.at("/status/replicas").asInt(0))
        .put("selector", selector);
    return scale;
  }

  /** Writes a scale back into its workload. */
  static ObjectNode into(ObjectNode workload, JsonNode scale) {
    Json.child(workload, "spec").set("replicas", scale.at("/spec/replicas"));
    Json.metadata(workload).set("resourceVersion", scale.at("/metadata/resourceVersion"));
    return workload;
  }
}
