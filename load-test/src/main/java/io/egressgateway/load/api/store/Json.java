package io.egressgateway.load.api.store;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.Map;
import java.util.Optional;

/** The JSON trees of this package: one mapper, and the reads that every class needs. */
public final class Json {
  private static final ObjectMapper MAPPER = new ObjectMapper();

  private Json() {}

  /** An empty object. */
  public static ObjectNode object() {
    return MAPPER.createObjectNode();
  }

  /** UTF-8 bytes without white space. */
  public static byte[] bytes(JsonNode node) {
    try {
      return MAPPER.writeValueAsBytes(node);
    } catch (JsonProcessingException impossible) {
      throw new UncheckedIOException(impossible);
    }
  }

  /**
   * Parses one document.
   *
   * @throws IOException if it is not JSON
   */
  public static JsonNode parse(byte[] bytes) throws IOException {
    return MAPPER.readTree(bytes);
  }

  /** The object at {@code field}, created empty where there is none. */
  public static ObjectNode child(ObjectNode parent, String field) {
    return parent.get(field) instanceof ObjectNode child ? child : parent.putObject(field);
  }

  /** The list at {@code field}, created empty where there is none. */
  public static ArrayNode array(ObjectNode parent, String field) {
    return parent.get(field) instanceof ArrayNode list ? list : parent.putArray(field);
  }

  /** The object's metadata, created empty where there is none. */
  public static ObjectNode metadata(ObjectNode object) {
    return child(object, "metadata");
  }

  /** The text at the end of the path, absent if it is missing, empty or not a text. */
  public static Optional<String> text(JsonNode node, String... path) {
    JsonNode at = node;
    for (String step : path) {
      at = at.path(step);
    }
    return at.isTextual() && !at.textValue().isEmpty()
        ? Optional.of(at.textValue())
        : Optional.empty();
  }

  /** Field names and values, in the order of the document. */
  public static Iterable<Map.Entry<String, JsonNode>> fields(JsonNode node) {
    return node.properties();
  }
}
