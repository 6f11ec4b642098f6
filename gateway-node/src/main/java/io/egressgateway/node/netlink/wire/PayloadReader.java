package io.egressgateway.node.netlink.wire;

import java.nio.ByteBuffer;

/**
 * Reads the fixed header in front of a message's attributes, then hands out the attributes. The
 * length is checked once, at the start; the machine's byte order.
 */
public final class PayloadReader {
  private final ByteBuffer header;
  private final ByteBuffer attributes;

  /**
   * @param headerBytes the length of the protocol's own header
   * @throws MalformedNetlinkMessage if the payload is shorter
   */
  public PayloadReader(NetlinkMessage message, int headerBytes) {
    ByteBuffer payload = message.payload().toBuffer();
    if (payload.remaining() < headerBytes) {
      throw new MalformedNetlinkMessage(
          "payload of message type %d has %d bytes, its header alone needs %d"
              .formatted(message.type(), payload.remaining(), headerBytes));
    }
    header = payload.slice(0, headerBytes).order(payload.order());
    // A header is padded to 4 bytes before the attributes begin.
    int start = Math.min(payload.limit(), (headerBytes + 3) & ~3);
    attributes = payload.slice(start, payload.limit() - start);
  }

  /** The byte at {@code offset}. */
  public int u8(int offset) {
    return header.get(offset) & 0xff;
  }

  /** The two bytes at {@code offset}. */
  public int u16(int offset) {
    return header.getShort(offset) & 0xffff;
  }

  /** The four bytes at {@code offset}. */
  public int i32(int offset) {
    return header.getInt(offset);
  }

  /** What follows the header. */
  public AttributeReader attributes() {
    return new AttributeReader(attributes);
  }
}
