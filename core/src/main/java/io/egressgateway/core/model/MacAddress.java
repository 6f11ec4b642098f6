package io.egressgateway.core.model;

import java.util.HexFormat;
import java.util.Optional;

/**
 * A 48-bit Ethernet address; ordered as an unsigned number.
 *
 * @param bits the address in the low 48 bits, first octet highest
 */
public record MacAddress(long bits) implements Comparable<MacAddress> {

  private static final int OCTETS = 6;
  private static final int OCTET_TEXT = 3;
  private static final int TEXT_LENGTH = OCTETS * OCTET_TEXT - 1;
  private static final HexFormat COLONS = HexFormat.ofDelimiter(":");

  /**
   * Checks the width.
   *
   * @throws IllegalArgumentException when a bit above the low 48 is set
   */
  public MacAddress {
    if (bits >>> (Byte.SIZE * OCTETS) != 0) {
      throw new IllegalArgumentException(
          "a MAC address has 48 bits; 0x" + Long.toHexString(bits) + " has more");
    }
  }

  /** Reads six pairs of hexadecimal digits between colons, either case. */
  public static Optional<MacAddress> parse(String text) {
    if (text.length() != TEXT_LENGTH) {
      return Optional.empty();
    }
    long bits = 0;
    for (int i = 0; i < TEXT_LENGTH; i++) {
      char c = text.charAt(i);
      if (i % OCTET_TEXT == OCTET_TEXT - 1) {
        if (c != ':') {
          return Optional.empty();
        }
      } else if (HexFormat.isHexDigit(c)) {
        bits = bits << 4 | HexFormat.fromHexDigit(c);
      } else {
        return Optional.empty();
      }
    }
    return Optional.of(new MacAddress(bits));
  }

  /**
   * As {@link #parse}.
   *
   * @throws IllegalArgumentException naming the text when it is not a MAC address
   */
  public static MacAddress of(String text) {
    return parse(text)
        .orElseThrow(
            () ->
                new IllegalArgumentException(
                    "'" + text + "' is not a MAC address; write it as 66:00:0a:0b:0c:0d"));
  }

  /**
   * Reads transmission order.
   *
   * @throws IllegalArgumentException unless there are 6 bytes
   */
  public static MacAddress fromBytes(byte[] bytes) {
    if (bytes.length != OCTETS) {
      throw new IllegalArgumentException("a MAC address has 6 bytes, not " + bytes.length);
    }
    long bits = 0;
    for (byte octet : bytes) {
      bits = bits << Byte.SIZE | Byte.toUnsignedLong(octet);
    }
    return new MacAddress(bits);
  }

  /** Transmission order, 6 bytes; the caller owns the array. */
  public byte[] toBytes() {
    byte[] bytes = new byte[OCTETS];
    for (int i = 0; i < OCTETS; i++) {
      bytes[i] = (byte) (bits >>> (Byte.SIZE * (OCTETS - 1 - i)));
    }
    return bytes;
  }

  @Override
  public int compareTo(MacAddress other) {
    return Long.compare(bits, other.bits);
  }

  /** Lower case with colons. */
  @Override
  public String toString() {
    return COLONS.formatHex(toBytes());
  }
}
