package io.egressgateway.core.collection;

import java.util.Collection;
import java.util.Optional;
import java.util.SortedSet;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/**
 * An immutable sorted set of which a changed copy costs a few steps.
 *
 * @param <T> neither null nor changed while it is here
 */
public final class PersistentSet<T extends Comparable<? super T>> extends SortedKeys<T, T> {
  private final KeyedTree<T, T> tree;

  private PersistentSet(KeyedTree<T, T> tree) {
    super(tree, Optional.empty());
    this.tree = tree;
  }

  /** The same members; at no cost if it is such a set. */
  public static <T extends Comparable<? super T>> PersistentSet<T> copyOf(SortedSet<T> set) {
    return set instanceof PersistentSet<T> persistent
        ? persistent
        : new PersistentSet<>(KeyedTree.of(Function.identity(), set));
  }

  /** First some members go, then others come. */
  public PersistentSet<T> changed(Collection<T> removed, Collection<T> added) {
    return new PersistentSet<>(tree.changed(removed, added));
  }

  /** Where another differs; what both have in common is not looked at. */
  public Iterable<Difference<T>> differencesTo(PersistentSet<T> next) {
    return tree.differencesTo(next.tree);
  }

  @Override
  public boolean equals(@Nullable Object other) {
    return other instanceof PersistentSet<?> set ? tree.equals(set.tree) : super.equals(other);
  }

  @Override
  public int hashCode() {
    return super.hashCode();
  }
}
