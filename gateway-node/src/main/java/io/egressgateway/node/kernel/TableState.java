package io.egressgateway.node.kernel;

import java.util.Collection;
import java.util.Collections;
import java.util.List;
import java.util.SortedMap;
import java.util.TreeMap;

/**
 * Our nf_tables table as far as it is compared.
 *
 * @param fingerprint of its chains and rules
 * @param elements by key
 */
public record TableState(Fingerprint fingerprint, SortedMap<Element.Key, Element> elements) {

  /**
   * @param digest of the sets, chains and rules, in the table's own comment
   * @param rules comments of the rules in order, by chain
   */
  public record Fingerprint(String digest, SortedMap<String, List<String>> rules) {
    public Fingerprint {
      rules = Collections.unmodifiableSortedMap(new TreeMap<>(rules));
    }
  }

  public TableState {
    elements = Collections.unmodifiableSortedMap(new TreeMap<>(elements));
  }

  /** A table with these elements. */
  public static TableState of(Fingerprint fingerprint, Collection<Element> elements) {
    SortedMap<Element.Key, Element> byKey = new TreeMap<>();
    elements.forEach(element -> byKey.put(element.key(), element));
    return new TableState(fingerprint, byKey);
  }

  TableState with(Collection<Element> removed, Collection<Element> added) {
    SortedMap<Element.Key, Element> changed = new TreeMap<>(elements);
    removed.forEach(element -> changed.remove(element.key()));
    added.forEach(element -> changed.put(element.key(), element));
    return new TableState(fingerprint, changed);
  }
}
