package io.egressgateway.core.collection;

import java.util.AbstractSet;
import java.util.Collection;
import java.util.Collections;
import java.util.Comparator;
import java.util.Iterator;
import java.util.List;
import java.util.SortedSet;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;

/**
 * An immutable sorted set that takes little: a few bytes for each member, where a tree takes forty,
 * and forty for one that has a single member, where a tree takes a hundred and forty.
 *
 * @param <T> neither null nor changed while it is here
 */
public final class CompactSet<T extends Comparable<? super T>> extends AbstractSet<T>
    implements SortedSet<T> {

  /** In their natural order. */
  private final List<T> members;

  private CompactSet(List<T> members) {
    this.members = members;
  }

  /** The same members; at no cost if it is such a set. */
  public static <T extends Comparable<? super T>> CompactSet<T> copyOf(
      Collection<? extends T> members) {
    if (members instanceof CompactSet<?>) {
      // Nothing can be put into it, so that a set of a kind of members is one of members.
      @SuppressWarnings("unchecked")
      CompactSet<T> same = (CompactSet<T>) members;
      return same;
    }
    // Not the copy constructor: from a SortedSet it would take over a foreign order.
    TreeSet<T> sorted = new TreeSet<>();
    sorted.addAll(members);
    return new CompactSet<>(List.copyOf(sorted));
  }

  @Override
  public Iterator<T> iterator() {
    return members.iterator();
  }

  @Override
  public int size() {
    return members.size();
  }

  @Override
  public boolean contains(Object member) {
    // As with any sorted set: who asks for a member of another kind has made a mistake.
    @SuppressWarnings("unchecked")
    T wanted = (T) member;
    return Collections.binarySearch(members, wanted) >= 0;
  }

  @Override
  public @Nullable Comparator<? super T> comparator() {
    return null;
  }

  @Override
  public SortedSet<T> subSet(T first, T to) {
    if (first.compareTo(to) > 0) {
      throw new IllegalArgumentException(first + " comes behind " + to);
    }
    return new CompactSet<>(members.subList(place(first), place(to)));
  }

  @Override
  public SortedSet<T> headSet(T to) {
    return new CompactSet<>(members.subList(0, place(to)));
  }

  @Override
  public SortedSet<T> tailSet(T first) {
    return new CompactSet<>(members.subList(place(first), members.size()));
  }

  /** Where the member is, or would be. */
  private int place(T member) {
    int found = Collections.binarySearch(members, member);
    return found >= 0 ? found : -found - 1;
  }

  @Override
  public T first() {
    return members.getFirst();
  }

  @Override
  public T last() {
    return members.getLast();
  }

  @Override
  public boolean equals(@Nullable Object other) {
    return other instanceof CompactSet<?> set ? members.equals(set.members) : super.equals(other);
  }

  @Override
  public int hashCode() {
    return super.hashCode();
  }
}
