package io.egressgateway.load.api.rest;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.egressgateway.load.api.store.Json;
import io.vertx.core.buffer.Buffer;
import java.io.IOException;

/** Request bodies as JSON trees. */
final class Bodies {
  private Bodies() {}

  static JsonNode json(Buffer body) {
    try {
      return Json.parse(body.getBytes());
    } catch (IOException notJson) {
      throw ApiException.badRequest("error decoding JSON: " + notJson.getMessage());
    }
  }

  static ObjectNode object(Buffer body) {
    if (json(body) instanceof ObjectNode object) {
      return object;
    }
    throw ApiException.badRequest("the body is not a JSON object");
  }

  /** The body, or an empty object where there is none. */
  static JsonNode optional(Buffer body) {
    return body.length() == 0 ? Json.object() : json(body);
  }
}
