package io.egressgateway.persistence.journal;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.Collection;
import java.util.Optional;

/** Fields of one event, in the order in which they are put. */
final class EventWriter {
  private final ObjectNode fields = JsonNodeFactory.instance.objectNode();

  /** A value in its one text form, which is what its {@code toString} gives. */
  EventWriter text(String field, Object value) {
    fields.put(field, value.toString());
    return this;
  }

  /** Absent when the value is. */
  EventWriter optionalText(String field, Optional<?> value) {
    value.ifPresent(present -> text(field, present));
    return this;
  }

  EventWriter texts(String field, Collection<?> values) {
    ArrayNode array = fields.putArray(field);
    values.forEach(value -> array.add(value.toString()));
    return this;
  }

  EventWriter numbers(String field, Collection<Integer> values) {
    ArrayNode array = fields.putArray(field);
    values.forEach(array::add);
    return this;
  }

  EventWriter number(String field, long value) {
    fields.put(field, value);
    return this;
  }

  EventWriter object(String field, EventWriter value) {
    fields.set(field, value.fields);
    return this;
  }

  /** When it happened: the last field of every event. */
  EventWriter at(Instant instant) {
    return text("at", instant);
  }

  /** Compact JSON in UTF-8. */
  byte[] toBytes() {
    return fields.toString().getBytes(StandardCharsets.UTF_8);
  }
}
