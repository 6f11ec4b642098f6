package io.egressgateway.policy.domain;

import java.util.AbstractMap;
import java.util.AbstractSet;
import java.util.ArrayDeque;
import java.util.Collections;
import java.util.Comparator;
import java.util.Deque;
import java.util.Iterator;
import java.util.Map;
import java.util.NoSuchElementException;
import java.util.Optional;
import java.util.Set;
import java.util.SortedMap;
import java.util.SortedSet;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.function.UnaryOperator;
import org.jspecify.annotations.Nullable;

/**
 * An immutable sorted map of which a changed copy costs a few steps: a balanced tree that shares
 * all but the path to the change with the one it came from. Thus replaying n events about n
 * addresses takes n log n steps and not the square of n.
 *
 * @param <K> neither null nor changed while it is here
 * @param <V> not null
 */
final class PersistentMap<K extends Comparable<? super K>, V> extends AbstractMap<K, V>
    implements SortedMap<K, V> {

  /** A tree in which the heights of two siblings differ by one at most. */
  private sealed interface Tree<K, V> {
    int height();

    int size();
  }

  private record Leaf<K, V>() implements Tree<K, V> {
    @Override
    public int height() {
      return 0;
    }

    @Override
    public int size() {
      return 0;
    }
  }

  private record Branch<K, V>(
      Map.Entry<K, V> entry, Tree<K, V> left, Tree<K, V> right, int height, int size)
      implements Tree<K, V> {

    static <K, V> Branch<K, V> of(Map.Entry<K, V> entry, Tree<K, V> left, Tree<K, V> right) {
      return new Branch<>(
          entry,
          left,
          right,
          Math.max(left.height(), right.height()) + 1,
          left.size() + right.size() + 1);
    }
  }

  private final Tree<K, V> root;

  private PersistentMap(Tree<K, V> root) {
    this.root = root;
  }

  static <K extends Comparable<? super K>, V> PersistentMap<K, V> empty() {
    return new PersistentMap<K, V>(new Leaf<K, V>());
  }

  /** The same entries; at no cost if it is such a map. */
  static <K extends Comparable<? super K>, V> PersistentMap<K, V> copyOf(SortedMap<K, V> map) {
    if (map instanceof PersistentMap<K, V> persistent) {
      return persistent;
    }
    PersistentMap<K, V> copy = empty();
    for (Map.Entry<K, V> entry : map.entrySet()) {
      copy = copy.with(entry.getKey(), entry.getValue());
    }
    return copy;
  }

  /** This map, with the entry. */
  PersistentMap<K, V> with(K key, V value) {
    return new PersistentMap<>(put(root, Map.entry(key, value)));
  }

  /** This map, without the key. */
  PersistentMap<K, V> without(K key) {
    return containsKey(key) ? new PersistentMap<>(remove(root, key)) : this;
  }

  private static <K extends Comparable<? super K>, V> Tree<K, V> put(
      Tree<K, V> tree, Map.Entry<K, V> entry) {
    return switch (tree) {
      case Leaf<K, V> leaf -> Branch.of(entry, leaf, leaf);
      case Branch<K, V> branch -> {
        int order = entry.getKey().compareTo(branch.entry().getKey());
        yield order == 0
            ? Branch.of(entry, branch.left(), branch.right())
            : descend(branch, order, side -> put(side, entry));
      }
    };
  }

  private static <K extends Comparable<? super K>, V> Tree<K, V> remove(Tree<K, V> tree, K key) {
    return switch (tree) {
      case Leaf<K, V> leaf -> leaf;
      case Branch<K, V> branch -> {
        int order = key.compareTo(branch.entry().getKey());
        yield order == 0
            ? joined(branch.left(), branch.right())
            : descend(branch, order, side -> remove(side, key));
      }
    };
  }

  /** Both sides without what was between them. */
  private static <K extends Comparable<? super K>, V> Tree<K, V> joined(
      Tree<K, V> left, Tree<K, V> right) {
    return switch (right) {
      case Leaf<K, V> ignored -> left;
      case Branch<K, V> branch -> {
        Map.Entry<K, V> next = first(branch);
        yield balanced(next, left, remove(branch, next.getKey()));
      }
    };
  }

  private static <K, V> Tree<K, V> descend(
      Branch<K, V> branch, int order, UnaryOperator<Tree<K, V>> change) {
    return order < 0
        ? balanced(branch.entry(), change.apply(branch.left()), branch.right())
        : balanced(branch.entry(), branch.left(), change.apply(branch.right()));
  }

  private static <K, V> Tree<K, V> balanced(
      Map.Entry<K, V> entry, Tree<K, V> left, Tree<K, V> right) {
    int lean = left.height() - right.height();
    if (lean > 1 && left instanceof Branch<K, V> heavy) {
      return heavy.left().height() < heavy.right().height()
              && heavy.right() instanceof Branch<K, V> middle
          ? Branch.of(
              middle.entry(),
              Branch.of(heavy.entry(), heavy.left(), middle.left()),
              Branch.of(entry, middle.right(), right))
          : Branch.of(heavy.entry(), heavy.left(), Branch.of(entry, heavy.right(), right));
    }
    if (lean < -1 && right instanceof Branch<K, V> heavy) {
      return heavy.right().height() < heavy.left().height()
              && heavy.left() instanceof Branch<K, V> middle
          ? Branch.of(
              middle.entry(),
              Branch.of(entry, left, middle.left()),
              Branch.of(heavy.entry(), middle.right(), heavy.right()))
          : Branch.of(heavy.entry(), Branch.of(entry, left, heavy.left()), heavy.right());
    }
    return Branch.of(entry, left, right);
  }

  private static <K, V> Map.Entry<K, V> first(Branch<K, V> branch) {
    Branch<K, V> first = branch;
    while (first.left() instanceof Branch<K, V> left) {
      first = left;
    }
    return first.entry();
  }

  private static <K, V> Map.Entry<K, V> last(Branch<K, V> branch) {
    Branch<K, V> last = branch;
    while (last.right() instanceof Branch<K, V> right) {
      last = right;
    }
    return last.entry();
  }

  private Optional<V> find(Object key) {
    // As with any sorted map: who asks for a key of another kind has made a mistake.
    @SuppressWarnings("unchecked")
    K wanted = (K) key;
    Tree<K, V> tree = root;
    while (tree instanceof Branch<K, V> branch) {
      int order = wanted.compareTo(branch.entry().getKey());
      if (order == 0) {
        return Optional.of(branch.entry().getValue());
      }
      tree = order < 0 ? branch.left() : branch.right();
    }
    return Optional.empty();
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
    return root.size();
  }

  @Override
  public Set<Map.Entry<K, V>> entrySet() {
    return new AbstractSet<>() {
      @Override
      public Iterator<Map.Entry<K, V>> iterator() {
        return InOrder.of(root);
      }

      @Override
      public int size() {
        return root.size();
      }
    };
  }

  @Override
  public SortedSet<K> keySet() {
    return new Keys(Optional.empty());
  }

  /** The keys, or those from one on; where they begin is found in a few steps. */
  private final class Keys extends AbstractSet<K> implements SortedSet<K> {
    private final Optional<K> from;

    Keys(Optional<K> from) {
      this.from = from;
    }

    @Override
    public Iterator<K> iterator() {
      InOrder<K, V> entries =
          from.map(key -> InOrder.from(root, key)).orElseGet(() -> InOrder.of(root));
      return new Iterator<>() {
        @Override
        public boolean hasNext() {
          return entries.hasNext();
        }

        @Override
        public K next() {
          return entries.next().getKey();
        }
      };
    }

    @Override
    public int size() {
      if (from.isEmpty()) {
        return root.size();
      }
      int size = 0;
      for (Iterator<K> keys = iterator(); keys.hasNext(); keys.next()) {
        size++;
      }
      return size;
    }

    @Override
    public boolean isEmpty() {
      return !iterator().hasNext();
    }

    @Override
    public boolean contains(Object key) {
      @SuppressWarnings("unchecked")
      K wanted = (K) key;
      return from.filter(first -> wanted.compareTo(first) < 0).isEmpty() && containsKey(key);
    }

    @Override
    public @Nullable Comparator<? super K> comparator() {
      return null;
    }

    @Override
    public SortedSet<K> subSet(K first, K to) {
      return Collections.unmodifiableSortedSet(new TreeSet<>(this).subSet(first, to));
    }

    @Override
    public SortedSet<K> headSet(K to) {
      return Collections.unmodifiableSortedSet(new TreeSet<>(this).headSet(to));
    }

    @Override
    public SortedSet<K> tailSet(K first) {
      return new Keys(Optional.of(from.filter(mine -> mine.compareTo(first) > 0).orElse(first)));
    }

    @Override
    public K first() {
      return iterator().next();
    }

    @Override
    public K last() {
      K last = lastKey();
      if (from.filter(first -> last.compareTo(first) < 0).isPresent()) {
        throw new NoSuchElementException("no key from " + from.get() + " on");
      }
      return last;
    }
  }

  private static final class InOrder<K, V> implements Iterator<Map.Entry<K, V>> {
    private final Deque<Branch<K, V>> ahead = new ArrayDeque<>();

    static <K, V> InOrder<K, V> of(Tree<K, V> root) {
      InOrder<K, V> all = new InOrder<>();
      all.descend(root);
      return all;
    }

    static <K extends Comparable<? super K>, V> InOrder<K, V> from(Tree<K, V> root, K key) {
      InOrder<K, V> rest = new InOrder<>();
      Tree<K, V> next = root;
      while (next instanceof Branch<K, V> branch) {
        if (key.compareTo(branch.entry().getKey()) <= 0) {
          rest.ahead.push(branch);
          next = branch.left();
        } else {
          next = branch.right();
        }
      }
      return rest;
    }

    private void descend(Tree<K, V> tree) {
      Tree<K, V> next = tree;
      while (next instanceof Branch<K, V> branch) {
        ahead.push(branch);
        next = branch.left();
      }
    }

    @Override
    public boolean hasNext() {
      return !ahead.isEmpty();
    }

    @Override
    public Map.Entry<K, V> next() {
      Branch<K, V> branch = ahead.pop();
      descend(branch.right());
      return branch.entry();
    }
  }

  @Override
  public @Nullable Comparator<? super K> comparator() {
    return null;
  }

  @Override
  public K firstKey() {
    return first(nonEmpty()).getKey();
  }

  @Override
  public K lastKey() {
    return last(nonEmpty()).getKey();
  }

  private Branch<K, V> nonEmpty() {
    if (root instanceof Branch<K, V> branch) {
      return branch;
    }
    throw new NoSuchElementException("the map is empty");
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
}
