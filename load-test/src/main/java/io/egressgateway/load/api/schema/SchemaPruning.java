package io.egressgateway.load.api.schema;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.egressgateway.load.api.store.Json;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;

/** Removes the fields that a structural schema does not name. */
public final class SchemaPruning {
  private static final Set<String> OBJECT_FIELDS = Set.of("apiVersion", "kind", "metadata");

  private SchemaPruning() {}

  /**
   * Prunes a whole custom resource; apiVersion, kind and metadata always stay.
   *
   * @return the paths that were removed, for example {@code spec.foo}
   */
  public static List<String> prune(JsonNode schema, ObjectNode object) {
    List<String> removed = new ArrayList<>();
    pruneObject(schema, object, new Place("", OBJECT_FIELDS), removed);
    return List.copyOf(removed);
  }

  private record Place(String path, Set<String> alwaysKept) {
    Place field(String name) {
      return new Place(path.isEmpty() ? name : path + "." + name, Set.of());
    }

    Place item(int index) {
      return new Place(path + "[" + index + "]", Set.of());
    }
  }

  private static void pruneValue(
      JsonNode schema, JsonNode value, Place place, List<String> removed) {
    if (value instanceof ObjectNode object) {
      boolean embedded = schema.path("x-kubernetes-embedded-resource").asBoolean(false);
      pruneObject(
          schema, object, embedded ? new Place(place.path(), OBJECT_FIELDS) : place, removed);
    } else if (value.isArray()) {
      for (int i = 0; i < value.size(); i++) {
        pruneValue(schema.path("items"), value.get(i), place.item(i), removed);
      }
    }
  }

  private static void pruneObject(
      JsonNode schema, ObjectNode object, Place place, List<String> removed) {
    JsonNode properties = schema.path("properties");
    JsonNode additional = schema.path("additionalProperties");
    boolean open =
        schema.path("x-kubernetes-preserve-unknown-fields").asBoolean(false)
            || additional.isObject()
            || additional.asBoolean(false);
    List<String> unknown = new ArrayList<>();
    for (Map.Entry<String, JsonNode> field : Json.fields(object)) {
      String name = field.getKey();
      if (properties.has(name) && !place.alwaysKept().contains(name)) {
        pruneValue(properties.get(name), field.getValue(), place.field(name), removed);
      } else if (additional.isObject()) {
        pruneValue(additional, field.getValue(), place.field(name), removed);
      } else if (!open && !place.alwaysKept().contains(name)) {
        unknown.add(name);
      }
    }
    for (String name : unknown) {
      object.remove(name);
      removed.add(place.field(name).path());
    }
  }
}
