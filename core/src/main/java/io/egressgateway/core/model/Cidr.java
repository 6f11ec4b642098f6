package io.egressgateway.core.model;

import java.math.BigInteger;
import java.util.Comparator;
import java.util.Optional;
import java.util.OptionalInt;

/**
 * A block of addresses. Host bits are cleared on construction: {@code 192.200.0.1/16} is the block
 * {@code 192.200.0.0/16}.
 *
 * <p>Order: by network address, then the larger block first.
 *
 * @param address the network address, which is the block's first
 * @param prefixLength 0 to the bits of the family
 */
public record Cidr(IpAddress address, int prefixLength) implements Comparable<Cidr> {

  private static final Comparator<Cidr> ORDER =
      Comparator.comparing(Cidr::address).thenComparingInt(Cidr::prefixLength);

  /**
   * Clears the host bits.
   *
   * @throws IllegalArgumentException when the prefix length is outside the family
   */
  public Cidr {
    address = address.lowest(prefixLength);
  }

  /** Reads {@code address/prefixLength}; a bare address is not a CIDR. */
  public static Optional<Cidr> parse(String text) {
    int slash = text.indexOf('/');
    return slash < 0
        ? Optional.empty()
        : IpAddress.parse(text.substring(0, slash))
            .flatMap(address -> withPrefix(address, text.substring(slash + 1)));
  }

  private static Optional<Cidr> withPrefix(IpAddress address, String prefixText) {
    OptionalInt prefixLength = Prefixes.parse(address.family(), prefixText);
    return prefixLength.isPresent()
        ? Optional.of(new Cidr(address, prefixLength.getAsInt()))
        : Optional.empty();
  }

  /** As {@link #parse}, and a bare address is the block of that one address. */
  public static Optional<Cidr> parseCidrOrAddress(String text) {
    return text.indexOf('/') < 0 ? IpAddress.parse(text).map(Cidr::ofAddress) : parse(text);
  }

  /**
   * As {@link #parse}.
   *
   * @throws IllegalArgumentException naming the text when it is not a CIDR
   */
  public static Cidr of(String text) {
    return parse(text)
        .orElseThrow(
            () ->
                new IllegalArgumentException(
                    "'" + text + "' is not a CIDR; write address/prefix-length"));
  }

  /** The block of this one address: /32 or /128. */
  public static Cidr ofAddress(IpAddress address) {
    return new Cidr(address, address.family().bits());
  }

  /** The block of the whole family: {@code 0.0.0.0/0} or {@code ::/0}. */
  public static Cidr everything(IpFamily family) {
    return new Cidr(IpAddress.fromBigInteger(family, BigInteger.ZERO), 0);
  }

  public IpFamily family() {
    return address.family();
  }

  public IpAddress first() {
    return address;
  }

  public IpAddress last() {
    return address.highest(prefixLength);
  }

  /** Number of addresses, network and broadcast address included. */
  public BigInteger size() {
    return BigInteger.ONE.shiftLeft(family().bits() - prefixLength);
  }

  /** Every address of the block. */
  public IpRange range() {
    return new IpRange(first(), last());
  }

  /**
   * The addresses a host may have: an IPv4 block of more than two loses its network and broadcast
   * address, every other block loses nothing.
   */
  public IpRange hosts() {
    return switch (address) {
      case Ipv4Address network when prefixLength < Integer.SIZE - 1 ->
          new IpRange(
              new Ipv4Address(network.bits() + 1),
              new Ipv4Address(network.highest(prefixLength).bits() - 1));
      case Ipv4Address ignored -> range();
      case Ipv6Address ignored -> range();
    };
  }

  public boolean contains(IpAddress candidate) {
    return candidate.family() == family() && candidate.lowest(prefixLength).equals(address);
  }

  /** Whether every address of the other block is in this one. */
  public boolean contains(Cidr other) {
    return other.prefixLength >= prefixLength && contains(other.address);
  }

  /** Whether the blocks share an address; of two blocks that do, one contains the other. */
  public boolean overlaps(Cidr other) {
    return contains(other) || other.contains(this);
  }

  @Override
  public int compareTo(Cidr other) {
    return ORDER.compare(this, other);
  }

  /** {@code address/prefixLength} in canonical form. */
  @Override
  public String toString() {
    return address + "/" + prefixLength;
  }
}
