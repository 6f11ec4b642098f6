package io.egressgateway.policy.plan;

import io.egressgateway.core.model.ClassNumber;
import io.egressgateway.core.model.PolicyKey;
import java.util.Collection;
import java.util.Collections;
import java.util.Comparator;
import java.util.Iterator;
import java.util.SortedMap;
import java.util.SortedSet;
import java.util.TreeMap;
import java.util.TreeSet;

/**
 * The number of each set of policies that selects some pod of a node. A set keeps its number as
 * long as some pod has it, so that neither a pod nor a policy that changes renumbers another pod.
 */
public record ClassTable(SortedMap<SortedSet<PolicyKey>, ClassNumber> numbers) {

  private static final Comparator<SortedSet<PolicyKey>> ORDER = ClassTable::compare;

  public ClassTable {
    TreeMap<SortedSet<PolicyKey>, ClassNumber> copy = new TreeMap<>(ORDER);
    copy.putAll(numbers);
    numbers = Collections.unmodifiableSortedMap(copy);
  }

  /** No set has a number. */
  public static ClassTable empty() {
    return new ClassTable(Collections.emptySortedMap());
  }

  /**
   * The table of exactly these sets: those that had a number keep it, the others get the lowest
   * that are free, in the order of the sets.
   *
   * @throws IllegalArgumentException when there are more sets than numbers
   */
  public ClassTable of(Collection<SortedSet<PolicyKey>> sets) {
    TreeMap<SortedSet<PolicyKey>, ClassNumber> next = new TreeMap<>(ORDER);
    TreeSet<SortedSet<PolicyKey>> fresh = new TreeSet<>(ORDER);
    TreeSet<ClassNumber> used = new TreeSet<>();
    for (SortedSet<PolicyKey> set : sets) {
      ClassNumber number = numbers.get(set);
      if (number == null) {
        fresh.add(set);
      } else {
        next.put(set, number);
        used.add(number);
      }
    }
    int candidate = 1;
    for (SortedSet<PolicyKey> set : fresh) {
      while (used.contains(new ClassNumber(candidate))) {
        candidate++;
      }
      next.put(set, new ClassNumber(candidate));
      candidate++;
    }
    return new ClassTable(next);
  }

  private static int compare(SortedSet<PolicyKey> one, SortedSet<PolicyKey> other) {
    Iterator<PolicyKey> left = one.iterator();
    Iterator<PolicyKey> right = other.iterator();
    while (left.hasNext() && right.hasNext()) {
      int order = left.next().compareTo(right.next());
      if (order != 0) {
        return order;
      }
    }
    return Boolean.compare(left.hasNext(), right.hasNext());
  }
}
