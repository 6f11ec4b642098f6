package io.egressgateway.core.collection;

import java.util.AbstractMap;
import java.util.AbstractSet;
import java.util.Collection;
import java.util.Collections;
import java.util.Comparator;
import java.util.Iterator;
import java.util.List;
import java.util.Map;
import java.util.NoSuchElementException;
import java.util.Optional;
import java.util.Set;
import java.util.SortedMap;
import java.util.SortedSet;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/**
 * An immutable sorted map of which a changed copy costs a few steps. Thus replaying n events about
 * n addresses takes n log n steps and not the square of n.
 *
 * @param <K> neither null nor changed while it is here
 * @param <V> not null
 */
public final class PersistentMap<K extends Comparable<? super K>, V> extends AbstractMap<K, V>
    implements SortedMap<K, V> {
  private final KeyedTree<K, Map.Entry<K, V>> tree;

  private PersistentMap(KeyedTree<K, Map.Entry<K, V>> tree) {
    this.tree = tree;
  }

  /** Nothing yet. */
  public static <K extends Comparable<? super K>, V> PersistentMap<K, V> empty() {
    return new PersistentMap<K, V>(KeyedTree.<K, Map.Entry<K, V>>empty(Map.Entry::getKey));
  }

  /** The same entries; at no cost if it is such a map. */
  public static <K extends Comparable<? super K>, V> PersistentMap<K, V> copyOf(
      SortedMap<K, V> map) {
    return map instanceof PersistentMap<K, V> persistent
        ? persistent
        : new PersistentMap<>(KeyedTree.of(Map.Entry::getKey, entries(map)));
  }

  private static <K, V> List<Map.Entry<K, V>> entries(Map<K, V> map) {
    return map.entrySet().stream().map(Map.Entry::copyOf).toList();
  }

  /** This map, with the entry. */
  public PersistentMap<K, V> with(K key, V value) {
    return new PersistentMap<>(tree.with(Map.entry(key, value)));
  }

  /** This map, without the key. */
  public PersistentMap<K, V> without(K key) {
    return new PersistentMap<>(tree.without(key));
  }

  /** First some keys go, then entries come or replace those of their keys. */
  public PersistentMap<K, V> changed(Collection<K> removed, Map<K, V> put) {
    return new PersistentMap<>(tree.changed(removed, entries(put)));
  }

  /** Where another differs; what both have in common is not looked at. */
  public Iterable<Difference<Map.Entry<K, V>>> differencesTo(PersistentMap<K, V> next) {
    return tree.differencesTo(next.tree);
  }

  private Optional<V> find(Object key) {
    // As with any sorted map: who asks for a key of another kind has made a mistake.
    @SuppressWarnings("unchecked")
    K wanted = (K) key;
    return tree.find(wanted).map(Map.Entry::getValue);
  }

  @Override
  public @Nullable V get(Object key) {
    return find(key).orElse(null);
  }

  @Override
  public boolean containsKey(Object key) {
    return find(key).isPresent();
  }

  @Override
  public int size() {
    return tree.size();
  }

  @Override
  public Set<Map.Entry<K, V>> entrySet() {
    return new AbstractSet<>() {
      @Override
      public Iterator<Map.Entry<K, V>> iterator() {
        return tree.iterator();
      }

      @Override
      public int size() {
        return tree.size();
      }
    };
  }

  @Override
  public SortedSet<K> keySet() {
    return new SortedKeys<>(tree, Optional.empty());
  }

  @Override
  public @Nullable Comparator<? super K> comparator() {
    return null;
  }

  @Override
  public K firstKey() {
    return tree.first().map(Map.Entry::getKey).orElseThrow(PersistentMap::nothing);
  }

  @Override
  public K lastKey() {
    return tree.last().map(Map.Entry::getKey).orElseThrow(PersistentMap::nothing);
  }

  private static NoSuchElementException nothing() {
    return new NoSuchElementException("the map is empty");
  }

  @Override
  public SortedMap<K, V> subMap(K from, K to) {
    return Collections.unmodifiableSortedMap(new TreeMap<>(this).subMap(from, to));
  }

  @Override
  public SortedMap<K, V> headMap(K to) {
    return Collections.unmodifiableSortedMap(new TreeMap<>(this).headMap(to));
  }

  @Override
  public SortedMap<K, V> tailMap(K from) {
    return Collections.unmodifiableSortedMap(new TreeMap<>(this).tailMap(from));
  }

  @Override
  public boolean equals(@Nullable Object other) {
    return other instanceof PersistentMap<?, ?> map ? tree.equals(map.tree) : super.equals(other);
  }

  @Override
  public int hashCode() {
    return super.hashCode();
  }
}
