package io.egressgateway.load.api.schema;

import com.fasterxml.jackson.databind.JsonNode;
import io.egressgateway.load.api.store.Json;
import java.math.BigDecimal;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.StreamSupport;

/**
 * Validates a value against an OpenAPI v3 structural schema: types, required, enum, bounds,
 * lengths, patterns, and the {@code allOf}/{@code anyOf}/{@code oneOf}/{@code not} junctors.
 * Formats and CEL are not looked at. Messages follow the API server's.
 */
public final class SchemaValidator {
  private final List<SchemaViolation> violations = new ArrayList<>();

  private SchemaValidator() {}

  /** Every violation, in the order of the schema; empty if the value is valid. */
  public static List<SchemaViolation> validate(JsonNode schema, JsonNode value) {
    return validate(schema, value, "");
  }

  private static List<SchemaViolation> validate(JsonNode schema, JsonNode value, String path) {
    SchemaValidator validator = new SchemaValidator();
    validator.check(schema, value, path);
    return List.copyOf(validator.violations);
  }

  private void check(JsonNode schema, JsonNode value, String path) {
    if (value.isNull() && schema.path("nullable").asBoolean(false)) {
      return;
    }
    if (!hasType(schema, value)) {
      String type = schema.path("type").asText();
      violations.add(
          SchemaViolation.invalid(
              path,
              typeName(value),
              "must be of type %s: \"%s\"".formatted(type, typeName(value))));
      return;
    }
    checkEnum(schema, value, path);
    if (value.isTextual()) {
      checkText(schema, value.textValue(), path);
    } else if (value.isNumber()) {
      checkNumber(schema, value.decimalValue(), path);
    } else if (value.isArray()) {
      checkArray(schema, value, path);
    } else if (value.isObject()) {
      checkObject(schema, value, path);
    }
    checkJunctors(schema, value, path);
  }

  private static boolean hasType(JsonNode schema, JsonNode value) {
    if (schema.path("x-kubernetes-int-or-string").asBoolean(false)) {
      return value.isTextual() || value.isIntegralNumber();
    }
    return switch (schema.path("type").asText("")) {
      case "object" -> value.isObject();
      case "array" -> value.isArray();
      case "string" -> value.isTextual();
      case "boolean" -> value.isBoolean();
      case "integer" -> value.isIntegralNumber();
      case "number" -> value.isNumber();
      default -> true;
    };
  }

  private static String typeName(JsonNode value) {
    return switch (value.getNodeType()) {
      case ARRAY -> "array";
      case BOOLEAN -> "boolean";
      case NUMBER -> value.isIntegralNumber() ? "integer" : "number";
      case STRING, BINARY -> "string";
      case NULL, MISSING -> "null";
      case OBJECT, POJO -> "object";
    };
  }

  private void checkEnum(JsonNode schema, JsonNode value, String path) {
    JsonNode allowed = schema.path("enum");
    if (allowed.isArray()
        && StreamSupport.stream(allowed.spliterator(), false).noneMatch(value::equals)) {
      String supported =
          StreamSupport.stream(allowed.spliterator(), false)
              .map(JsonNode::toString)
              .collect(Collectors.joining(", "));
      violations.add(
          SchemaViolation.unsupported(
              path, value.isTextual() ? value.textValue() : value, supported));
    }
  }

  private void checkText(JsonNode schema, String text, String path) {
    int length = text.codePointCount(0, text.length());
    if (schema.has("minLength") && length < schema.get("minLength").asInt()) {
      invalid(path, text, "should be at least %s chars long".formatted(schema.get("minLength")));
    }
    if (schema.has("maxLength") && length > schema.get("maxLength").asInt()) {
      invalid(path, text, "should be at most %s chars long".formatted(schema.get("maxLength")));
    }
    if (schema.has("pattern")
        && !Pattern.compile(schema.get("pattern").asText()).matcher(text).find()) {
      invalid(path, text, "should match '%s'".formatted(schema.get("pattern").asText()));
    }
  }

  private void checkNumber(JsonNode schema, BigDecimal number, String path) {
    if (schema.has("minimum")) {
      int order = number.compareTo(schema.get("minimum").decimalValue());
      boolean exclusive = schema.path("exclusiveMinimum").asBoolean(false);
      if (order < 0 || (exclusive && order == 0)) {
        invalid(
            path,
            number,
            "should be greater than %s%s"
                .formatted(exclusive ? "" : "or equal to ", schema.get("minimum")));
      }
    }
    if (schema.has("maximum")) {
      int order = number.compareTo(schema.get("maximum").decimalValue());
      boolean exclusive = schema.path("exclusiveMaximum").asBoolean(false);
      if (order > 0 || (exclusive && order == 0)) {
        invalid(
            path,
            number,
            "should be less than %s%s"
                .formatted(exclusive ? "" : "or equal to ", schema.get("maximum")));
      }
    }
  }

  private void checkArray(JsonNode schema, JsonNode array, String path) {
    if (schema.has("minItems") && array.size() < schema.get("minItems").asInt()) {
      invalid(
          path, array.size(), "should have at least %s items".formatted(schema.get("minItems")));
    }
    if (schema.has("maxItems") && array.size() > schema.get("maxItems").asInt()) {
      invalid(path, array.size(), "should have at most %s items".formatted(schema.get("maxItems")));
    }
    for (int i = 0; i < array.size(); i++) {
      check(schema.path("items"), array.get(i), path + "[" + i + "]");
    }
  }

  private void checkObject(JsonNode schema, JsonNode object, String path) {
    for (JsonNode name : schema.path("required")) {
      if (!object.has(name.asText())) {
        violations.add(SchemaViolation.required(join(path, name.asText())));
      }
    }
    if (schema.has("minProperties") && object.size() < schema.get("minProperties").asInt()) {
      invalid(
          path,
          object.size(),
          "should have at least %s properties".formatted(schema.get("minProperties")));
    }
    if (schema.has("maxProperties") && object.size() > schema.get("maxProperties").asInt()) {
      invalid(
          path,
          object.size(),
          "should have at most %s properties".formatted(schema.get("maxProperties")));
    }
    JsonNode additional = schema.path("additionalProperties");
    for (Map.Entry<String, JsonNode> field : Json.fields(object)) {
      JsonNode inner = schema.path("properties").path(field.getKey());
      if (!inner.isMissingNode()) {
        check(inner, field.getValue(), join(path, field.getKey()));
      } else if (additional.isObject()) {
        check(additional, field.getValue(), join(path, field.getKey()));
      }
    }
  }

  private void checkJunctors(JsonNode schema, JsonNode value, String path) {
    for (JsonNode all : schema.path("allOf")) {
      check(all, value, path);
    }
    if (schema.has("anyOf") && matching(schema.get("anyOf"), value, path) == 0) {
      invalid(path, typeName(value), "must validate at least one schema (anyOf)");
    }
    if (schema.has("oneOf") && matching(schema.get("oneOf"), value, path) != 1) {
      invalid(path, typeName(value), "must validate one and only one schema (oneOf)");
    }
    if (schema.has("not") && validate(schema.get("not"), value, path).isEmpty()) {
      invalid(path, typeName(value), "must not validate the schema (not)");
    }
  }

  private static long matching(JsonNode schemas, JsonNode value, String path) {
    return StreamSupport.stream(schemas.spliterator(), false)
        .filter(schema -> validate(schema, value, path).isEmpty())
        .count();
  }

  private void invalid(String path, Object value, String rule) {
    violations.add(SchemaViolation.invalid(path, value, rule));
  }

  private static String join(String path, String field) {
    return path.isEmpty() ? field : path + "." + field;
  }
}
