package io.egressgateway.load.api.store;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.Optional;
import java.util.function.Predicate;

/**
 * What a list or a watch asks for.
 *
 * @param namespace one namespace, or all
 * @param name one object, or all
 * @param labels over {@code metadata.labels}
 * @param fields over the object
 */
public record Selection(
    Optional<String> namespace,
    Optional<String> name,
    Predicate<JsonNode> labels,
    Predicate<JsonNode> fields) {

  /** Every object in the namespace, or everywhere. */
  public static Selection everything(Optional<String> namespace) {
    return new Selection(namespace, Optional.empty(), any -> true, any -> true);
  }

  /** Whether the object is asked for. */
  public boolean matches(StoredObject object) {
    ObjectKey key = object.key();
    return namespace.map(key.namespace()::equals).orElse(true)
        && name.map(key.name()::equals).orElse(true)
        && labels.test(object.json().path("metadata").path("labels"))
        && fields.test(object.json());
  }
}
