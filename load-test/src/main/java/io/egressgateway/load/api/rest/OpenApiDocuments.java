package io.egressgateway.load.api.rest;

import com.fasterxml.jackson.databind.node.ObjectNode;
import io.egressgateway.load.api.store.CustomDefinition;
import io.egressgateway.load.api.store.GroupVersion;
import io.egressgateway.load.api.store.Json;
import io.egressgateway.load.api.store.ResourceType;
import io.egressgateway.load.api.store.Scope;
import java.util.Arrays;
import java.util.Collections;
import java.util.List;
import java.util.Optional;

/**
 * The OpenAPI v3 documents, as much of them as kubectl reads: for {@code apply} and {@code create}
 * that the server validates fields, for {@code explain} the schemas of custom resources. Built-in
 * kinds have no schema here.
 */
final class OpenApiDocuments {
  private static final String PREFIX = "/openapi/v3";

  private final TypeRegistry types;

  OpenApiDocuments(TypeRegistry types) {
    this.types = types;
  }

  /** The document at the path, if there is one. */
  Optional<ObjectNode> document(String path) {
    if (path.equals(PREFIX)) {
      return Optional.of(index());
    }
    return path.startsWith(PREFIX + "/")
        ? types.byVersion().entrySet().stream()
            .filter(entry -> path.equals(PREFIX + "/" + entry.getKey().path()))
            .findFirst()
            .map(entry -> version(entry.getValue()))
        : Optional.empty();
  }

  private ObjectNode index() {
    ObjectNode document = Json.object();
    ObjectNode paths = document.putObject("paths");
    for (GroupVersion version : types.byVersion().keySet()) {
      paths.putObject(version.path()).put("serverRelativeURL", PREFIX + "/" + version.path());
    }
    return document;
  }

  private static ObjectNode version(List<ResourceType> served) {
    ObjectNode document = Json.object().put("openapi", "3.0.0");
    document.putObject("info").put("title", "Kubernetes").put("version", ServerVersion.GIT_VERSION);
    ObjectNode paths = document.putObject("paths");
    ObjectNode schemas = document.putObject("components").putObject("schemas");
    for (ResourceType type : served) {
      String collection =
          "/"
              + type.version().path()
              + (type.scope() == Scope.NAMESPACED ? "/namespaces/{namespace}/" : "/")
              + type.names().plural();
      operation(paths.putObject(collection), "get", type);
      ObjectNode item = paths.putObject(collection + "/{name}");
      operation(item, "get", type);
      ObjectNode patch = operation(item, "patch", type);
      for (String parameter : List.of("dryRun", "fieldManager", "fieldValidation", "force")) {
        Json.array(patch, "parameters").addObject().put("name", parameter).put("in", "query");
      }
      type.custom().ifPresent(custom -> schemas.set(schemaName(type), schema(type, custom)));
    }
    return document;
  }

  private static ObjectNode operation(ObjectNode path, String verb, ResourceType type) {
    ObjectNode operation = path.putObject(verb);
    operation.putObject("responses").putObject("200").put("description", "OK");
    operation.put("x-kubernetes-action", verb);
    operation.set("x-kubernetes-group-version-kind", groupVersionKind(type));
    return operation;
  }

  private static ObjectNode schema(ResourceType type, CustomDefinition custom) {
    ObjectNode schema = custom.schema().deepCopy();
    Json.array(schema, "x-kubernetes-group-version-kind").add(groupVersionKind(type));
    ObjectNode properties = Json.child(schema, "properties");
    describe(properties, "apiVersion", "string", "The group and version of this object.");
    describe(properties, "kind", "string", "The kind of this object.");
    describe(properties, "metadata", "object", "Standard object's metadata.");
    return schema;
  }

  private static void describe(
      ObjectNode properties, String field, String type, String description) {
    ObjectNode property = Json.child(properties, field);
    property.put("type", type);
    if (!property.has("description")) {
      property.put("description", description);
    }
  }

  private static ObjectNode groupVersionKind(ResourceType type) {
    return Json.object()
        .put("group", type.version().group())
        .put("version", type.version().version())
        .put("kind", type.names().kind());
  }

  /** The group reversed, as real servers name their schemas. */
  private static String schemaName(ResourceType type) {
    List<String> words = Arrays.asList(type.version().group().split("\\."));
    Collections.reverse(words);
    return String.join(".", words) + "." + type.version().version() + "." + type.names().kind();
  }
}
