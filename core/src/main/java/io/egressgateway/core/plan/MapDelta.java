package io.egressgateway.core.plan;

import io.egressgateway.core.collection.Difference;
import io.egressgateway.core.collection.PersistentMap;
import java.util.Collections;
import java.util.Map;
import java.util.SortedMap;
import java.util.SortedSet;
import java.util.TreeMap;
import java.util.TreeSet;

/**
 * The way from one map to another.
 *
 * @param put entries to add, or to replace where the key exists
 * @param remove keys to remove; none of them is also put
 */
public record MapDelta<K extends Comparable<? super K>, V>(
    SortedMap<K, V> put, SortedSet<K> remove) {

  /**
   * A delta; its entries are copied.
   *
   * @throws IllegalArgumentException when a key is both put and removed
   */
  public MapDelta {
    put = Collections.unmodifiableSortedMap(new TreeMap<>(put));
    remove = Collections.unmodifiableSortedSet(new TreeSet<>(remove));
    for (K key : remove) {
      if (put.containsKey(key)) {
        throw new IllegalArgumentException(key + " is both put and removed");
      }
    }
  }

  /** The least change that makes {@code next} of {@code base}. */
  public static <K extends Comparable<? super K>, V> MapDelta<K, V> between(
      SortedMap<K, V> base, SortedMap<K, V> next) {
    SortedMap<K, V> put = new TreeMap<>();
    SortedSet<K> remove = new TreeSet<>();
    for (Difference<Map.Entry<K, V>> difference :
        PersistentMap.copyOf(base).differencesTo(PersistentMap.copyOf(next))) {
      difference
          .after()
          .ifPresentOrElse(
              entry -> put.put(entry.getKey(), entry.getValue()),
              () -> difference.before().ifPresent(entry -> remove.add(entry.getKey())));
    }
    return new MapDelta<>(put, remove);
  }

  /** Removing a key that is not there, or putting an entry that is, changes nothing. */
  public SortedMap<K, V> applyTo(SortedMap<K, V> base) {
    return isEmpty() ? base : PersistentMap.copyOf(base).changed(remove, put);
  }

  public boolean isEmpty() {
    return put.isEmpty() && remove.isEmpty();
  }
}
