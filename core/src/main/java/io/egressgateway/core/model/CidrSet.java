package io.egressgateway.core.model;

import java.util.Collection;
import java.util.Collections;
import java.util.List;
import java.util.NavigableSet;
import java.util.Optional;
import java.util.TreeSet;

/**
 * A set of addresses of both families, held as the fewest disjoint blocks: sets of the same
 * addresses are equal, whatever blocks they were made of. The blocks suit an nftables interval set
 * as they are.
 *
 * @param cidrs any blocks; the component is sorted, disjoint, minimal and unmodifiable
 */
public record CidrSet(NavigableSet<Cidr> cidrs) {

  private static final CidrSet EMPTY = new CidrSet(new TreeSet<>());

  public CidrSet {
    cidrs = minimal(cidrs);
  }

  public static CidrSet of(Collection<Cidr> cidrs) {
    return new CidrSet(new TreeSet<>(cidrs));
  }

  public static CidrSet of(Cidr... cidrs) {
    return of(List.of(cidrs));
  }

  public static CidrSet empty() {
    return EMPTY;
  }

  private static CidrSet ofRanges(Collection<IpRange> ranges) {
    return new CidrSet(blocks(ranges));
  }

  private static NavigableSet<Cidr> minimal(Collection<Cidr> cidrs) {
    return Collections.unmodifiableNavigableSet(
        blocks(DisjointRanges.normalize(cidrs.stream().map(Cidr::range).toList())));
  }

  private static NavigableSet<Cidr> blocks(Collection<IpRange> ranges) {
    NavigableSet<Cidr> blocks = new TreeSet<>();
    ranges.forEach(range -> blocks.addAll(range.toCidrs()));
    return blocks;
  }

  /** The addresses that are in either set. */
  public CidrSet plus(CidrSet other) {
    NavigableSet<Cidr> both = new TreeSet<>(cidrs);
    both.addAll(other.cidrs);
    return new CidrSet(both);
  }

  public CidrSet plus(Cidr cidr) {
    return plus(of(cidr));
  }

  /** The addresses of this set that the other lacks. */
  public CidrSet minus(CidrSet other) {
    return ofRanges(DisjointRanges.subtract(ranges(), other.ranges()));
  }

  public CidrSet minus(Cidr cidr) {
    return minus(of(cidr));
  }

  /** The addresses of this set that are of the family. */
  public CidrSet only(IpFamily family) {
    return of(cidrs.stream().filter(cidr -> cidr.family() == family).toList());
  }

  public boolean contains(IpAddress address) {
    return contains(Cidr.ofAddress(address));
  }

  /** Whether every address of the block is in the set; O(log n). */
  public boolean contains(Cidr cidr) {
    // The blocks are minimal, so whatever contains a block is one of them and starts at or before.
    return Optional.ofNullable(cidrs.floor(cidr)).filter(found -> found.contains(cidr)).isPresent();
  }

  public boolean overlaps(CidrSet other) {
    return DisjointRanges.firstCommon(ranges(), other.ranges()).isPresent();
  }

  public boolean isEmpty() {
    return cidrs.isEmpty();
  }

  /** The same addresses as the fewest ranges, in order. */
  public List<IpRange> ranges() {
    return DisjointRanges.normalize(cidrs.stream().map(Cidr::range).toList());
  }

  /** The blocks in order, as {@code [10.0.0.0/8, 2001:db8::/32]}. */
  @Override
  public String toString() {
    return cidrs.toString();
  }
}
