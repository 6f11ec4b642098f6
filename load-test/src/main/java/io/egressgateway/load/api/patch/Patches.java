package io.egressgateway.load.api.patch;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.egressgateway.load.api.store.Json;
import java.util.Map;

/** JSON Merge Patch, and the merge of an applied configuration. */
public final class Patches {
  private Patches() {}

  /**
   * Changes the target in place.
   *
   * @see <a href="https://www.rfc-editor.org/rfc/rfc7396">RFC 7396</a>
   */
  public static void merge(ObjectNode target, JsonNode patch) {
    for (Map.Entry<String, JsonNode> field : Json.fields(patch)) {
      JsonNode value = field.getValue();
      if (value.isNull()) {
        target.remove(field.getKey());
      } else if (value.isObject()) {
        merge(Json.child(target, field.getKey()), value);
      } else {
        target.set(field.getKey(), value.deepCopy());
      }
    }
  }

  /**
   * Server-side apply, reduced: removes the fields that this manager applied last time and does not
   * apply now, then merges what it applies. Lists are replaced whole unless the field is one that
   * {@link StrategicMerge} knows the keys of. There is no conflict with other managers.
   */
  public static void apply(ObjectNode target, JsonNode previous, JsonNode applied) {
    removeForsaken(target, previous, applied);
    StrategicMerge.merge(target, applied);
  }

  private static void removeForsaken(ObjectNode target, JsonNode previous, JsonNode applied) {
    for (Map.Entry<String, JsonNode> field : Json.fields(previous)) {
      String name = field.getKey();
      if (!applied.has(name)) {
        if (field.getValue().isObject() && target.get(name) instanceof ObjectNode inner) {
          removeForsaken(inner, field.getValue(), Json.object());
          if (inner.isEmpty()) {
            target.remove(name);
          }
        } else {
          target.remove(name);
        }
      } else if (field.getValue().isObject() && target.get(name) instanceof ObjectNode inner) {
        removeForsaken(inner, field.getValue(), applied.get(name));
      }
    }
  }
}
