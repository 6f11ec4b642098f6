package io.egressgateway.node.netlink.wire.frame;

import io.egressgateway.core.model.Ipv6Address;
import io.egressgateway.core.model.MacAddress;
import io.egressgateway.node.netlink.wire.Bytes;
import java.nio.ByteBuffer;
import java.util.Optional;

/**
 * Ethernet and IPv6 around an ICMPv6 message of neighbour discovery.
 *
 * <pre>
 *  Ethernet header (14)
 * +---------------------------+-----------------------+------------------+----------------+
 * | version 6, class, label   | payload length (u16)  | next header 58   | hop limit 255  |
 * +---------------------------+-----------------------+------------------+----------------+
 * | source (16)               | destination (16)      | ICMPv6 message
 * </pre>
 *
 * <p>RFC 8200, RFC 4443 (checksum over a pseudo header), RFC 4861 (the hop limit proves that the
 * packet comes from the link).
 */
record Icmpv6Frame(
    MacAddress destinationMac,
    MacAddress sourceMac,
    Ipv6Address source,
    Ipv6Address destination,
    Bytes message) {
  private static final int IPV6_BYTES = 40;
  private static final int ICMPV6 = 58;
  private static final int HOP_LIMIT = 255;
  private static final int CHECKSUM_OFFSET = 2;
  private static final int MESSAGE_BYTES_MIN = 8;

  /** {@code message} with a checksum of 0. */
  Bytes encode() {
    ByteBuffer frame = ByteBuffer.allocate(EthernetHeader.BYTES + IPV6_BYTES + message.length());
    new EthernetHeader(destinationMac, sourceMac, EtherType.IPV6).writeTo(frame);
    frame.putInt(6 << 28).putShort((short) message.length());
    frame.put((byte) ICMPV6).put((byte) HOP_LIMIT);
    frame.put(source.toBytes()).put(destination.toBytes());
    int checksumAt = frame.position() + CHECKSUM_OFFSET;
    frame.put(message.toArray()).putShort(checksumAt, (short) checksum(message));
    return Bytes.of(frame.array());
  }

  /** Empty if it is no whole ICMPv6 packet from this link with a right checksum. */
  static Optional<Icmpv6Frame> decode(Bytes frame) {
    int messageAt = EthernetHeader.BYTES + IPV6_BYTES;
    Optional<EthernetHeader> header =
        EthernetHeader.read(frame).filter(h -> h.etherType() == EtherType.IPV6);
    if (header.isEmpty() || frame.length() < messageAt + MESSAGE_BYTES_MIN) {
      return Optional.empty();
    }
    int length = (frame.at(18) << 8) | frame.at(19);
    boolean isIcmpv6 =
        frame.at(14) >> 4 == 6 && frame.at(20) == ICMPV6 && frame.at(21) == HOP_LIMIT;
    if (!isIcmpv6 || length < MESSAGE_BYTES_MIN || frame.length() < messageAt + length) {
      return Optional.empty();
    }
    Icmpv6Frame read =
        new Icmpv6Frame(
            header.get().destination(),
            header.get().source(),
            Ipv6Address.fromBytes(frame.slice(22, 38).toArray()),
            Ipv6Address.fromBytes(frame.slice(38, 54).toArray()),
            frame.slice(messageAt, messageAt + length));
    // Over the checksum itself, a right one gives 0.
    return read.checksum(read.message) == 0 ? Optional.of(read) : Optional.empty();
  }

  private int checksum(Bytes data) {
    long sum = sum(Bytes.of(source.toBytes())) + sum(Bytes.of(destination.toBytes()));
    sum += data.length() + ICMPV6 + sum(data);
    while (sum >> 16 != 0) {
      sum = (sum & 0xffff) + (sum >> 16);
    }
    return (int) ~sum & 0xffff;
  }

  private static long sum(Bytes data) {
    long sum = 0;
    for (int i = 0; i < data.length(); i++) {
      sum += i % 2 == 0 ? (long) data.at(i) << 8 : data.at(i);
    }
    return sum;
  }
}
