package io.egressgateway.k8s.translate;

import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** Reads optional fields: in the API, absent and empty mean the same. */
final class Texts {

  private Texts() {}

  static Optional<String> text(@Nullable String field) {
    return Optional.ofNullable(field).filter(value -> !value.isEmpty());
  }

  static <T> List<T> items(@Nullable List<T> field) {
    return field == null ? List.of() : field;
  }
}
