package io.egressgateway.k8s.watch;

import io.egressgateway.core.model.LabelSelector;
import io.egressgateway.core.model.Labels;
import io.egressgateway.core.model.PolicyKey;
import io.egressgateway.core.model.Requirement;
import java.util.Collection;
import java.util.Collections;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.SortedSet;
import java.util.TreeSet;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/**
 * Finds the policies that select a pod without asking them all: each is filed under its namespace
 * and one label that it requires. What requires no particular label is asked for every pod of the
 * namespace. Not thread-safe.
 */
final class PolicyIndex {

  /** Where a policy is filed: one label with its value, or {@link #ANY}. */
  private record Slot(String key, String value) {
    static final Slot ANY = new Slot("", "");
  }

  private record Entry(PolicyKey.Namespaced key, LabelSelector selector) {}

  private final Map<String, Map<Slot, Map<PolicyKey.Namespaced, Entry>>> namespaces =
      new HashMap<>();
  private final Map<PolicyKey.Namespaced, LabelSelector> selectors = new HashMap<>();

  /** Files the policy, under its new selector if it was there. */
  void put(PolicyKey.Namespaced key, LabelSelector selector) {
    remove(key);
    selectors.put(key, selector);
    slots(selector)
        .forEach(
            slot ->
                namespaces
                    .computeIfAbsent(key.namespace(), unused -> new HashMap<>())
                    .computeIfAbsent(slot, unused -> new HashMap<>())
                    .put(key, new Entry(key, selector)));
  }

  /** Forgets the policy if it is there. */
  void remove(PolicyKey.Namespaced key) {
    LabelSelector selector = selectors.remove(key);
    Map<Slot, Map<PolicyKey.Namespaced, Entry>> filed = namespaces.get(key.namespace());
    if (selector == null || filed == null) {
      return;
    }
    for (Slot slot : slots(selector)) {
      Map<PolicyKey.Namespaced, Entry> entries = filed.getOrDefault(slot, new HashMap<>());
      entries.remove(key);
      if (entries.isEmpty()) {
        filed.remove(slot);
      }
    }
    if (filed.isEmpty()) {
      namespaces.remove(key.namespace());
    }
  }

  /** The policies that select a pod of this namespace with these labels. */
  SortedSet<PolicyKey> matching(String namespace, Labels labels) {
    return candidates(namespace, labels).stream()
        .filter(entry -> entry.selector().matches(labels))
        .map(Entry::key)
        .collect(Collectors.toCollection(TreeSet::new));
  }

  /** Whether this policy selects a pod with these labels; the pod must be of its namespace. */
  boolean matches(PolicyKey.Namespaced key, Labels labels) {
    LabelSelector selector = selectors.get(key);
    return selector != null && selector.matches(labels);
  }

  /** How many policies have to be asked about such a pod. */
  int candidateCount(String namespace, Labels labels) {
    return candidates(namespace, labels).size();
  }

  private Collection<Entry> candidates(String namespace, Labels labels) {
    Map<Slot, Map<PolicyKey.Namespaced, Entry>> filed =
        namespaces.getOrDefault(namespace, Collections.emptyMap());
    Stream<Slot> slots =
        Stream.concat(
            Stream.of(Slot.ANY),
            labels.entries().entrySet().stream()
                .map(label -> new Slot(label.getKey(), label.getValue())));
    // A policy stands in several slots only for several values of one key, of which a pod has one.
    return slots
        .flatMap(slot -> filed.getOrDefault(slot, Collections.emptyMap()).values().stream())
        .toList();
  }

  private static Set<Slot> slots(LabelSelector selector) {
    if (!selector.matchLabels().isEmpty()) {
      String key = selector.matchLabels().firstKey();
      return Set.of(new Slot(key, String.valueOf(selector.matchLabels().get(key))));
    }
    return selector.requirements().stream()
        .flatMap(
            requirement ->
                requirement instanceof Requirement.In in ? Stream.of(in) : Stream.empty())
        .findFirst()
        .map(in -> slots(in.key(), List.copyOf(in.values())))
        .orElse(Set.of(Slot.ANY));
  }

  private static Set<Slot> slots(String key, List<String> values) {
    return values.stream().map(value -> new Slot(key, value)).collect(Collectors.toSet());
  }
}
