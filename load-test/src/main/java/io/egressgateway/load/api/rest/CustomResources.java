package io.egressgateway.load.api.rest;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.egressgateway.load.api.schema.SchemaViolation;
import io.egressgateway.load.api.store.CustomDefinition;
import io.egressgateway.load.api.store.GroupVersion;
import io.egressgateway.load.api.store.Json;
import io.egressgateway.load.api.store.PrinterColumn;
import io.egressgateway.load.api.store.ResourceNames;
import io.egressgateway.load.api.store.ResourceType;
import io.egressgateway.load.api.store.Scope;
import io.egressgateway.load.api.store.StatusRule;
import io.egressgateway.load.api.table.JsonPath;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;

/**
 * Reads CustomResourceDefinitions ({@code apiextensions.k8s.io/v1}). Only the storage version is
 * served: there is no conversion.
 */
final class CustomResources {
  private CustomResources() {}

  /** What is wrong with the definition; empty if {@link #type} can read it. */
  static List<SchemaViolation> violations(JsonNode definition) {
    JsonNode spec = definition.path("spec");
    List<SchemaViolation> violations = new ArrayList<>();
    require(violations, spec, "group");
    require(violations, spec, "scope");
    require(violations, spec.path("names"), "plural");
    require(violations, spec.path("names"), "kind");
    String expected = spec.at("/names/plural").asText() + "." + spec.path("group").asText();
    String name = definition.at("/metadata/name").asText();
    if (violations.isEmpty() && !name.equals(expected)) {
      violations.add(
          new SchemaViolation(
              "metadata.name",
              "FieldValueInvalid",
              "Invalid value: \"%s\": must be spec.names.plural+\".\"+spec.group".formatted(name)));
    }
    if (storageVersion(definition).isEmpty()) {
      violations.add(
          new SchemaViolation(
              "spec.versions",
              "FieldValueInvalid",
              "Invalid value: must have exactly one version marked as storage version"));
    }
    storageVersion(definition)
        .ifPresent(version -> columns(version).forEach(column -> checkPath(violations, column)));
    return List.copyOf(violations);
  }

  /** The type that a valid definition defines. */
  static ResourceType type(JsonNode definition) {
    JsonNode spec = definition.path("spec");
    JsonNode version = storageVersion(definition).orElseThrow();
    String kind = spec.at("/names/kind").asText();
    ResourceNames names =
        new ResourceNames(
            kind,
            spec.at("/names/plural").asText(),
            spec.at("/names/singular").asText(kind.toLowerCase(Locale.ROOT)),
            texts(spec.at("/names/shortNames")),
            texts(spec.at("/names/categories")));
    return new ResourceType(
        new GroupVersion(spec.path("group").asText(), version.path("name").asText()),
        names,
        spec.path("scope").asText().equals("Namespaced") ? Scope.NAMESPACED : Scope.CLUSTER,
        version.at("/subresources/status").isObject()
            ? StatusRule.SUBRESOURCE
            : StatusRule.PART_OF_OBJECT,
        Optional.of(new CustomDefinition(version.at("/schema/openAPIV3Schema"), columns(version))));
  }

  /** Writes the status of a definition that is served, as of {@code timestamp}. */
  static void establish(ObjectNode definition, String timestamp) {
    ObjectNode status = definition.putObject("status");
    ObjectNode names = Json.child(Json.child(definition, "spec"), "names");
    String kind = names.path("kind").asText();
    if (!names.has("singular")) {
      names.put("singular", kind.toLowerCase(Locale.ROOT));
    }
    if (!names.has("listKind")) {
      names.put("listKind", kind + "List");
    }
    status.set("acceptedNames", names.deepCopy());
    ArrayNode conditions = status.putArray("conditions");
    condition(conditions, "NamesAccepted", "NoConflicts", timestamp);
    condition(conditions, "Established", "InitialNamesAccepted", timestamp);
    storageVersion(definition)
        .ifPresent(version -> status.putArray("storedVersions").add(version.path("name").asText()));
  }

  private static void condition(
      ArrayNode conditions, String type, String reason, String timestamp) {
    conditions
        .addObject()
        .put("type", type)
        .put("status", "True")
        .put("reason", reason)
        .put("message", "")
        .put("lastTransitionTime", timestamp);
  }

  private static Optional<JsonNode> storageVersion(JsonNode definition) {
    return definition
        .at("/spec/versions")
        .valueStream()
        .filter(version -> version.path("storage").asBoolean(false))
        .findFirst();
  }

  private static List<PrinterColumn> columns(JsonNode version) {
    return version
        .path("additionalPrinterColumns")
        .valueStream()
        .map(
            column ->
                new PrinterColumn(
                    column.path("name").asText(),
                    column.path("type").asText("string"),
                    column.path("jsonPath").asText(),
                    column.path("priority").asInt(0)))
        .toList();
  }

  private static void checkPath(List<SchemaViolation> violations, PrinterColumn column) {
    try {
      JsonPath.parse(column.jsonPath());
    } catch (IllegalArgumentException unsupported) {
      violations.add(
          new SchemaViolation(
              "spec.versions.additionalPrinterColumns.jsonPath",
              "FieldValueInvalid",
              "Invalid value: \"%s\": %s".formatted(column.jsonPath(), unsupported.getMessage())));
    }
  }

  private static void require(List<SchemaViolation> violations, JsonNode parent, String field) {
    if (Json.text(parent, field).isEmpty()) {
      violations.add(new SchemaViolation("spec." + field, "FieldValueRequired", "Required value"));
    }
  }

  private static List<String> texts(JsonNode list) {
    return list.valueStream().map(JsonNode::asText).toList();
  }
}
