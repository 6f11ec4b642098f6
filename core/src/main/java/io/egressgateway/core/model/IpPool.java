package io.egressgateway.core.model;

import java.math.BigInteger;
import java.util.Collection;
import java.util.List;
import java.util.Optional;
import java.util.SortedSet;

/**
 * The addresses of one family that a gateway may hand out, kept as ranges and never expanded: every
 * question costs time in the ranges and the addresses taken, not in the size of the pool. Pools of
 * the same addresses are equal.
 *
 * @param family the family of every address, also of an empty pool
 * @param ranges disjoint; the component is sorted, and ranges that follow each other without a gap
 *     are joined
 */
public record IpPool(IpFamily family, List<IpRange> ranges) {

  /**
   * Joins ranges that follow each other.
   *
   * @throws IllegalArgumentException when a range is of the other family or two ranges overlap; the
   *     message names them. Ask {@link #overlap} first where a user wrote the ranges.
   */
  public IpPool {
    for (IpRange range : ranges) {
      if (range.family() != family) {
        throw new IllegalArgumentException(range + " is not " + family);
      }
    }
    overlap(ranges)
        .ifPresent(
            overlap -> {
              throw new IllegalArgumentException(overlap.toString());
            });
    ranges = DisjointRanges.normalize(ranges);
  }

  public static IpPool of(IpFamily family, Collection<IpRange> ranges) {
    return new IpPool(family, List.copyOf(ranges));
  }

  public static IpPool empty(IpFamily family) {
    return new IpPool(family, List.of());
  }

  /** The lowest two of the ranges that share an address; a repeated range overlaps itself. */
  public static Optional<Overlap> overlap(Collection<IpRange> ranges) {
    List<IpRange> sorted = ranges.stream().sorted().toList();
    for (int i = 1; i < sorted.size(); i++) {
      // Sorted by start, so if any two overlap, then some two neighbours do.
      if (sorted.get(i - 1).overlaps(sorted.get(i))) {
        return Optional.of(new Overlap(sorted.get(i - 1), sorted.get(i)));
      }
    }
    return Optional.empty();
  }

  public boolean isEmpty() {
    return ranges.isEmpty();
  }

  /** Number of addresses, taken or not. */
  public BigInteger size() {
    return ranges.stream().map(IpRange::size).reduce(BigInteger.ZERO, BigInteger::add);
  }

  /** O(log ranges). */
  public boolean contains(IpAddress address) {
    return DisjointRanges.contains(ranges, address);
  }

  /**
   * The address at this place, counted from 0 over all ranges in order; O(ranges).
   *
   * @throws IndexOutOfBoundsException when the pool has no such place
   */
  public IpAddress at(BigInteger place) {
    BigInteger rest = place;
    for (IpRange range : ranges) {
      if (rest.signum() >= 0 && rest.compareTo(range.size()) < 0) {
        return range.first().plus(rest).orElseThrow();
      }
      rest = rest.subtract(range.size());
    }
    throw new IndexOutOfBoundsException("place " + place + " in a pool of " + size());
  }

  /** Inverse of {@link #at}; empty for a stranger. */
  public Optional<BigInteger> place(IpAddress address) {
    BigInteger before = BigInteger.ZERO;
    for (IpRange range : ranges) {
      if (range.contains(address)) {
        return Optional.of(
            before.add(address.toBigInteger()).subtract(range.first().toBigInteger()));
      }
      before = before.add(range.size());
    }
    return Optional.empty();
  }

  /**
   * The lowest address that isn't taken.
   *
   * @param taken in natural order; may hold addresses outside the pool, which count for nothing
   */
  public Optional<IpAddress> firstFree(SortedSet<IpAddress> taken) {
    return ranges.stream().flatMap(range -> firstFree(range, taken).stream()).findFirst();
  }

  /**
   * The first address above {@code after} that isn't taken, going round from the pool's end to its
   * start; {@code after} itself comes last. It need not be in the pool.
   *
   * @param taken as in {@link #firstFree(SortedSet)}
   */
  public Optional<IpAddress> nextFree(IpAddress after, SortedSet<IpAddress> taken) {
    return ranges.stream()
        .flatMap(range -> above(range, after).stream())
        .flatMap(range -> firstFree(range, taken).stream())
        .findFirst()
        .or(() -> firstFree(taken));
  }

  private static Optional<IpRange> above(IpRange range, IpAddress after) {
    if (range.first().isAfter(after)) {
      return Optional.of(range);
    }
    return after.isBefore(range.last())
        ? after.next().map(start -> new IpRange(start, range.last()))
        : Optional.empty();
  }

  private static Optional<IpAddress> firstFree(IpRange range, SortedSet<IpAddress> taken) {
    IpAddress candidate = range.first();
    for (IpAddress next : taken.tailSet(candidate)) {
      if (!next.equals(candidate)) {
        break;
      }
      if (candidate.equals(range.last())) {
        return Optional.empty();
      }
      candidate = candidate.next().orElseThrow();
    }
    return Optional.of(candidate);
  }

  /**
   * How many addresses aren't taken; as in {@link #firstFree(SortedSet)}, strangers don't count.
   */
  public BigInteger free(SortedSet<IpAddress> taken) {
    return size().subtract(BigInteger.valueOf(taken.stream().filter(this::contains).count()));
  }

  /** The lowest addresses that the pools share, as far as they go together. */
  public Optional<IpRange> intersects(IpPool other) {
    return DisjointRanges.firstCommon(ranges, other.ranges);
  }

  /** The addresses of this pool that the other lacks. */
  public IpPool without(IpPool other) {
    return new IpPool(family, DisjointRanges.subtract(ranges, other.ranges));
  }

  /** The ranges in order, as {@code [10.6.1.21-10.6.1.30]}. */
  @Override
  public String toString() {
    return ranges.toString();
  }
}
