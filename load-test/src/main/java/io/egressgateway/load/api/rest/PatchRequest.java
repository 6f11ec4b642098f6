package io.egressgateway.load.api.rest;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.egressgateway.load.api.patch.Patches;
import io.egressgateway.load.api.patch.StrategicMerge;
import io.egressgateway.load.api.store.Json;
import io.egressgateway.load.api.store.ResourceType;
import io.fabric8.zjsonpatch.JsonPatch;
import io.fabric8.zjsonpatch.JsonPatchException;
import java.util.Optional;

/** The body of a PATCH, told apart by its media type. */
sealed interface PatchRequest {

  /** RFC 7396. */
  record Merge(ObjectNode patch) implements PatchRequest {}

  /** RFC 6902. */
  record Operations(JsonNode operations) implements PatchRequest {}

  /** For built-in kinds only. */
  record Strategic(ObjectNode patch) implements PatchRequest {}

  /** A whole configuration; creates the object where there is none. */
  record Apply(ObjectNode configuration) implements PatchRequest {}

  /**
   * Reads the body.
   *
   * @throws ApiException 415 for an unknown type, 400 if the body is not of its type
   */
  static PatchRequest parse(ResourceType type, ApiRequest request) {
    return switch (request.mediaType()) {
      case "application/merge-patch+json" -> new Merge(Bodies.object(request));
      case "application/json-patch+json" -> new Operations(Bodies.json(request));
      case "application/apply-patch+yaml" -> new Apply(Bodies.object(request));
      case "application/strategic-merge-patch+json" -> {
        if (type.custom().isPresent()) {
          throw unsupported();
        }
        yield new Strategic(Bodies.object(request));
      }
      default -> throw unsupported();
    };
  }

  /**
   * The object after the patch.
   *
   * @param previous what the same manager applied last time, for {@link Apply}
   * @throws ApiException 422 if an operation does not fit the object
   */
  default ObjectNode applyTo(ObjectNode object, Optional<JsonNode> previous) {
    switch (this) {
      case Merge(ObjectNode patch) -> Patches.merge(object, patch);
      case Strategic(ObjectNode patch) -> StrategicMerge.merge(object, patch);
      case Apply(ObjectNode configuration) ->
          Patches.apply(object, previous.orElseGet(Json::object), configuration);
      case Operations(JsonNode operations) -> {
        return afterOperations(object, operations);
      }
    }
    return object;
  }

  private static ObjectNode afterOperations(ObjectNode object, JsonNode operations) {
    try {
      if (JsonPatch.apply(operations, object) instanceof ObjectNode patched) {
        return patched;
      }
      throw ApiException.unprocessable("the patch does not leave an object");
    } catch (JsonPatchException failure) {
      throw ApiException.unprocessable(
          "the server rejected our request due to an error in our request: "
              + failure.getMessage());
    }
  }

  private static ApiException unsupported() {
    return ApiException.unsupportedMediaType(
        "application/json-patch+json, application/merge-patch+json, application/apply-patch+yaml");
  }
}
