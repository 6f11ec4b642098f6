package io.egressgateway.node.netlink.wire;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.OptionalLong;

/**
 * Reads the attributes of one level of a message. The framing is checked when the reader is made,
 * the length of a value when it is asked for; both fail with {@link MalformedNetlinkMessage}.
 * Attributes nobody asks for are skipped, so a newer kernel's messages stay readable. Of equal
 * types the last one counts, as in the kernel's nla_parse.
 *
 * <p>For the byte picture see {@link AttributeWriter}. Not thread-safe.
 */
public final class AttributeReader {
  private static final int HEADER_BYTES = 4;

  /** Most levels have one to three attributes: those of an element and within it. */
  private static final int EXPECTED = 3;

  private final ByteBuffer bytes;
  private int[] types = new int[EXPECTED];
  private int[] offsets = new int[EXPECTED];
  private int[] lengths = new int[EXPECTED];
  private int count;

  /**
   * @param attributes from its position to its limit; it is neither changed nor kept in step with
   */
  public AttributeReader(ByteBuffer attributes) {
    bytes = attributes.slice().order(ByteOrder.nativeOrder());
    int at = 0;
    while (at < bytes.limit()) {
      at = index(at);
    }
  }

  private int index(int at) {
    int remaining = bytes.limit() - at;
    if (remaining < HEADER_BYTES) {
      throw new MalformedNetlinkMessage(remaining + " bytes are too few for an attribute's header");
    }
    int length = bytes.getShort(at) & 0xffff;
    if (length < HEADER_BYTES || length > remaining) {
      throw new MalformedNetlinkMessage(
          "attribute at " + at + " claims " + length + " bytes, " + remaining + " are left");
    }
    if (count == types.length) {
      types = Arrays.copyOf(types, 2 * count);
      offsets = Arrays.copyOf(offsets, 2 * count);
      lengths = Arrays.copyOf(lengths, 2 * count);
    }
    types[count] = bytes.getShort(at + 2) & 0xffff & NetlinkConstants.NLA_TYPE_MASK;
    offsets[count] = at + HEADER_BYTES;
    lengths[count] = length - HEADER_BYTES;
    count++;
    // The padding of the last attribute may be missing.
    return Math.min(bytes.limit(), at + ((length + 3) & ~3));
  }

  /** Whether there is an attribute of this type. */
  public boolean has(int type) {
    return find(type) >= 0;
  }

  /** A u8. */
  public OptionalInt u8(int type) {
    int i = find(type, 1);
    return i < 0 ? OptionalInt.empty() : OptionalInt.of(bytes.get(offsets[i]) & 0xff);
  }

  /** A u16 in the machine's order. */
  public OptionalInt u16(int type) {
    int i = find(type, 2);
    return i < 0 ? OptionalInt.empty() : OptionalInt.of(bytes.getShort(offsets[i]) & 0xffff);
  }

  /** A u16 in network order. */
  public OptionalInt be16(int type) {
    int i = find(type, 2);
    return i < 0 ? OptionalInt.empty() : OptionalInt.of((int) bigEndian(offsets[i], 2));
  }

  /** A u32 in the machine's order, 0 to 2^32 - 1. */
  public OptionalLong u32(int type) {
    int i = find(type, 4);
    return i < 0 ? OptionalLong.empty() : OptionalLong.of(bytes.getInt(offsets[i]) & 0xffffffffL);
  }

  /** A u32 in network order, 0 to 2^32 - 1. */
  public OptionalLong be32(int type) {
    int i = find(type, 4);
    return i < 0 ? OptionalLong.empty() : OptionalLong.of(bigEndian(offsets[i], 4));
  }

  /** A u64 in network order. */
  public OptionalLong be64(int type) {
    int i = find(type, 8);
    return i < 0 ? OptionalLong.empty() : OptionalLong.of(bigEndian(offsets[i], 8));
  }

  /** A text, up to its first NUL if it has one. */
  public Optional<String> string(int type) {
    return bytes(type).map(AttributeReader::untilNul);
  }

  /** The payload as it is. */
  public Optional<Bytes> bytes(int type) {
    int i = find(type);
    return i < 0 ? Optional.empty() : Optional.of(Bytes.take(payload(i), lengths[i]));
  }

  /** The attributes within this one. */
  public Optional<AttributeReader> nested(int type) {
    int i = find(type);
    return i < 0 ? Optional.empty() : Optional.of(new AttributeReader(payload(i)));
  }

  /** Every attribute of this type, each as a level of its own: the kernel's way to write a list. */
  public List<AttributeReader> nestedAll(int type) {
    List<AttributeReader> all = new ArrayList<>();
    for (int i = 0; i < count; i++) {
      if (types[i] == type) {
        all.add(new AttributeReader(payload(i)));
      }
    }
    return all;
  }

  /** {@link #u32} of an attribute without which the message means nothing. */
  public long requireU32(int type) {
    return u32(type).orElseThrow(() -> missing(type));
  }

  /** {@link #be32} of an attribute without which the message means nothing. */
  public long requireBe32(int type) {
    return be32(type).orElseThrow(() -> missing(type));
  }

  /** {@link #string} of an attribute without which the message means nothing. */
  public String requireString(int type) {
    return string(type).orElseThrow(() -> missing(type));
  }

  /** {@link #bytes} of an attribute without which the message means nothing. */
  public Bytes requireBytes(int type) {
    return bytes(type).orElseThrow(() -> missing(type));
  }

  /** {@link #nested} of an attribute without which the message means nothing. */
  public AttributeReader requireNested(int type) {
    return nested(type).orElseThrow(() -> missing(type));
  }

  private static MalformedNetlinkMessage missing(int type) {
    return new MalformedNetlinkMessage("attribute " + type + " is missing");
  }

  private int find(int type) {
    for (int i = count - 1; i >= 0; i--) {
      if (types[i] == type) {
        return i;
      }
    }
    return -1;
  }

  private int find(int type, int lengthMin) {
    int i = find(type);
    if (i >= 0 && lengths[i] < lengthMin) {
      throw new MalformedNetlinkMessage(
          "attribute " + type + " has " + lengths[i] + " bytes instead of " + lengthMin);
    }
    return i;
  }

  private ByteBuffer payload(int i) {
    return bytes.slice(offsets[i], lengths[i]).order(ByteOrder.nativeOrder());
  }

  private long bigEndian(int offset, int length) {
    long value = 0;
    for (int i = 0; i < length; i++) {
      value = value << 8 | (bytes.get(offset + i) & 0xff);
    }
    return value;
  }

  private static String untilNul(Bytes text) {
    byte[] octets = text.toArray();
    int end = 0;
    while (end < octets.length && octets[end] != 0) {
      end++;
    }
    return new String(octets, 0, end, UTF_8);
  }
}
