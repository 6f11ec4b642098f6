package io.egressgateway.core.collection;

import static java.util.Objects.requireNonNull;

import java.util.ArrayList;
import java.util.Collection;
import java.util.Comparator;
import java.util.HashSet;
import java.util.Iterator;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/**
 * Members in the order of their keys, one for each key. A change makes another that has all in
 * common with this one but the way to what changed, so that neither the change nor the {@link
 * #differencesTo differences} of the two cost more the more members there are.
 *
 * @param <K> what members are ordered by; members of equal keys are in each other's place
 * @param <E> neither null nor changed while it is here
 */
public final class KeyedTree<K extends Comparable<? super K>, E> implements Iterable<E> {
  /** With fewer members for each change, making all anew is cheaper. */
  private static final int REBUILD_BELOW = 8;

  private final Function<? super E, ? extends K> key;
  private final Tree<E> root;

  private KeyedTree(Function<? super E, ? extends K> key, Tree<E> root) {
    this.key = key;
    this.root = root;
  }

  /** Nothing yet. */
  public static <K extends Comparable<? super K>, E> KeyedTree<K, E> empty(
      Function<? super E, ? extends K> key) {
    return new KeyedTree<>(key, Tree.leaf());
  }

  /** These members, at the cost of sorting them; of two with the same key the later one. */
  public static <K extends Comparable<? super K>, E> KeyedTree<K, E> of(
      Function<? super E, ? extends K> key, Collection<? extends E> members) {
    List<E> sorted = new ArrayList<>(members);
    sorted.sort(order(key));
    List<E> last = new ArrayList<>(sorted.size());
    for (E member : sorted) {
      if (!last.isEmpty() && key.apply(last.getLast()).equals(key.apply(member))) {
        last.removeLast();
      }
      last.add(member);
    }
    return new KeyedTree<>(key, Tree.of(last));
  }

  private static <K extends Comparable<? super K>, E> Comparator<E> order(
      Function<? super E, ? extends K> key) {
    return (one, other) -> key.apply(one).compareTo(key.apply(other));
  }

  private KeyedTree<K, E> with(Tree<E> changed) {
    return new KeyedTree<>(key, changed);
  }

  /** The same with this member, instead of the one of its key. */
  public KeyedTree<K, E> with(E member) {
    return with(put(root, key.apply(member), member));
  }

  /** The same without the member of this key, if there is one. */
  public KeyedTree<K, E> without(K gone) {
    return find(gone).isPresent() ? with(remove(root, gone)) : this;
  }

  /** First members go by their keys, then others come or replace those of their keys. */
  public KeyedTree<K, E> changed(Collection<? extends K> removed, Collection<? extends E> added) {
    if (size() < REBUILD_BELOW * (removed.size() + added.size())) {
      return rebuilt(removed, added);
    }
    Tree<E> changed = root;
    for (K gone : removed) {
      changed = remove(changed, gone);
    }
    for (E member : added) {
      changed = put(changed, key.apply(member), member);
    }
    return with(changed);
  }

  private KeyedTree<K, E> rebuilt(Collection<? extends K> removed, Collection<? extends E> added) {
    Set<K> gone = new HashSet<>(removed);
    List<E> all = new ArrayList<>(size() + added.size());
    for (E member : this) {
      if (gone.isEmpty() || !gone.contains(key.apply(member))) {
        all.add(member);
      }
    }
    all.addAll(added);
    return of(key, all);
  }

  private Tree<E> put(Tree<E> tree, K place, E member) {
    return switch (tree) {
      case Tree.Leaf<E> leaf -> Tree.fork(member, leaf, leaf);
      case Tree.Fork<E>(E here, Tree<E> lower, Tree<E> higher, int ignored) -> {
        int order = place.compareTo(key.apply(here));
        if (order == 0) {
          yield Tree.fork(member, lower, higher);
        }
        yield order < 0
            ? Tree.balanced(here, put(lower, place, member), higher)
            : Tree.balanced(here, lower, put(higher, place, member));
      }
    };
  }

  private Tree<E> remove(Tree<E> tree, K gone) {
    return switch (tree) {
      case Tree.Leaf<E> leaf -> leaf;
      case Tree.Fork<E>(E here, Tree<E> lower, Tree<E> higher, int ignored) -> {
        int order = gone.compareTo(key.apply(here));
        if (order == 0) {
          yield Tree.joined(lower, higher);
        }
        yield order < 0
            ? Tree.balanced(here, remove(lower, gone), higher)
            : Tree.balanced(here, lower, remove(higher, gone));
      }
    };
  }

  /** The member of a key. */
  public Optional<E> find(K wanted) {
    Tree<E> tree = root;
    while (tree instanceof Tree.Fork<E> fork) {
      int order = wanted.compareTo(key.apply(fork.member()));
      if (order == 0) {
        return Optional.of(fork.member());
      }
      tree = order < 0 ? fork.lower() : fork.higher();
    }
    return Optional.empty();
  }

  /** The member before all others. */
  public Optional<E> first() {
    return root instanceof Tree.Fork<E> fork ? Optional.of(Tree.first(fork)) : Optional.empty();
  }

  /** The member behind all others. */
  public Optional<E> last() {
    return root instanceof Tree.Fork<E> fork ? Optional.of(Tree.last(fork)) : Optional.empty();
  }

  /** How many there are. */
  public int size() {
    return root.size();
  }

  /** Whether there are none. */
  public boolean isEmpty() {
    return size() == 0;
  }

  /** In the order of their keys. */
  @Override
  public Iterator<E> iterator() {
    return TreeWalk.all(root);
  }

  /** In the order of their keys, from a key on, which is found in a few steps. */
  public Iterator<E> from(K first) {
    return TreeWalk.from(root, member -> first.compareTo(key.apply(member)));
  }

  /** For a look at its shape. */
  Tree<E> root() {
    return root;
  }

  K keyOf(E member) {
    return key.apply(member);
  }

  /**
   * Where another differs, in the order of keys. What both have in common is not looked at.
   *
   * @param next ordered by the same keys
   */
  public Iterable<Difference<E>> differencesTo(KeyedTree<K, E> next) {
    return () -> new Differences<>(order(key), root, next.root);
  }

  /** Whether the other, which is ordered by keys of the same kind, has equal members. */
  @Override
  public boolean equals(@Nullable Object other) {
    if (!(other instanceof KeyedTree<?, ?> tree) || tree.size() != size()) {
      return false;
    }
    // Keys of another kind show as soon as they are compared.
    @SuppressWarnings("unchecked")
    KeyedTree<K, E> alike = (KeyedTree<K, E>) tree;
    try {
      return !differencesTo(alike).iterator().hasNext();
    } catch (ClassCastException ofAnotherKind) {
      return false;
    }
  }

  @Override
  public int hashCode() {
    int hash = 1;
    for (E member : this) {
      hash = 31 * hash + requireNonNull(member).hashCode();
    }
    return hash;
  }

  @Override
  public String toString() {
    List<E> all = new ArrayList<>(size());
    forEach(all::add);
    return all.toString();
  }
}
