package io.egressgateway.load.api.table;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import io.egressgateway.load.api.store.Json;
import java.util.function.Function;
import java.util.stream.Collectors;

/** Cells that several built-in kinds share. */
final class Cells {
  static final String NONE = "<none>";

  private Cells() {}

  static Column.Cell text(Function<JsonNode, String> text) {
    return (object, now) -> JsonNodeFactory.instance.textNode(text.apply(object));
  }

  static Column.Cell number(Function<JsonNode, Integer> number) {
    return (object, now) -> JsonNodeFactory.instance.numberNode(number.apply(object));
  }

  /** The text at the path, or {@code <none>}. */
  static Column.Cell textAt(String... path) {
    return text(object -> Json.text(object, path).orElse(NONE));
  }

  /** The age of the time stamp at the first path that has one. */
  static Column.Cell age(String pointer, String... alternatives) {
    return (object, now) -> {
      String timestamp = object.at(pointer).asText("");
      for (int i = 0; i < alternatives.length && timestamp.isEmpty(); i++) {
        timestamp = object.at(alternatives[i]).asText("");
      }
      return JsonNodeFactory.instance.textNode(
          timestamp.isEmpty() ? "<unknown>" : Age.of(timestamp, now));
    };
  }

  /** {@code a=b,c=d}, or {@code <none>}. */
  static String labels(JsonNode labels) {
    return labels.isEmpty()
        ? NONE
        : labels
            .propertyStream()
            .map(label -> label.getKey() + "=" + label.getValue().asText())
            .sorted()
            .collect(Collectors.joining(","));
  }

  /** The texts of one field of each item, joined by commas. */
  static String join(JsonNode items, String field) {
    return items
        .valueStream()
        .map(item -> item.path(field).asText())
        .collect(Collectors.joining(","));
  }
}
