package io.egressgateway.load.api.rest;

import com.fasterxml.jackson.databind.node.ObjectNode;
import io.egressgateway.load.api.store.Json;

/** The document at {@code /version}: the API level whose behaviour is followed. */
final class ServerVersion {
  static final String GIT_VERSION = "v1.32.0-embedded";

  private ServerVersion() {}

  static ObjectNode document() {
    return Json.object()
        .put("major", "1")
        .put("minor", "32")
        .put("gitVersion", GIT_VERSION)
        .put("gitCommit", "")
        .put("gitTreeState", "clean")
        .put("buildDate", "1970-01-01T00:00:00Z")
        .put("goVersion", "")
        .put("compiler", "java")
        .put("platform", "linux/amd64");
  }
}
