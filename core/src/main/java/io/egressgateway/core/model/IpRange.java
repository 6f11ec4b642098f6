package io.egressgateway.core.model;

import java.math.BigInteger;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;

/**
 * Consecutive addresses of one family, both ends included; never expanded, so a /64 costs nothing.
 *
 * <p>Order: by first address, then by last.
 */
public record IpRange(IpAddress first, IpAddress last) implements Comparable<IpRange> {

  private static final Comparator<IpRange> ORDER =
      Comparator.comparing(IpRange::first).thenComparing(IpRange::last);

  /**
   * Checks that the ends belong together.
   *
   * @throws IllegalArgumentException when the families differ or the first address is above the
   *     last; the message says which and names both
   */
  public IpRange {
    if (first.family() != last.family()) {
      throw new IllegalArgumentException(
          "mixed families: "
              + first
              + " is "
              + first.family()
              + ", "
              + last
              + " is "
              + last.family());
    }
    if (first.isAfter(last)) {
      throw new IllegalArgumentException(
          "reversed range: " + first + " is above " + last + "; write the lower address first");
    }
  }

  /** The range of this one address. */
  public static IpRange single(IpAddress address) {
    return new IpRange(address, address);
  }

  public IpFamily family() {
    return first.family();
  }

  public boolean contains(IpAddress address) {
    return address.family() == family() && !address.isBefore(first) && !address.isAfter(last);
  }

  /** Whether every address of the other range is in this one. */
  public boolean contains(IpRange other) {
    return contains(other.first) && contains(other.last);
  }

  public boolean overlaps(IpRange other) {
    return intersection(other).isPresent();
  }

  /** The addresses that both ranges have. */
  public Optional<IpRange> intersection(IpRange other) {
    IpAddress low = first.isAfter(other.first) ? first : other.first;
    IpAddress high = last.isBefore(other.last) ? last : other.last;
    return family() == other.family() && !low.isAfter(high)
        ? Optional.of(new IpRange(low, high))
        : Optional.empty();
  }

  /** Number of addresses, at least one. */
  public BigInteger size() {
    return last.toBigInteger().subtract(first.toBigInteger()).add(BigInteger.ONE);
  }

  /** The fewest blocks that together are exactly this range, in order; at most 2 × bits − 2. */
  public List<Cidr> toCidrs() {
    List<Cidr> cidrs = new ArrayList<>();
    Optional<IpAddress> start = Optional.of(first);
    while (start.isPresent() && !start.get().isAfter(last)) {
      Cidr block = largestBlockAt(start.get());
      cidrs.add(block);
      start = block.last().next();
    }
    return List.copyOf(cidrs);
  }

  private Cidr largestBlockAt(IpAddress start) {
    int prefixLength = family().bits() - start.trailingZeros();
    while (start.highest(prefixLength).isAfter(last)) {
      prefixLength++;
    }
    return new Cidr(start, prefixLength);
  }

  @Override
  public int compareTo(IpRange other) {
    return ORDER.compare(this, other);
  }

  /** {@code first-last}, or the address alone when there is one. */
  @Override
  public String toString() {
    return first.equals(last) ? first.toString() : first + "-" + last;
  }
}
