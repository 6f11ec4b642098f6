package io.egressgateway.core.plan;

import java.util.Collections;
import java.util.Comparator;
import java.util.NavigableSet;
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
    SideBySide.walk(
        base,
        next,
        Comparator.naturalOrder(),
        new SideBySide<>() {
          @Override
          public void gone(T member) {
            remove.add(member);
          }

          @Override
          public void come(T member) {
            add.add(member);
          }

          @Override
          public void met(T before, T after) {
            // A member has nothing but its place.
          }
        });
    return new SetDelta<>(add, remove);
  }

  /** Removing a member that is not there, or adding one that is, changes nothing. */
  public SortedSet<T> applyTo(SortedSet<T> base) {
    NavigableSet<T> result = new TreeSet<>(base);
    remove.forEach(result::remove);
    result.addAll(add);
    return result;
  }

  public boolean isEmpty() {
    return add.isEmpty() && remove.isEmpty();
  }
}
