package io.egressgateway.core.plan;

import java.util.Collection;
import java.util.Comparator;
import java.util.Iterator;
import java.util.Optional;

/** What differs between two sorted collections, in one walk along both. */
interface SideBySide<T> {

  /** Only the first has it. */
  void gone(T member);

  /** Only the second has it. */
  void come(T member);

  /** Both have members at this place of the order. */
  void met(T before, T after);

  /**
   * Walks.
   *
   * @param base sorted by {@code order}, as {@code next} is; in neither two members are equal by it
   */
  static <T> void walk(
      Collection<T> base, Collection<T> next, Comparator<T> order, SideBySide<T> visitor) {
    Iterator<T> olds = base.iterator();
    Iterator<T> news = next.iterator();
    Optional<T> old = following(olds);
    Optional<T> fresh = following(news);
    while (old.isPresent() || fresh.isPresent()) {
      int place = compare(old, fresh, order);
      if (place < 0) {
        visitor.gone(old.orElseThrow());
      } else if (place > 0) {
        visitor.come(fresh.orElseThrow());
      } else {
        visitor.met(old.orElseThrow(), fresh.orElseThrow());
      }
      old = place <= 0 ? following(olds) : old;
      fresh = place >= 0 ? following(news) : fresh;
    }
  }

  /** The end comes behind everything. */
  private static <T> int compare(Optional<T> old, Optional<T> fresh, Comparator<T> order) {
    if (old.isEmpty() || fresh.isEmpty()) {
      return old.isPresent() ? -1 : 1;
    }
    return order.compare(old.get(), fresh.get());
  }

  private static <T> Optional<T> following(Iterator<T> members) {
    return members.hasNext() ? Optional.of(members.next()) : Optional.empty();
  }
}
