package io.egressgateway.node.netlink.wire;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.List;

/** An immutable run of bytes with value equality; ordered as unsigned bytes, shorter first. */
public final class Bytes implements Comparable<Bytes> {
  /** No bytes at all. */
  public static final Bytes EMPTY = new Bytes(new byte[0]);

  private final byte[] octets;

  private Bytes(byte[] octets) {
    this.octets = octets;
  }

  /** A copy of {@code octets}. */
  public static Bytes of(byte[] octets) {
    return octets.length == 0 ? EMPTY : new Bytes(octets.clone());
  }

  /** One byte, of which the low eight bits of {@code value} are taken. */
  public static Bytes u8(int value) {
    return new Bytes(new byte[] {(byte) value});
  }

  /** Two bytes in network order. */
  public static Bytes be16(int value) {
    return new Bytes(new byte[] {(byte) (value >>> 8), (byte) value});
  }

  /** Two bytes in the machine's order. */
  public static Bytes u16(int value) {
    ByteBuffer two = ByteBuffer.allocate(2).order(ByteOrder.nativeOrder());
    return new Bytes(two.putShort((short) value).array());
  }

  /** Four bytes in network order. */
  public static Bytes be32(int value) {
    return new Bytes(ByteBuffer.allocate(4).putInt(value).array());
  }

  /** Four bytes in the machine's order. */
  public static Bytes u32(int value) {
    ByteBuffer four = ByteBuffer.allocate(4).order(ByteOrder.nativeOrder());
    return new Bytes(four.putInt(value).array());
  }

  /** {@code length} zero bytes. */
  public static Bytes zeros(int length) {
    return new Bytes(new byte[length]);
  }

  /** The bytes that {@code hex} writes, two digits each; blanks between bytes are allowed. */
  public static Bytes parseHex(String hex) {
    return new Bytes(HexFormat.of().parseHex(hex.replaceAll("\\s", "")));
  }

  /** All of {@code parts}, one after the other. */
  public static Bytes concat(List<Bytes> parts) {
    ByteBuffer all = ByteBuffer.allocate(parts.stream().mapToInt(Bytes::length).sum());
    parts.forEach(part -> all.put(part.octets));
    return new Bytes(all.array());
  }

  /** Takes {@code length} bytes from {@code buffer}, which must hold as many. */
  static Bytes take(ByteBuffer buffer, int length) {
    if (length == 0) {
      return EMPTY;
    }
    byte[] taken = new byte[length];
    buffer.get(taken);
    return new Bytes(taken);
  }

  /** The number of bytes. */
  public int length() {
    return octets.length;
  }

  /** The byte at {@code index}, 0 to 255. */
  public int at(int index) {
    return octets[index] & 0xff;
  }

  /** A copy as an array. */
  public byte[] toArray() {
    return octets.clone();
  }

  /** A read-only view in the machine's byte order. */
  public ByteBuffer toBuffer() {
    return ByteBuffer.wrap(octets).asReadOnlyBuffer().order(ByteOrder.nativeOrder());
  }

  /** Puts them all into {@code buffer}, which must have room. */
  void putInto(ByteBuffer buffer) {
    buffer.put(octets);
  }

  /**
   * These bytes with zeros behind them up to {@code length}, which is not below {@link #length}.
   */
  public Bytes padTo(int length) {
    if (length < octets.length) {
      throw new IllegalArgumentException(octets.length + " bytes do not fit into " + length);
    }
    return length == octets.length ? this : new Bytes(Arrays.copyOf(octets, length));
  }

  /** The bytes from {@code from} to before {@code to}. */
  public Bytes slice(int from, int to) {
    return new Bytes(Arrays.copyOfRange(octets, from, to));
  }

  @Override
  public int compareTo(Bytes other) {
    return Arrays.compareUnsigned(octets, other.octets);
  }

  @Override
  public boolean equals(Object other) {
    return other instanceof Bytes bytes && Arrays.equals(octets, bytes.octets);
  }

  @Override
  public int hashCode() {
    return Arrays.hashCode(octets);
  }

  /** Two hexadecimal digits per byte. */
  @Override
  public String toString() {
    return HexFormat.of().formatHex(octets);
  }
}
