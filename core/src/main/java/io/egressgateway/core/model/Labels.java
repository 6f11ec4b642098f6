package io.egressgateway.core.model;

import java.util.Collections;
import java.util.Map;
import java.util.Optional;
import java.util.SortedMap;
import java.util.TreeMap;

/**
 * The labels of an object, as the API server accepted them.
 *
 * @param entries key to value; sorted and unmodifiable
 */
public record Labels(SortedMap<String, String> entries) {

  private static final Labels EMPTY = new Labels(new TreeMap<>());

  public Labels {
    entries = sorted(entries);
  }

  public static Labels of(Map<String, String> entries) {
    return new Labels(sorted(entries));
  }

  public static Labels empty() {
    return EMPTY;
  }

  // Not the copy constructor: from a SortedMap it would take over a foreign order.
  static SortedMap<String, String> sorted(Map<String, String> entries) {
    SortedMap<String, String> copy = new TreeMap<>();
    copy.putAll(entries);
    return Collections.unmodifiableSortedMap(copy);
  }

  public Optional<String> get(String key) {
    return Optional.ofNullable(entries.get(key));
  }

  public boolean has(String key) {
    return entries.containsKey(key);
  }

  @Override
  public String toString() {
    return entries.toString();
  }
}
