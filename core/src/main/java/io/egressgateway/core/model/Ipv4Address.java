package io.egressgateway.core.model;

import java.util.Optional;

/**
 * An IPv4 address.
 *
 * @param bits the address in network order: {@code 10.0.0.1} is {@code 0x0a000001}; every value is
 *     an address
 */
public record Ipv4Address(int bits) implements IpAddress {

  private static final int TEXT_LENGTH_MAX = "255.255.255.255".length();
  private static final int OCTETS = 4;
  private static final int OCTET_DIGITS_MAX = 3;
  private static final int OCTET_MAX = 255;

  /** Reads four decimal octets; {@code 010.0.0.1} is refused, as it would be octal elsewhere. */
  public static Optional<Ipv4Address> parse(String text) {
    if (text.length() > TEXT_LENGTH_MAX) {
      return Optional.empty();
    }
    int bits = 0;
    int start = 0;
    for (int octet = 1; octet <= OCTETS; octet++) {
      int end = octet == OCTETS ? text.length() : text.indexOf('.', start);
      int value = end < 0 ? -1 : octet(text, start, end);
      if (value < 0) {
        return Optional.empty();
      }
      bits = bits << Byte.SIZE | value;
      start = end + 1;
    }
    return Optional.of(new Ipv4Address(bits));
  }

  /**
   * As {@link #parse}.
   *
   * @throws IllegalArgumentException naming the text when it is not an IPv4 address
   */
  public static Ipv4Address of(String text) {
    return parse(text)
        .orElseThrow(() -> new IllegalArgumentException("'" + text + "' is not an IPv4 address"));
  }

  /**
   * Reads network byte order.
   *
   * @throws IllegalArgumentException unless there are 4 bytes
   */
  public static Ipv4Address fromBytes(byte[] bytes) {
    if (bytes.length != OCTETS) {
      throw new IllegalArgumentException("an IPv4 address has 4 bytes, not " + bytes.length);
    }
    int bits = 0;
    for (byte octet : bytes) {
      bits = bits << Byte.SIZE | Byte.toUnsignedInt(octet);
    }
    return new Ipv4Address(bits);
  }

  // -1 stands for "no octet" inside this file only: an Optional per octet would be the hot path's
  // main cost when a hundred thousand pod addresses are read.
  private static int octet(String text, int start, int end) {
    int digits = end - start;
    if (digits < 1 || digits > OCTET_DIGITS_MAX || (digits > 1 && text.charAt(start) == '0')) {
      return -1;
    }
    int value = 0;
    for (int i = start; i < end; i++) {
      char digit = text.charAt(i);
      if (digit < '0' || digit > '9') {
        return -1;
      }
      value = value * 10 + (digit - '0');
    }
    return value > OCTET_MAX ? -1 : value;
  }

  @Override
  public IpFamily family() {
    return IpFamily.IPV4;
  }

  @Override
  public byte[] toBytes() {
    return new byte[] {
      (byte) (bits >>> 24), (byte) (bits >>> 16), (byte) (bits >>> 8), (byte) bits
    };
  }

  @Override
  public Optional<IpAddress> next() {
    return bits == -1 ? Optional.empty() : Optional.of(new Ipv4Address(bits + 1));
  }

  @Override
  public Optional<IpAddress> previous() {
    return bits == 0 ? Optional.empty() : Optional.of(new Ipv4Address(bits - 1));
  }

  @Override
  public Ipv4Address lowest(int prefixLength) {
    return new Ipv4Address(bits & ~hostMask(prefixLength));
  }

  @Override
  public Ipv4Address highest(int prefixLength) {
    return new Ipv4Address(bits | hostMask(prefixLength));
  }

  private static int hostMask(int prefixLength) {
    Prefixes.check(IpFamily.IPV4, prefixLength);
    // Java shifts an int by the amount modulo 32, so a shift by 32 would change nothing.
    return prefixLength == Integer.SIZE ? 0 : -1 >>> prefixLength;
  }

  @Override
  public int trailingZeros() {
    return Integer.numberOfTrailingZeros(bits);
  }

  @Override
  public boolean isLoopback() {
    return bits >>> 24 == 127;
  }

  @Override
  public boolean isMulticast() {
    return bits >>> 28 == 0xe;
  }

  @Override
  public boolean isLinkLocal() {
    return bits >>> 16 == 0xa9fe;
  }

  @Override
  public boolean isUnspecified() {
    return bits == 0;
  }

  /** Dotted decimal. */
  @Override
  public String toString() {
    return (bits >>> 24)
        + "."
        + (bits >>> 16 & 0xff)
        + "."
        + (bits >>> 8 & 0xff)
        + "."
        + (bits & 0xff);
  }
}
