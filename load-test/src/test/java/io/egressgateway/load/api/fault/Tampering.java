package io.egressgateway.load.api.fault;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.egressgateway.load.api.store.Json;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;

/** What a watch makes of each event. Every watch has its own; for one thread. */
interface Tampering {
  String ADDED = "ADDED";
  String DELETED = "DELETED";

  /** What is delivered instead. */
  List<JsonNode> pass(JsonNode event);

  /** Everything as it comes. */
  static Tampering none() {
    return List::of;
  }

  /**
   * Every event comes twice, and behind it everything again that the watch has said of an object of
   * this name.
   */
  static Tampering repeats() {
    Map<String, List<JsonNode>> said = new HashMap<>();
    return event -> {
      List<JsonNode> before = said.computeIfAbsent(name(event), name -> new ArrayList<>());
      List<JsonNode> now = new ArrayList<>(List.of(event, event));
      now.addAll(before);
      before.add(event);
      return now;
    };
  }

  /**
   * Of an object that is gone and another of its name only the other is told: a deletion waits for
   * the next object that comes, and is left out if that has its name.
   */
  static Tampering coalesces() {
    Map<String, JsonNode> held = new TreeMap<>();
    return event -> {
      if (isOf(event, DELETED)) {
        held.put(name(event), event);
        return List.of();
      }
      held.remove(name(event));
      List<JsonNode> now = new ArrayList<>();
      if (isOf(event, ADDED)) {
        now.addAll(held.values());
        held.clear();
      }
      now.add(event);
      return now;
    };
  }

  /** A deletion comes behind the next event, whatever that is. */
  static Tampering delaysDeletions() {
    List<JsonNode> held = new ArrayList<>();
    return event -> {
      if (isOf(event, DELETED)) {
        held.add(event);
        return List.of();
      }
      List<JsonNode> now = new ArrayList<>(List.of(event));
      now.addAll(held);
      held.clear();
      return now;
    };
  }

  /** The event that tells a client that what it has seen last is too long ago. */
  static JsonNode expired() {
    ObjectNode event = Json.object().put("type", "ERROR");
    Json.child(event, "object")
        .put("kind", "Status")
        .put("apiVersion", "v1")
        .put("status", "Failure")
        .put("message", "too old resource version: 1 (2)")
        .put("reason", "Expired")
        .put("code", 410);
    return event;
  }

  private static boolean isOf(JsonNode event, String type) {
    return Json.text(event, "type").equals(Optional.of(type));
  }

  private static String name(JsonNode event) {
    JsonNode metadata = event.path("object").path("metadata");
    return metadata.path("namespace").asText() + "/" + metadata.path("name").asText();
  }
}
