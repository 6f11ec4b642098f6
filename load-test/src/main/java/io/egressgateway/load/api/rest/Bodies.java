package io.egressgateway.load.api.rest;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import com.fasterxml.jackson.dataformat.yaml.YAMLFactory;
import io.egressgateway.load.api.store.Json;
import java.io.IOException;

/** Request bodies as JSON trees. */
final class Bodies {
  private static final ObjectMapper YAML = new ObjectMapper(new YAMLFactory());

  private Bodies() {}

  static JsonNode json(ApiRequest request) {
    try {
      return Json.parse(request.body().getBytes());
    } catch (IOException notJson) {
      throw ApiException.badRequest("error decoding JSON: " + notJson.getMessage());
    }
  }

  /** An object in JSON, in YAML, or in protobuf where its kind can be read from that. */
  static ObjectNode object(ApiRequest request) {
    String media = request.mediaType();
    if (media.equals(ProtobufBodies.MEDIA_TYPE)) {
      return ProtobufBodies.decode(request.body().getBytes());
    }
    JsonNode body = media.endsWith("yaml") ? yaml(request) : json(request);
    if (body instanceof ObjectNode object) {
      return object;
    }
    throw ApiException.badRequest("the body is not an object");
  }

  /** The options of a delete; those in protobuf are not read: their defaults are taken. */
  static JsonNode options(ApiRequest request) {
    boolean unread =
        request.body().length() == 0 || request.mediaType().equals(ProtobufBodies.MEDIA_TYPE);
    return unread ? Json.object() : json(request);
  }

  private static JsonNode yaml(ApiRequest request) {
    try {
      return YAML.readTree(request.body().getBytes());
    } catch (IOException notYaml) {
      throw ApiException.badRequest("error decoding YAML: " + notYaml.getMessage());
    }
  }
}
