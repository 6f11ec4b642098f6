package io.egressgateway.load.api.rest;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.egressgateway.load.api.schema.SchemaDefaults;
import io.egressgateway.load.api.schema.SchemaPruning;
import io.egressgateway.load.api.schema.SchemaValidator;
import io.egressgateway.load.api.schema.SchemaViolation;
import io.egressgateway.load.api.store.CustomDefinition;
import io.egressgateway.load.api.store.Json;
import io.egressgateway.load.api.store.ResourceType;
import io.egressgateway.load.api.store.StatusRule;
import java.util.ArrayList;
import java.util.List;

/**
 * What a kind does to its objects: custom ones by their schema, built-in ones by the few rules the
 * product can notice.
 */
final class KindRules {
  private KindRules() {}

  /** The state in which a new object starts, whatever status the client sent. */
  static void start(ResourceType type, ObjectNode object) {
    switch (type.qualifiedName()) {
      case BuiltInTypes.PODS -> {
        Json.child(object, "spec");
        object.putObject("status").put("phase", "Pending").put("qosClass", "BestEffort");
      }
      case BuiltInTypes.NAMESPACES -> {
        ObjectNode metadata = Json.metadata(object);
        Json.child(metadata, "labels")
            .put("kubernetes.io/metadata.name", metadata.path("name").asText());
        Json.child(object, "spec").putArray("finalizers").add("kubernetes");
        object.putObject("status").put("phase", "Active");
      }
      case "nodes" -> Json.child(object, "status");
      case "deployments.apps", "replicasets.apps", "statefulsets.apps" -> {
        ObjectNode spec = Json.child(object, "spec");
        if (!spec.has("replicas")) {
          spec.put("replicas", 1);
        }
        object.putObject("status");
      }
      default -> {
        if (type.status() == StatusRule.SUBRESOURCE) {
          object.remove("status");
        }
      }
    }
  }

  /**
   * Prunes, defaults and validates.
   *
   * @throws ApiException 400 for unknown fields if they are refused, 422 naming each bad field
   */
  static void settle(ResourceType type, ObjectNode object, WriteOptions options) {
    List<SchemaViolation> violations =
        new ArrayList<>(MetadataRules.violations(type, object.path("metadata")));
    if (type.custom().isPresent()) {
      violations.addAll(settleCustom(type.custom().get(), object, options));
    } else if (type.is(BuiltInTypes.DEFINITIONS)) {
      violations.addAll(CustomResources.violations(object));
    }
    if (!violations.isEmpty()) {
      throw ApiException.invalid(type, object.at("/metadata/name").asText(), violations);
    }
  }

  private static List<SchemaViolation> settleCustom(
      CustomDefinition custom, ObjectNode object, WriteOptions options) {
    JsonNode schema = custom.schema();
    List<String> unknown = SchemaPruning.prune(schema, object);
    if (!unknown.isEmpty() && options.unknownFields() == WriteOptions.UnknownFields.REFUSE) {
      throw ApiException.strictDecoding(unknown);
    }
    SchemaDefaults.apply(schema, object);
    return SchemaValidator.validate(schema, object);
  }

  /** Whether the two differ in what {@code metadata.generation} counts. */
  static boolean specDiffers(ResourceType type, ObjectNode before, ObjectNode after) {
    return !counted(type, before).equals(counted(type, after));
  }

  private static ObjectNode counted(ResourceType type, ObjectNode object) {
    ObjectNode rest = Json.object();
    rest.setAll(object);
    rest.remove("metadata");
    if (type.status() == StatusRule.SUBRESOURCE) {
      rest.remove("status");
    }
    return rest;
  }
}
