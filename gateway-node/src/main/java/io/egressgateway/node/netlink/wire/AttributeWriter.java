package io.egressgateway.node.netlink.wire;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.function.Consumer;

/**
 * Writes a message's payload: the fixed header first ({@code raw…}), then attributes ({@code
 * put…}). The byte order is in the method's name: {@code U} is the machine's, {@code Be} the
 * network's.
 *
 * <pre>
 *  0               2               4
 * +---------------+---------------+-----------------+---------+
 * | nla_len (u16) | nla_type (u16)| payload         | padding |
 * +---------------+---------------+-----------------+---------+
 *   4 + payload     bit 15: nested                    to 4 bytes, not counted in nla_len
 * </pre>
 *
 * <p>linux/netlink.h, struct nlattr. Not thread-safe.
 */
public final class AttributeWriter {
  private static final int HEADER_BYTES = 4;
  private static final int ATTRIBUTE_BYTES_MAX = 0xffff;
  private static final int INITIAL_BYTES = 256;

  private ByteBuffer buffer = allocate(INITIAL_BYTES);

  private static ByteBuffer allocate(int capacity) {
    return ByteBuffer.allocate(capacity).order(ByteOrder.nativeOrder());
  }

  /** One byte of a fixed header. */
  public AttributeWriter rawU8(int value) {
    room(1).put((byte) value);
    return this;
  }

  /** Two bytes of a fixed header. */
  public AttributeWriter rawU16(int value) {
    room(2).putShort((short) value);
    return this;
  }

  /** Two bytes of a fixed header, in network order. */
  public AttributeWriter rawBe16(int value) {
    return rawBytes(Bytes.be16(value));
  }

  /** Four bytes of a fixed header. */
  public AttributeWriter rawU32(int value) {
    room(4).putInt(value);
    return this;
  }

  /** Bytes of a fixed header. */
  public AttributeWriter rawBytes(Bytes bytes) {
    bytes.putInto(room(bytes.length()));
    return this;
  }

  /** A u8 attribute. */
  public AttributeWriter putU8(int type, int value) {
    header(type, 1).put((byte) value);
    return pad();
  }

  /** A u16 attribute in the machine's order. */
  public AttributeWriter putU16(int type, int value) {
    header(type, 2).putShort((short) value);
    return pad();
  }

  /** A u32 attribute in the machine's order; the low 32 bits of {@code value}. */
  public AttributeWriter putU32(int type, long value) {
    header(type, 4).putInt((int) value);
    return this;
  }

  /** A u16 attribute in network order. */
  public AttributeWriter putBe16(int type, int value) {
    return putBytes(type, Bytes.be16(value));
  }

  /** A u32 attribute in network order; the low 32 bits of {@code value}. */
  public AttributeWriter putBe32(int type, long value) {
    header(type, 4).putInt(toNetworkOrder((int) value));
    return this;
  }

  /** A u64 attribute in network order. */
  public AttributeWriter putBe64(int type, long value) {
    putBe32Pair(header(type, 8), value);
    return this;
  }

  /** A text attribute, ended by a NUL as the kernel wants it. */
  public AttributeWriter putString(int type, String value) {
    byte[] text = value.getBytes(UTF_8);
    header(type, text.length + 1).put(text).put((byte) 0);
    return pad();
  }

  /** An attribute of raw bytes. */
  public AttributeWriter putBytes(int type, Bytes value) {
    value.putInto(header(type, value.length()));
    return pad();
  }

  /** An attribute that says something by being there. */
  public AttributeWriter putFlag(int type) {
    header(type, 0);
    return this;
  }

  /**
   * An attribute that holds what {@code body} writes.
   *
   * @throws IllegalArgumentException if that is more than an attribute's 16-bit length can say
   */
  public AttributeWriter nest(int type, Consumer<AttributeWriter> body) {
    int start = buffer.position();
    header(type | NetlinkConstants.NLA_F_NESTED, 0);
    body.accept(this);
    int length = buffer.position() - start;
    if (length > ATTRIBUTE_BYTES_MAX) {
      throw new IllegalArgumentException(
          "attribute " + type + " has " + length + " bytes, the most is " + ATTRIBUTE_BYTES_MAX);
    }
    buffer.putShort(start, (short) length);
    return this;
  }

  /** How many bytes are written so far. */
  public int size() {
    return buffer.position();
  }

  /** All that was written. */
  public Bytes toBytes() {
    ByteBuffer written = buffer.duplicate().flip();
    return Bytes.take(written, written.remaining());
  }

  private ByteBuffer header(int type, int payload) {
    int length = HEADER_BYTES + payload;
    if (length > ATTRIBUTE_BYTES_MAX) {
      throw new IllegalArgumentException(
          "attribute " + type + " has " + length + " bytes, the most is " + ATTRIBUTE_BYTES_MAX);
    }
    return room(length + 3).putShort((short) length).putShort((short) type);
  }

  private AttributeWriter pad() {
    while ((buffer.position() & 3) != 0) {
      room(1).put((byte) 0);
    }
    return this;
  }

  private ByteBuffer room(int bytes) {
    if (buffer.remaining() < bytes) {
      ByteBuffer larger = allocate(Math.max(buffer.capacity() * 2, buffer.position() + bytes));
      buffer = larger.put(buffer.flip());
    }
    return buffer;
  }

  private static int toNetworkOrder(int value) {
    return ByteOrder.nativeOrder() == ByteOrder.BIG_ENDIAN ? value : Integer.reverseBytes(value);
  }

  private static void putBe32Pair(ByteBuffer target, long value) {
    target.putInt(toNetworkOrder((int) (value >>> 32))).putInt(toNetworkOrder((int) value));
  }
}
