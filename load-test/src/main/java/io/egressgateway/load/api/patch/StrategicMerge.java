package io.egressgateway.load.api.patch;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.egressgateway.load.api.store.Json;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/**
 * Strategic merge patch for the built-in kinds. Which lists merge, and by which key, follows the
 * field's name: the names below mean the same list in every kind that has them.
 *
 * @see <a
 *     href="https://github.com/kubernetes/community/blob/master/contributors/devel/sig-api-machinery/strategic-merge-patch.md">Strategic
 *     Merge Patch</a>
 */
public final class StrategicMerge {
  private static final Map<String, List<String>> MERGE_KEYS =
      Map.ofEntries(
          Map.entry("containers", List.of("name")),
          Map.entry("initContainers", List.of("name")),
          Map.entry("env", List.of("name")),
          Map.entry("volumes", List.of("name")),
          Map.entry("volumeMounts", List.of("mountPath")),
          Map.entry("imagePullSecrets", List.of("name")),
          Map.entry("secrets", List.of("name")),
          Map.entry("ports", List.of("containerPort", "port")),
          Map.entry("conditions", List.of("type")),
          Map.entry("addresses", List.of("type")),
          Map.entry("podIPs", List.of("ip")),
          Map.entry("taints", List.of("key")),
          Map.entry("hostAliases", List.of("ip")),
          Map.entry("ownerReferences", List.of("uid")));
  private static final Set<String> MERGED_SETS = Set.of("finalizers", "podCIDRs");
  private static final String DIRECTIVE = "$patch";
  private static final String DELETE_PRIMITIVES = "$deleteFromPrimitiveList/";
  private static final String ORDER = "$setElementOrder/";
  private static final String RETAIN = "$retainKeys";

  private StrategicMerge() {}

  /** Changes the target in place. */
  public static void merge(ObjectNode target, JsonNode patch) {
    for (Map.Entry<String, JsonNode> field : Json.fields(patch)) {
      String name = field.getKey();
      JsonNode value = field.getValue();
      if (name.startsWith(DELETE_PRIMITIVES)) {
        deletePrimitives(target, name.substring(DELETE_PRIMITIVES.length()), value);
      } else if (name.equals(RETAIN)) {
        retain(target, value);
      } else if (!name.startsWith(ORDER) && !name.equals(DIRECTIVE)) {
        mergeField(target, name, value);
      }
    }
  }

  private static void mergeField(ObjectNode target, String name, JsonNode value) {
    if (value.isNull()) {
      target.remove(name);
    } else if (value.isObject()) {
      mergeObject(target, name, value);
    } else if (value instanceof ArrayNode items) {
      mergeList(target, name, items);
    } else {
      target.set(name, value);
    }
  }

  private static void mergeObject(ObjectNode target, String name, JsonNode value) {
    String directive = value.path(DIRECTIVE).asText("");
    if (directive.equals("delete")) {
      target.remove(name);
      return;
    }
    if (directive.equals("replace")) {
      target.remove(name);
    }
    merge(Json.child(target, name), value);
  }

  private static void mergeList(ObjectNode target, String name, ArrayNode items) {
    Optional<String> key = mergeKey(name, items);
    boolean replace =
        items.valueStream().anyMatch(item -> item.path(DIRECTIVE).asText("").equals("replace"));
    if (replace || !(target.get(name) instanceof ArrayNode present)) {
      ArrayNode fresh = target.putArray(name);
      items
          .valueStream()
          .filter(item -> !item.has(DIRECTIVE))
          .forEach(item -> fresh.add(item.deepCopy()));
    } else if (key.isPresent()) {
      mergeByKey(present, key.get(), items);
    } else if (MERGED_SETS.contains(name)) {
      items.valueStream().filter(item -> indexOf(present, item) < 0).toList().forEach(present::add);
    } else {
      target.set(name, items.deepCopy());
    }
  }

  private static Optional<String> mergeKey(String name, ArrayNode items) {
    return MERGE_KEYS.getOrDefault(name, List.of()).stream()
        .filter(key -> !items.isEmpty() && items.valueStream().allMatch(item -> item.has(key)))
        .findFirst();
  }

  private static void mergeByKey(ArrayNode present, String key, ArrayNode items) {
    for (JsonNode item : items) {
      int at = 0;
      while (at < present.size() && !present.get(at).path(key).equals(item.get(key))) {
        at++;
      }
      if (item.path(DIRECTIVE).asText("").equals("delete")) {
        present.remove(at);
      } else if (at == present.size()) {
        present.add(item.deepCopy());
      } else if (present.get(at) instanceof ObjectNode element) {
        merge(element, item);
      }
    }
  }

  private static void deletePrimitives(ObjectNode target, String name, JsonNode values) {
    if (target.get(name) instanceof ArrayNode present) {
      for (JsonNode value : values) {
        present.remove(indexOf(present, value));
      }
    }
  }

  private static void retain(ObjectNode target, JsonNode names) {
    List<String> forsaken = new ArrayList<>();
    target.fieldNames().forEachRemaining(forsaken::add);
    forsaken.removeIf(name -> names.valueStream().anyMatch(kept -> kept.asText().equals(name)));
    target.remove(forsaken);
  }

  private static int indexOf(ArrayNode list, JsonNode value) {
    for (int i = 0; i < list.size(); i++) {
      if (list.get(i).equals(value)) {
        return i;
      }
    }
    return -1;
  }
}
