package io.egressgateway.core.collection;

import java.util.AbstractSet;
import java.util.Collections;
import java.util.Comparator;
import java.util.Iterator;
import java.util.NoSuchElementException;
import java.util.Optional;
import java.util.SortedSet;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;

/** The keys of a tree, or those from one on; where they begin is found in a few steps. */
class SortedKeys<K extends Comparable<? super K>, E> extends AbstractSet<K>
    implements SortedSet<K> {
  private final KeyedTree<K, E> tree;
  private final Optional<K> from;

  SortedKeys(KeyedTree<K, E> tree, Optional<K> from) {
    this.tree = tree;
    this.from = from;
  }

  @Override
  public final Iterator<K> iterator() {
    Iterator<E> members = from.map(tree::from).orElseGet(tree::iterator);
    return new Iterator<>() {
      @Override
      public boolean hasNext() {
        return members.hasNext();
      }

      @Override
      public K next() {
        return tree.keyOf(members.next());
      }
    };
  }

  @Override
  public final int size() {
    if (from.isEmpty()) {
      return tree.size();
    }
    int size = 0;
    for (Iterator<K> keys = iterator(); keys.hasNext(); keys.next()) {
      size++;
    }
    return size;
  }

  @Override
  public final boolean isEmpty() {
    return !iterator().hasNext();
  }

  @Override
  public final boolean contains(Object key) {
    // As with any sorted set: who asks for a key of another kind has made a mistake.
    @SuppressWarnings("unchecked")
    K wanted = (K) key;
    return from.filter(first -> wanted.compareTo(first) < 0).isEmpty()
        && tree.find(wanted).isPresent();
  }

  @Override
  public final @Nullable Comparator<? super K> comparator() {
    return null;
  }

  @Override
  public final SortedSet<K> subSet(K first, K to) {
    return Collections.unmodifiableSortedSet(new TreeSet<>(this).subSet(first, to));
  }

  @Override
  public final SortedSet<K> headSet(K to) {
    return Collections.unmodifiableSortedSet(new TreeSet<>(this).headSet(to));
  }

  @Override
  public final SortedSet<K> tailSet(K first) {
    return new SortedKeys<>(
        tree, Optional.of(from.filter(mine -> mine.compareTo(first) > 0).orElse(first)));
  }

  @Override
  public final K first() {
    return iterator().next();
  }

  @Override
  public final K last() {
    return tree.last()
        .map(tree::keyOf)
        .filter(last -> from.filter(first -> last.compareTo(first) < 0).isEmpty())
        .orElseThrow(() -> new NoSuchElementException("the set is empty"));
  }
}
