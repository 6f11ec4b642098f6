package io.egressgateway.core.model;

import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Optional;

/**
 * Set arithmetic on ranges of both families. A list is <em>normal</em> when it is sorted, its
 * ranges share no address and none could be joined with the next; equal sets then have equal lists.
 */
final class DisjointRanges {

  private DisjointRanges() {}

  /** The normal list of the same addresses; O(n log n). */
  static List<IpRange> normalize(Collection<IpRange> ranges) {
    List<IpRange> normal = new ArrayList<>();
    for (IpRange range : ranges.stream().sorted().toList()) {
      if (!normal.isEmpty() && touches(normal.getLast(), range)) {
        IpRange previous = normal.removeLast();
        normal.add(
            previous.last().isBefore(range.last())
                ? new IpRange(previous.first(), range.last())
                : previous);
      } else {
        normal.add(range);
      }
    }
    return List.copyOf(normal);
  }

  /** Whether a range that starts no earlier overlaps the former or follows it without a gap. */
  private static boolean touches(IpRange former, IpRange latter) {
    return former.family() == latter.family()
        && former.last().next().map(successor -> !latter.first().isAfter(successor)).orElse(true);
  }

  /** Whether the normal list has the address; logarithmic. */
  static boolean contains(List<IpRange> ranges, IpAddress address) {
    int low = 0;
    int high = ranges.size();
    while (low < high) {
      int middle = (low + high) >>> 1;
      if (ranges.get(middle).last().isBefore(address)) {
        low = middle + 1;
      } else {
        high = middle;
      }
    }
    return low < ranges.size() && ranges.get(low).contains(address);
  }

  /** The addresses of the first normal list that the second lacks; normal, linear. */
  static List<IpRange> subtract(List<IpRange> from, List<IpRange> what) {
    List<IpRange> rest = new ArrayList<>();
    int next = 0;
    for (IpRange range : from) {
      while (next < what.size() && what.get(next).last().isBefore(range.first())) {
        next++;
      }
      Optional<IpRange> remaining = Optional.of(range);
      for (int i = next; remaining.isPresent() && i < what.size(); i++) {
        IpRange hole = what.get(i);
        if (hole.first().isAfter(range.last())) {
          break;
        }
        below(remaining.get(), hole).ifPresent(rest::add);
        remaining = above(remaining.get(), hole);
      }
      remaining.ifPresent(rest::add);
    }
    return List.copyOf(rest);
  }

  private static Optional<IpRange> below(IpRange range, IpRange hole) {
    return range.first().isBefore(hole.first())
        ? hole.first().previous().map(end -> new IpRange(range.first(), end))
        : Optional.empty();
  }

  private static Optional<IpRange> above(IpRange range, IpRange hole) {
    return range.last().isAfter(hole.last())
        ? hole.last().next().map(start -> new IpRange(start, range.last()))
        : Optional.empty();
  }

  /** The lowest addresses that both normal lists have, as far as they go together; linear. */
  static Optional<IpRange> firstCommon(List<IpRange> left, List<IpRange> right) {
    int l = 0;
    int r = 0;
    while (l < left.size() && r < right.size()) {
      Optional<IpRange> common = left.get(l).intersection(right.get(r));
      if (common.isPresent()) {
        return common;
      }
      if (left.get(l).last().isBefore(right.get(r).last())) {
        l++;
      } else {
        r++;
      }
    }
    return Optional.empty();
  }
}
