package io.egressgateway.load.api.rest;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.egressgateway.load.api.schema.SchemaViolation;
import io.egressgateway.load.api.store.Json;
import io.egressgateway.load.api.store.ResourceType;
import java.util.List;
import java.util.stream.Collectors;

/** A refusal that the client is told as a {@code Status} document. */
final class ApiException extends RuntimeException {
  private static final long serialVersionUID = 1L;

  private final transient ObjectNode status;

  private ApiException(ObjectNode status) {
    super(status.path("message").asText());
    this.status = status;
  }

  int code() {
    return status.path("code").asInt();
  }

  ObjectNode status() {
    return status.deepCopy();
  }

  static ApiException badRequest(String message) {
    return of(400, "BadRequest", message);
  }

  static ApiException forbidden(ResourceType type, String name, String why) {
    return about(
        of(
            403,
            "Forbidden",
            "%s \"%s\" is forbidden: %s".formatted(type.qualifiedName(), name, why)),
        type.names().plural(),
        type,
        name);
  }

  /** No such path. */
  static ApiException noSuchResource() {
    return of(404, "NotFound", "the server could not find the requested resource");
  }

  static ApiException notFound(ResourceType type, String name) {
    return about(
        of(404, "NotFound", "%s \"%s\" not found".formatted(type.qualifiedName(), name)),
        type.names().plural(),
        type,
        name);
  }

  /** The pod is an object only. */
  static ApiException notRunning(ResourceType type, String name) {
    return about(
        of(
            404,
            "NotFound",
            "no program can be run in pod \"%s\": it does not run here".formatted(name)),
        type.names().plural(),
        type,
        name);
  }

  static ApiException methodNotAllowed() {
    return of(
        405, "MethodNotAllowed", "the server does not allow this method on the requested resource");
  }

  static ApiException notAcceptable(String accept) {
    return of(
        406,
        "NotAcceptable",
        "only application/json can be answered, not \"%s\"".formatted(accept));
  }

  static ApiException alreadyExists(ResourceType type, String name) {
    return about(
        of(409, "AlreadyExists", "%s \"%s\" already exists".formatted(type.qualifiedName(), name)),
        type.names().plural(),
        type,
        name);
  }

  static ApiException conflict(ResourceType type, String name, String why) {
    return about(
        of(
            409,
            "Conflict",
            "Operation cannot be fulfilled on %s \"%s\": %s"
                .formatted(type.qualifiedName(), name, why)),
        type.names().plural(),
        type,
        name);
  }

  static ApiException expired(String message) {
    return of(410, "Expired", message);
  }

  static ApiException tooLarge(int limit) {
    return of(413, "RequestEntityTooLarge", "Request entity too large: limit is " + limit);
  }

  static ApiException unsupportedMediaType(String accepted) {
    return of(
        415,
        "UnsupportedMediaType",
        "the body of the request was in an unknown format - accepted media types include: "
            + accepted);
  }

  static ApiException unprocessable(String message) {
    return of(422, "Invalid", message);
  }

  /** One cause per violation, all of them in the message. */
  static ApiException invalid(ResourceType type, String name, List<SchemaViolation> violations) {
    List<String> texts =
        violations.stream().map(one -> one.field() + ": " + one.message()).toList();
    String all = texts.size() == 1 ? texts.getFirst() : "[" + String.join(", ", texts) + "]";
    ApiException exception =
        about(
            of(
                422,
                "Invalid",
                "%s \"%s\" is invalid: %s".formatted(type.qualifiedKind(), name, all)),
            type.names().kind(),
            type,
            name);
    ArrayNode causes = Json.child(exception.status, "details").putArray("causes");
    for (SchemaViolation violation : violations) {
      causes
          .addObject()
          .put("reason", violation.reason())
          .put("message", violation.message())
          .put("field", violation.field());
    }
    return exception;
  }

  static ApiException strictDecoding(List<String> unknownFields) {
    return badRequest(
        unknownFields.stream()
            .map("unknown field \"%s\""::formatted)
            .collect(Collectors.joining(", ", "strict decoding error: ", "")));
  }

  static ApiException internal(Throwable cause) {
    return of(500, "InternalError", "Internal error occurred: " + cause);
  }

  private static ApiException of(int code, String reason, String message) {
    ObjectNode status = Json.object();
    status.put("kind", "Status").put("apiVersion", "v1");
    status.putObject("metadata");
    status.put("status", "Failure").put("message", message).put("reason", reason).put("code", code);
    return new ApiException(status);
  }

  private static ApiException about(
      ApiException exception, String kind, ResourceType type, String name) {
    ObjectNode details = exception.status.putObject("details");
    details.put("name", name);
    if (!type.version().group().isEmpty()) {
      details.put("group", type.version().group());
    }
    details.put("kind", kind);
    return exception;
  }
}
