package io.egressgateway.k8s.admission;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.json.JsonMapper;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;

/** AdmissionReview of {@code admission.k8s.io/v1} to and from its bytes. */
final class AdmissionReviews {
  private static final String API_VERSION = "admission.k8s.io/v1";
  private static final String KIND = "AdmissionReview";
  private static final int UNPROCESSABLE = 422;

  /** The API server cuts warnings; long messages help nobody. */
  private static final int MESSAGE_MAX = 4_000;

  private static final ObjectMapper JSON =
      JsonMapper.builder().enable(DeserializationFeature.FAIL_ON_TRAILING_TOKENS).build();

  private AdmissionReviews() {}

  /** What the bytes are. */
  sealed interface Reading {}

  /** A question that can be judged. */
  record Question(AdmissionRequest request) implements Reading {}

  /** Nothing that an API server sends. */
  record Malformed(String reason) implements Reading {}

  static Reading read(byte[] bytes) {
    JsonNode review;
    try {
      review = JSON.readTree(bytes);
    } catch (JsonProcessingException notJson) {
      return new Malformed("not JSON: " + notJson.getOriginalMessage());
    } catch (IOException e) {
      throw new UncheckedIOException("read from memory", e);
    }
    if (!API_VERSION.equals(review.path("apiVersion").asText())
        || !KIND.equals(review.path("kind").asText())) {
      return new Malformed("not an " + KIND + " of " + API_VERSION);
    }
    JsonNode request = review.path("request");
    String uid = request.path("uid").asText("");
    String resource = request.path("resource").path("resource").asText("");
    Optional<AdmissionRequest.Operation> operation =
        Arrays.stream(AdmissionRequest.Operation.values())
            .filter(known -> known.name().equals(request.path("operation").asText()))
            .findFirst();
    if (uid.isEmpty() || resource.isEmpty() || operation.isEmpty()) {
      return new Malformed("request.uid, request.resource or request.operation is missing");
    }
    return new Question(
        new AdmissionRequest(
            uid,
            operation.get(),
            resource,
            request.path("namespace").asText(""),
            AdmissionRequest.orMissing(request.path("object")),
            AdmissionRequest.orMissing(request.path("oldObject"))));
  }

  /** The answer of a judge. */
  static String answer(String uid, Verdict verdict) {
    return switch (verdict) {
      case Verdict.Allowed(List<String> warnings) -> {
        ObjectNode response = response(uid);
        response.put("allowed", true);
        if (!warnings.isEmpty()) {
          ArrayNode list = response.putArray("warnings");
          warnings.forEach(list::add);
        }
        yield text(response);
      }
      case Verdict.Denied(String message, Verdict.Basis ignored) -> {
        ObjectNode response = response(uid);
        response.put("allowed", false);
        response
            .putObject("status")
            .put("code", UNPROCESSABLE)
            .put("reason", "Invalid")
            .put(
                "message",
                message.length() <= MESSAGE_MAX ? message : message.substring(0, MESSAGE_MAX));
        yield text(response);
      }
    };
  }

  /** Allowed, with these changes. */
  static String answer(String uid, List<Completion.Add> patch) {
    ObjectNode response = response(uid);
    response.put("allowed", true);
    if (!patch.isEmpty()) {
      ArrayNode operations = JSON.createArrayNode();
      patch.forEach(
          add ->
              operations
                  .addObject()
                  .put("op", "add")
                  .put("path", add.path())
                  .set("value", JSON.valueToTree(add.value())));
      response.put("patchType", "JSONPatch");
      response.put("patch", bytes(operations));
    }
    return text(response);
  }

  private static ObjectNode response(String uid) {
    return JSON.createObjectNode().put("uid", uid);
  }

  private static String text(ObjectNode response) {
    ObjectNode review = JSON.createObjectNode().put("apiVersion", API_VERSION).put("kind", KIND);
    review.set("response", response);
    return review.toString();
  }

  private static byte[] bytes(JsonNode tree) {
    try {
      return JSON.writeValueAsBytes(tree);
    } catch (JsonProcessingException e) {
      throw new UncheckedIOException("write a tree to memory", e);
    }
  }
}
