package io.egressgateway.load.api.rest;

import com.fasterxml.jackson.databind.JsonNode;
import io.egressgateway.load.api.store.Json;
import io.vertx.core.buffer.Buffer;

/** One answer. */
record ApiResponse(int code, String contentType, Buffer body) {

  static ApiResponse json(int code, JsonNode body) {
    return json(code, Json.bytes(body));
  }

  static ApiResponse json(int code, byte[] body) {
    return new ApiResponse(code, "application/json", Buffer.buffer(body));
  }

  static ApiResponse refusal(ApiException refusal) {
    return json(refusal.code(), refusal.status());
  }

  static ApiResponse text(String body) {
    return new ApiResponse(200, "text/plain", Buffer.buffer(body));
  }
}
