package io.egressgateway.load.api.rest;

import io.vertx.core.buffer.Buffer;
import java.util.Map;

/**
 * One request.
 *
 * @param method in capitals
 * @param path as sent, without a slash at its end
 * @param query first value of each parameter, decoded
 * @param headers {@code accept} and {@code content-type}, empty texts where absent
 * @param body must not be changed; empty where there is none
 */
record ApiRequest(
    String method, String path, Map<String, String> query, Headers headers, Buffer body) {

  record Headers(String accept, String contentType) {}

  String parameter(String name) {
    return query.getOrDefault(name, "");
  }

  /** The content type without its parameters. */
  String mediaType() {
    return headers.contentType().split(";", 2)[0].strip();
  }

  boolean isWatch() {
    return method.equals("GET")
        && (parameter("watch").equals("true") || parameter("watch").equals("1"));
  }
}
