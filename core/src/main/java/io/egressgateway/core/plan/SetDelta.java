package io.egressgateway.core.plan;

import io.egressgateway.core.collection.Difference;
import io.egressgateway.core.collection.PersistentSet;
import java.util.Collections;
import java.util.SortedSet;
import java.util.TreeSet;

/**
 * The way from one set to another.
 *
 * @param add members to add
 * @param remove members to remove; none of them is also added
 */
public record SetDelta<T extends Comparable<? super T>>(SortedSet<T> add, SortedSet<T> remove) {

  /**
   * A delta; its members are copied.
   *
   * @throws IllegalArgumentException when a member is both added and removed
   */
  public SetDelta {
    add = Collections.unmodifiableSortedSet(new TreeSet<>(add));
    remove = Collections.unmodifiableSortedSet(new TreeSet<>(remove));
    for (T member : remove) {
      if (add.contains(member)) {
        throw new IllegalArgumentException(member + " is both added and removed");
      }
    }
  }

  /** The least change that makes {@code next} of {@code base}. */
  public static <T extends Comparable<? super T>> SetDelta<T> between(
      SortedSet<T> base, SortedSet<T> next) {
    SortedSet<T> add = new TreeSet<>();
    SortedSet<T> remove = new TreeSet<>();
    for (Difference<T> difference :
        PersistentSet.copyOf(base).differencesTo(PersistentSet.copyOf(next))) {
      difference.before().ifPresent(remove::add);
      difference.after().ifPresent(add::add);
    }
    return new SetDelta<>(add, remove);
  }

  /** Removing a member that is not there, or adding one that is, changes nothing. */
  public SortedSet<T> applyTo(SortedSet<T> base) {
    return isEmpty() ? base : PersistentSet.copyOf(base).changed(remove, add);
  }

  public boolean isEmpty() {
    return add.isEmpty() && remove.isEmpty();
  }
}
