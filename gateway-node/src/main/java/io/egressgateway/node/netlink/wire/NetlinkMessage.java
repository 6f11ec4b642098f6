package io.egressgateway.node.netlink.wire;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.ArrayList;
import java.util.List;

/**
 * One netlink message.
 *
 * <pre>
 *  0                               4               6               8
 * +-------------------------------+---------------+---------------+
 * | nlmsg_len: header and payload | nlmsg_type    | nlmsg_flags   |
 * +-------------------------------+---------------+---------------+
 * | nlmsg_seq                     | nlmsg_pid                     |
 * +-------------------------------+-------------------------------+
 * | payload, padded to 4 bytes (the padding is not in nlmsg_len)  |
 * </pre>
 *
 * <p>linux/netlink.h, struct nlmsghdr; all in the machine's byte order.
 *
 * @param type what the message is, as its protocol numbers it; 0 to 65535
 * @param flags NLM_F_…
 * @param sequence the request's number; 0 until a socket sends it
 * @param portId who asked or who caused it; 0 for the kernel
 * @param payload the protocol's own header and the attributes
 */
public record NetlinkMessage(int type, int flags, int sequence, int portId, Bytes payload) {
  /** Bytes of the header. */
  public static final int HEADER_BYTES = 16;

  /** A request that no socket has numbered yet; NLM_F_REQUEST is added to {@code flags}. */
  public static NetlinkMessage request(int type, int flags, Bytes payload) {
    return new NetlinkMessage(type, flags | NetlinkConstants.NLM_F_REQUEST, 0, 0, payload);
  }

  /** This message with another number. */
  public NetlinkMessage withSequence(int newSequence) {
    return new NetlinkMessage(type, flags, newSequence, portId, payload);
  }

  /** This message with more flags. */
  public NetlinkMessage withFlags(int more) {
    return new NetlinkMessage(type, flags | more, sequence, portId, payload);
  }

  /** This message without these flags. */
  public NetlinkMessage withoutFlags(int fewer) {
    return new NetlinkMessage(type, flags & ~fewer, sequence, portId, payload);
  }

  /** Whether all of {@code mask} is set in the flags. */
  public boolean hasFlags(int mask) {
    return (flags & mask) == mask;
  }

  /** Bytes on the wire, padding included. */
  public int encodedLength() {
    return HEADER_BYTES + ((payload.length() + 3) & ~3);
  }

  /** Appends the message; {@code target} must have {@link #encodedLength} bytes left. */
  public void writeTo(ByteBuffer target) {
    ByteBuffer host = target.slice().order(ByteOrder.nativeOrder());
    host.putInt(HEADER_BYTES + payload.length());
    host.putShort((short) type).putShort((short) flags).putInt(sequence).putInt(portId);
    host.put(payload.toBuffer());
    while (host.position() < encodedLength()) {
      host.put((byte) 0);
    }
    target.position(target.position() + encodedLength());
  }

  /** The message alone on the wire. */
  public Bytes encode() {
    ByteBuffer target = ByteBuffer.allocate(encodedLength());
    writeTo(target);
    return Bytes.of(target.array());
  }

  /**
   * All messages of one datagram.
   *
   * @param datagram from its position to its limit; its position is not moved
   * @throws MalformedNetlinkMessage if a length does not fit
   */
  public static List<NetlinkMessage> parse(ByteBuffer datagram) {
    ByteBuffer bytes = datagram.slice().order(ByteOrder.nativeOrder());
    List<NetlinkMessage> messages = new ArrayList<>();
    while (bytes.hasRemaining()) {
      messages.add(parseNext(bytes));
    }
    return messages;
  }

  private static NetlinkMessage parseNext(ByteBuffer bytes) {
    int remaining = bytes.remaining();
    if (remaining < HEADER_BYTES) {
      throw new MalformedNetlinkMessage(remaining + " bytes are too few for a message's header");
    }
    int length = bytes.getInt();
    if (length < HEADER_BYTES || length > remaining) {
      throw new MalformedNetlinkMessage(
          "message claims " + length + " bytes, " + remaining + " are left");
    }
    int type = bytes.getShort() & 0xffff;
    int flags = bytes.getShort() & 0xffff;
    int sequence = bytes.getInt();
    int portId = bytes.getInt();
    Bytes payload = Bytes.take(bytes, length - HEADER_BYTES);
    int padding = Math.min(bytes.remaining(), -length & 3);
    bytes.position(bytes.position() + padding);
    return new NetlinkMessage(type, flags, sequence, portId, payload);
  }
}
