package io.egressgateway.load.api.schema;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.egressgateway.load.api.store.Json;
import java.util.Map;

/** Fills in a schema's {@code default} values. */
public final class SchemaDefaults {
  private SchemaDefaults() {}

  /**
   * Sets each absent property that has a default, outermost first, so that the defaults inside a
   * defaulted object apply too. A null where the schema allows none counts as absent.
   */
  public static void apply(JsonNode schema, JsonNode value) {
    if (value instanceof ObjectNode object) {
      applyToObject(schema, object);
    } else if (value.isArray()) {
      for (JsonNode item : value) {
        apply(schema.path("items"), item);
      }
    }
  }

  private static void applyToObject(JsonNode schema, ObjectNode object) {
    for (Map.Entry<String, JsonNode> property : Json.fields(schema.path("properties"))) {
      String name = property.getKey();
      JsonNode inner = property.getValue();
      boolean absent =
          !object.has(name)
              || (object.get(name).isNull() && !inner.path("nullable").asBoolean(false));
      if (absent && inner.has("default")) {
        object.set(name, inner.get("default").deepCopy());
      }
    }
    JsonNode additional = schema.path("additionalProperties");
    for (Map.Entry<String, JsonNode> field : Json.fields(object)) {
      JsonNode inner = schema.path("properties").path(field.getKey());
      apply(inner.isMissingNode() ? additional : inner, field.getValue());
    }
  }
}
