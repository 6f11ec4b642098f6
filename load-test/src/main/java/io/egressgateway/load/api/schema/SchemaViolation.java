package io.egressgateway.load.api.schema;

/**
 * One way in which an object breaks its schema.
 *
 * @param field the path, for example {@code spec.ippools.ipv4[0]}
 * @param reason the API's cause, for example {@code FieldValueRequired}
 * @param message what the API prints after the field
 */
public record SchemaViolation(String field, String reason, String message) {

  static SchemaViolation required(String field) {
    return new SchemaViolation(field, "FieldValueRequired", "Required value");
  }

  static SchemaViolation invalid(String field, Object value, String rule) {
    return new SchemaViolation(
        field,
        "FieldValueInvalid",
        "Invalid value: %s: %s in body %s".formatted(quoted(value), field, rule));
  }

  static SchemaViolation unsupported(String field, Object value, String supported) {
    return new SchemaViolation(
        field,
        "FieldValueNotSupported",
        "Unsupported value: %s: supported values: %s".formatted(quoted(value), supported));
  }

  private static String quoted(Object value) {
    return value instanceof CharSequence ? "\"" + value + "\"" : value.toString();
  }
}
