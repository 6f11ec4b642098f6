package io.egressgateway.persistence.journal;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.core.StreamReadFeature;
import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectReader;
import com.fasterxml.jackson.databind.json.JsonMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.time.DateTimeException;
import java.time.Instant;
import java.util.Collections;
import java.util.Iterator;
import java.util.NavigableSet;
import java.util.Optional;
import java.util.SortedSet;
import java.util.TreeSet;
import java.util.function.Function;
import java.util.function.IntFunction;
import java.util.function.LongFunction;
import java.util.function.Supplier;

/**
 * Takes the fields out of one event's bytes. Only what {@link EventWriter} writes is read: each
 * field there once, of its type, in its one text form, and none left over at the {@link #end}.
 */
final class EventReader {
  private static final String WHOLE = "$";
  private static final ObjectReader JSON =
      JsonMapper.builder()
          .enable(StreamReadFeature.STRICT_DUPLICATE_DETECTION)
          .enable(DeserializationFeature.FAIL_ON_TRAILING_TOKENS)
          .build()
          .reader();

  private final String manifest;
  private final String path;
  private final ObjectNode fields;

  private EventReader(String manifest, String path, ObjectNode fields) {
    this.manifest = manifest;
    this.path = path;
    this.fields = fields;
  }

  static EventReader of(String manifest, byte[] bytes) {
    if (parse(manifest, bytes) instanceof ObjectNode object) {
      return new EventReader(manifest, "", object);
    }
    throw new CorruptEventException(manifest, WHOLE, "not a JSON object");
  }

  private static JsonNode parse(String manifest, byte[] bytes) {
    try {
      String json = StandardCharsets.UTF_8.newDecoder().decode(ByteBuffer.wrap(bytes)).toString();
      return JSON.readTree(json);
    } catch (CharacterCodingException notText) {
      throw new CorruptEventException(manifest, WHOLE, "not UTF-8");
    } catch (JsonProcessingException notJson) {
      throw new CorruptEventException(manifest, WHOLE, notJson.getOriginalMessage());
    }
  }

  String manifest() {
    return manifest;
  }

  CorruptEventException unknownManifest() {
    return new CorruptEventException(
        manifest, WHOLE, "this build does not know the manifest; a newer one may have written it");
  }

  CorruptEventException corrupt(String field, String reason) {
    return new CorruptEventException(manifest, path + field, reason);
  }

  /** A value that was written in its text form, and in no other form of the same value. */
  <T> T text(String field, Function<String, T> type) {
    return parseText(field, take(field), type);
  }

  String text(String field) {
    return text(field, Function.identity());
  }

  <T> Optional<T> optionalText(String field, Function<String, T> type) {
    return fields.has(field) ? Optional.of(text(field, type)) : Optional.empty();
  }

  <T extends Comparable<? super T>> SortedSet<T> texts(String field, Function<String, T> type) {
    JsonNode array = take(field);
    if (!array.isArray()) {
      throw corrupt(field, "not an array");
    }
    NavigableSet<T> result = new TreeSet<>();
    for (int i = 0; i < array.size(); i++) {
      String element = field + "[" + i + "]";
      if (!result.add(parseText(element, array.get(i), type))) {
        throw corrupt(element, "listed twice");
      }
    }
    return Collections.unmodifiableNavigableSet(result);
  }

  SortedSet<Integer> numbers(String field) {
    JsonNode array = take(field);
    if (!array.isArray()) {
      throw corrupt(field, "not an array");
    }
    NavigableSet<Integer> result = new TreeSet<>();
    for (int i = 0; i < array.size(); i++) {
      JsonNode element = array.get(i);
      if (!element.isIntegralNumber() || !element.canConvertToInt()) {
        throw corrupt(field + "[" + i + "]", "not a 32-bit integer");
      }
      if (!result.add(element.intValue())) {
        throw corrupt(field + "[" + i + "]", "listed twice");
      }
    }
    return Collections.unmodifiableNavigableSet(result);
  }

  private <T> T parseText(String field, JsonNode node, Function<String, T> type) {
    if (!node.isTextual()) {
      throw corrupt(field, "not a string");
    }
    String text = node.textValue();
    T value = converted(field, () -> type.apply(text));
    if (!value.toString().equals(text)) {
      throw corrupt(field, "'" + text + "' is written otherwise: '" + value + "'");
    }
    return value;
  }

  <T> T counter(String field, LongFunction<T> type) {
    JsonNode node = take(field);
    if (!node.isIntegralNumber() || !node.canConvertToLong()) {
      throw corrupt(field, "not a 64-bit integer");
    }
    return converted(field, () -> type.apply(node.longValue()));
  }

  <T> T number(String field, IntFunction<T> type) {
    JsonNode node = take(field);
    if (!node.isIntegralNumber() || !node.canConvertToInt()) {
      throw corrupt(field, "not a 32-bit integer");
    }
    return converted(field, () -> type.apply(node.intValue()));
  }

  EventReader object(String field) {
    if (take(field) instanceof ObjectNode object) {
      return new EventReader(manifest, path + field + ".", object);
    }
    throw corrupt(field, "not an object");
  }

  /** When it happened. */
  Instant at() {
    return text("at", Instant::parse);
  }

  /** The event, once nothing is left over. */
  <E> E end(E event) {
    Iterator<String> rest = fields.fieldNames();
    if (rest.hasNext()) {
      throw corrupt(rest.next(), "no such field in this version");
    }
    return event;
  }

  private JsonNode take(String field) {
    if (!fields.has(field)) {
      throw corrupt(field, "missing");
    }
    return fields.remove(field);
  }

  private <T> T converted(String field, Supplier<T> conversion) {
    try {
      return conversion.get();
    } catch (IllegalArgumentException | DateTimeException refused) {
      throw corrupt(field, String.valueOf(refused.getMessage()));
    }
  }
}
