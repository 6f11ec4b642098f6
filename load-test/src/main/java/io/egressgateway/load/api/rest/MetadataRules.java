package io.egressgateway.load.api.rest;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.egressgateway.load.api.schema.SchemaViolation;
import io.egressgateway.load.api.store.Json;
import io.egressgateway.load.api.store.ResourceType;
import java.time.Clock;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.UUID;
import java.util.regex.Pattern;

/** What the API does with {@code metadata}: names, system fields, validity. */
final class MetadataRules {
  private static final Pattern SUBDOMAIN =
      Pattern.compile("[a-z0-9]([-a-z0-9]*[a-z0-9])?(\\.[a-z0-9]([-a-z0-9]*[a-z0-9])?)*");
  private static final Pattern LABEL_VALUE =
      Pattern.compile("(([A-Za-z0-9][-A-Za-z0-9_.]*)?[A-Za-z0-9])?");
  private static final Pattern LABEL_KEY =
      Pattern.compile("([-a-z0-9.]{1,253}/)?[A-Za-z0-9]([-A-Za-z0-9_.]{0,61}[A-Za-z0-9])?");
  private static final int NAME_MAX = 253;
  private static final int LABEL_VALUE_MAX = 63;
  // Without vowels and lookalikes, as k8s.io/apimachinery/pkg/util/rand has it.
  private static final String SUFFIX_ALPHABET = "bcdfghjklmnpqrstvwxz2456789";
  private static final int SUFFIX_LENGTH = 5;
  private static final List<String> SYSTEM_FIELDS =
      List.of("uid", "creationTimestamp", "generation", "deletionTimestamp", "selfLink");

  private final Clock clock;
  private final Random random = new Random();

  MetadataRules(Clock clock) {
    this.clock = clock;
  }

  /** The time stamp of now, to the second. */
  String now() {
    return clock.instant().truncatedTo(ChronoUnit.SECONDS).toString();
  }

  /** The object's name, made from generateName and written into it where it has none. */
  String nameFor(ResourceType type, ObjectNode metadata) {
    if (Json.text(metadata, "name").isEmpty()) {
      String prefix =
          Json.text(metadata, "generateName")
              .orElseThrow(
                  () ->
                      ApiException.invalid(
                          type,
                          "",
                          List.of(
                              new SchemaViolation(
                                  "metadata.name",
                                  "FieldValueRequired",
                                  "Required value: name or generateName is required"))));
      StringBuilder name = new StringBuilder(prefix);
      for (int i = 0; i < SUFFIX_LENGTH; i++) {
        name.append(SUFFIX_ALPHABET.charAt(random.nextInt(SUFFIX_ALPHABET.length())));
      }
      metadata.put("name", name.toString());
    }
    return metadata.get("name").asText();
  }

  /** Gives a new object its identity. */
  void stampNew(ObjectNode metadata) {
    SYSTEM_FIELDS.forEach(metadata::remove);
    metadata.remove("managedFields");
    metadata
        .put("uid", UUID.randomUUID().toString())
        .put("creationTimestamp", now())
        .put("generation", 1);
  }

  /** Puts the stored identity in place of whatever the client sent. */
  static void carryOver(JsonNode stored, ObjectNode metadata) {
    metadata.remove("managedFields");
    for (String field : SYSTEM_FIELDS) {
      if (stored.has(field)) {
        metadata.set(field, stored.get(field));
      } else {
        metadata.remove(field);
      }
    }
    metadata.remove("deletionGracePeriodSeconds");
    if (stored.has("deletionGracePeriodSeconds")) {
      metadata.set("deletionGracePeriodSeconds", stored.get("deletionGracePeriodSeconds"));
    }
    metadata.set("resourceVersion", stored.get("resourceVersion"));
  }

  /** Every breach of the rules for names, labels and owners. */
  static List<SchemaViolation> violations(ResourceType type, JsonNode metadata) {
    List<SchemaViolation> violations = new ArrayList<>();
    String name = metadata.path("name").asText();
    // RBAC names are path segments: system:node and the like.
    boolean subdomain = !type.version().group().equals("rbac.authorization.k8s.io");
    if (name.length() > NAME_MAX || (subdomain && !SUBDOMAIN.matcher(name).matches())) {
      violations.add(
          invalid(
              "metadata.name",
              name,
              "a lowercase RFC 1123 subdomain must consist of lower case alphanumeric characters,"
                  + " '-' or '.', and must start and end with an alphanumeric character"));
    }
    for (Map.Entry<String, JsonNode> label : Json.fields(metadata.path("labels"))) {
      checkLabel(violations, label.getKey(), label.getValue());
    }
    JsonNode owners = metadata.path("ownerReferences");
    for (int i = 0; i < owners.size(); i++) {
      for (String field : List.of("apiVersion", "kind", "name", "uid")) {
        if (Json.text(owners.get(i), field).isEmpty()) {
          violations.add(
              new SchemaViolation(
                  "metadata.ownerReferences[%d].%s".formatted(i, field),
                  "FieldValueRequired",
                  "Required value: must not be empty"));
        }
      }
    }
    return List.copyOf(violations);
  }

  private static void checkLabel(List<SchemaViolation> violations, String key, JsonNode value) {
    if (!LABEL_KEY.matcher(key).matches()) {
      violations.add(invalid("metadata.labels", key, "not a qualified name"));
    }
    if (!value.isTextual()
        || value.textValue().length() > LABEL_VALUE_MAX
        || !LABEL_VALUE.matcher(value.textValue()).matches()) {
      violations.add(
          invalid(
              "metadata.labels",
              value.asText(),
              "a valid label must be an empty string or consist of at most 63 alphanumeric"
                  + " characters, '-', '_' or '.', and must start and end with an alphanumeric"
                  + " character"));
    }
  }

  private static SchemaViolation invalid(String field, String value, String rule) {
    return new SchemaViolation(
        field, "FieldValueInvalid", "Invalid value: \"%s\": %s".formatted(value, rule));
  }
}
