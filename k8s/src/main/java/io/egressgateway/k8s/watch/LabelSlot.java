package io.egressgateway.k8s.watch;

import io.egressgateway.core.model.LabelSelector;
import io.egressgateway.core.model.Labels;
import io.egressgateway.core.model.Requirement;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/** Where pods and policies are filed that may meet: one label with its value, or {@link #ANY}. */
record LabelSlot(String key, String value) {
  /** Of a selector that requires no particular label. */
  static final LabelSlot ANY = new LabelSlot("", "");

  /** Of which each object that the selector matches has one. */
  static Set<LabelSlot> of(LabelSelector selector) {
    if (!selector.matchLabels().isEmpty()) {
      String key = selector.matchLabels().firstKey();
      return Set.of(new LabelSlot(key, String.valueOf(selector.matchLabels().get(key))));
    }
    return selector.requirements().stream()
        .flatMap(
            requirement ->
                requirement instanceof Requirement.In in ? Stream.of(in) : Stream.empty())
        .findFirst()
        .map(
            in ->
                in.values().stream()
                    .map(value -> new LabelSlot(in.key(), value))
                    .collect(Collectors.toSet()))
        .orElse(Set.of(ANY));
  }

  /** All of an object's. */
  static Stream<LabelSlot> of(Labels labels) {
    return labels.entries().entrySet().stream()
        .map(label -> new LabelSlot(label.getKey(), label.getValue()));
  }
}
