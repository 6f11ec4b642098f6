package io.egressgateway.core.model;

import java.util.Optional;

/**
 * An IPv6 address without zone; every pair of values is an address.
 *
 * @param high the first 64 bits in network order
 * @param low the last 64 bits in network order
 */
public record Ipv6Address(long high, long low) implements IpAddress {

  private static final int BYTES = 16;
  private static final long MAPPED_PREFIX = 0xffffL;

  /** Reads RFC 4291 section 2.2, a dotted quad in the last 32 bits included; no zone. */
  public static Optional<Ipv6Address> parse(String text) {
    return Ipv6Text.parse(text);
  }

  /**
   * As {@link #parse}.
   *
   * @throws IllegalArgumentException naming the text when it is not an IPv6 address
   */
  public static Ipv6Address of(String text) {
    return parse(text)
        .orElseThrow(() -> new IllegalArgumentException("'" + text + "' is not an IPv6 address"));
  }

  /**
   * Reads network byte order.
   *
   * @throws IllegalArgumentException unless there are 16 bytes
   */
  public static Ipv6Address fromBytes(byte[] bytes) {
    if (bytes.length != BYTES) {
      throw new IllegalArgumentException("an IPv6 address has 16 bytes, not " + bytes.length);
    }
    return new Ipv6Address(longAt(bytes, 0), longAt(bytes, Long.BYTES));
  }

  private static long longAt(byte[] bytes, int offset) {
    long value = 0;
    for (int i = offset; i < offset + Long.BYTES; i++) {
      value = value << Byte.SIZE | Byte.toUnsignedLong(bytes[i]);
    }
    return value;
  }

  @Override
  public IpFamily family() {
    return IpFamily.IPV6;
  }

  @Override
  public byte[] toBytes() {
    byte[] bytes = new byte[BYTES];
    for (int i = 0; i < Long.BYTES; i++) {
      int shift = Long.SIZE - Byte.SIZE * (i + 1);
      bytes[i] = (byte) (high >>> shift);
      bytes[i + Long.BYTES] = (byte) (low >>> shift);
    }
    return bytes;
  }

  int compare(Ipv6Address other) {
    int byHigh = Long.compareUnsigned(high, other.high);
    return byHigh != 0 ? byHigh : Long.compareUnsigned(low, other.low);
  }

  @Override
  public Optional<IpAddress> next() {
    if (low != -1) {
      return Optional.of(new Ipv6Address(high, low + 1));
    }
    return high == -1 ? Optional.empty() : Optional.of(new Ipv6Address(high + 1, 0));
  }

  @Override
  public Optional<IpAddress> previous() {
    if (low != 0) {
      return Optional.of(new Ipv6Address(high, low - 1));
    }
    return high == 0 ? Optional.empty() : Optional.of(new Ipv6Address(high - 1, -1));
  }

  @Override
  public Ipv6Address lowest(int prefixLength) {
    return new Ipv6Address(high & ~highHostMask(prefixLength), low & ~lowHostMask(prefixLength));
  }

  @Override
  public Ipv6Address highest(int prefixLength) {
    return new Ipv6Address(high | highHostMask(prefixLength), low | lowHostMask(prefixLength));
  }

  private static long highHostMask(int prefixLength) {
    Prefixes.check(IpFamily.IPV6, prefixLength);
    return prefixLength >= Long.SIZE ? 0 : -1L >>> prefixLength;
  }

  private static long lowHostMask(int prefixLength) {
    if (prefixLength <= Long.SIZE) {
      return -1L;
    }
    return prefixLength == 2 * Long.SIZE ? 0 : -1L >>> (prefixLength - Long.SIZE);
  }

  @Override
  public int trailingZeros() {
    return low == 0
        ? Long.SIZE + Long.numberOfTrailingZeros(high)
        : Long.numberOfTrailingZeros(low);
  }

  @Override
  public boolean isLoopback() {
    return high == 0 && low == 1;
  }

  @Override
  public boolean isMulticast() {
    return high >>> 56 == 0xff;
  }

  @Override
  public boolean isLinkLocal() {
    return high >>> 54 == 0xfe80 >>> 6;
  }

  @Override
  public boolean isUnspecified() {
    return high == 0 && low == 0;
  }

  /** Whether the address is in {@code ::ffff:0:0/96}. */
  public boolean isIpv4Mapped() {
    return high == 0 && low >>> Integer.SIZE == MAPPED_PREFIX;
  }

  /** RFC 5952: lower case, the first longest run of zeros cut, IPv4-mapped with a dotted quad. */
  @Override
  public String toString() {
    return Ipv6Text.format(this);
  }
}
