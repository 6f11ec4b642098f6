package io.egressgateway.core.model;

import java.math.BigInteger;
import java.util.Optional;

/**
 * One IP address of either family, without zone.
 *
 * <p>Order: every IPv4 address before every IPv6 address, inside a family by unsigned number. An
 * IPv4-mapped IPv6 address ({@code ::ffff:10.0.0.1}) is an IPv6 address and equals no IPv4 address.
 */
public sealed interface IpAddress extends Comparable<IpAddress> permits Ipv4Address, Ipv6Address {

  /**
   * Reads the text form strictly: four decimal octets without leading zeros, or RFC 4291 section
   * 2.2 without a zone. Surrounding space is not accepted.
   */
  static Optional<IpAddress> parse(String text) {
    return text.indexOf(':') >= 0
        ? Ipv6Address.parse(text).map(address -> address)
        : Ipv4Address.parse(text).map(address -> address);
  }

  /**
   * As {@link #parse}.
   *
   * @throws IllegalArgumentException naming the text when it is not an address
   */
  static IpAddress of(String text) {
    return parse(text)
        .orElseThrow(() -> new IllegalArgumentException("'" + text + "' is not an IP address"));
  }

  /**
   * Reads network byte order.
   *
   * @throws IllegalArgumentException unless there are 4 or 16 bytes
   */
  static IpAddress fromBytes(byte[] bytes) {
    return switch (bytes.length) {
      case 4 -> Ipv4Address.fromBytes(bytes);
      case 16 -> Ipv6Address.fromBytes(bytes);
      default ->
          throw new IllegalArgumentException(
              "an IP address has 4 or 16 bytes, not " + bytes.length);
    };
  }

  /**
   * Inverse of {@link #toBigInteger}.
   *
   * @throws IllegalArgumentException when the number lies outside the family
   */
  static IpAddress fromBigInteger(IpFamily family, BigInteger number) {
    if (number.signum() < 0 || number.bitLength() > family.bits()) {
      throw new IllegalArgumentException(number + " is outside " + family);
    }
    return switch (family) {
      case IPV4 -> new Ipv4Address(number.intValue());
      case IPV6 -> new Ipv6Address(number.shiftRight(Long.SIZE).longValue(), number.longValue());
    };
  }

  IpFamily family();

  /** Network byte order, 4 or 16 bytes; the caller owns the array. */
  byte[] toBytes();

  /** The address as an unsigned number. */
  default BigInteger toBigInteger() {
    return new BigInteger(1, toBytes());
  }

  /** The address one above; empty after the family's highest. */
  Optional<IpAddress> next();

  /** The address one below; empty before the family's lowest. */
  Optional<IpAddress> previous();

  /** The address {@code distance} above (below when negative); empty outside the family. */
  default Optional<IpAddress> plus(BigInteger distance) {
    BigInteger sum = toBigInteger().add(distance);
    return sum.signum() < 0 || sum.bitLength() > family().bits()
        ? Optional.empty()
        : Optional.of(fromBigInteger(family(), sum));
  }

  /**
   * The lowest address of the block of this prefix length around this address: host bits cleared.
   *
   * @throws IllegalArgumentException when the length is outside 0 to the family's bits
   */
  IpAddress lowest(int prefixLength);

  /**
   * The highest address of the block of this prefix length around this address: host bits set.
   *
   * @throws IllegalArgumentException when the length is outside 0 to the family's bits
   */
  IpAddress highest(int prefixLength);

  /** How many of the low bits are zero, up to the family's bits: the alignment of the address. */
  int trailingZeros();

  /** {@code 127.0.0.0/8} or {@code ::1}. */
  boolean isLoopback();

  /** {@code 224.0.0.0/4} or {@code ff00::/8}. */
  boolean isMulticast();

  /** {@code 169.254.0.0/16} or {@code fe80::/10}. */
  boolean isLinkLocal();

  /** {@code 0.0.0.0} or {@code ::}. */
  boolean isUnspecified();

  @Override
  default int compareTo(IpAddress other) {
    // Sorted maps live on this: no pattern switch, which asks its bootstrap method each time.
    if (this instanceof Ipv4Address mine) {
      return other instanceof Ipv4Address theirs
          ? Integer.compareUnsigned(mine.bits(), theirs.bits())
          : -1;
    }
    return this instanceof Ipv6Address mine && other instanceof Ipv6Address theirs
        ? mine.compare(theirs)
        : 1;
  }

  /** Whether this address comes before the other in the order of addresses. */
  default boolean isBefore(IpAddress other) {
    return compareTo(other) < 0;
  }

  /** Whether this address comes after the other in the order of addresses. */
  default boolean isAfter(IpAddress other) {
    return compareTo(other) > 0;
  }
}
