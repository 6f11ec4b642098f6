package io.egressgateway.node.netlink.wire.frame;

import io.egressgateway.core.model.Ipv4Address;
import io.egressgateway.core.model.MacAddress;
import io.egressgateway.node.netlink.wire.Bytes;
import java.nio.ByteBuffer;
import java.util.Optional;

/**
 * An ARP packet for Ethernet and IPv4 in its frame: RFC 826, announcements and probes RFC 5227.
 *
 * <pre>
 *  Ethernet header (14)
 * +------------------+------------------+---------+---------+------------------+
 * | hardware 1 (u16) | protocol 0x0800  | hlen 6  | plen 4  | operation (u16)  |
 * +------------------+------------------+---------+---------+------------------+
 * | sender MAC (6) | sender IP (4) | target MAC (6) | target IP (4) |
 * </pre>
 *
 * @param destination of the frame
 */
public record ArpFrame(
    MacAddress destination,
    Operation operation,
    MacAddress senderMac,
    Ipv4Address senderIp,
    MacAddress targetMac,
    Ipv4Address targetIp) {
  /** ARPOP_…. */
  public enum Operation {
    REQUEST(1),
    REPLY(2);

    private final int number;

    Operation(int number) {
      this.number = number;
    }
  }

  private static final int PACKET_BYTES = 28;
  private static final int FRAME_BYTES = EthernetHeader.BYTES + PACKET_BYTES;
  private static final long ETHERNET_IPV4 = 0x0001_0800_0604L;
  private static final MacAddress NOBODY = new MacAddress(0);
  private static final Ipv4Address NO_ADDRESS = new Ipv4Address(0);

  /** Tells all neighbours, as a request, that {@code ip} is at {@code mac}. */
  public static ArpFrame gratuitousRequest(MacAddress mac, Ipv4Address ip) {
    return new ArpFrame(EthernetHeader.BROADCAST, Operation.REQUEST, mac, ip, NOBODY, ip);
  }

  /**
   * Tells all neighbours, as a reply, that {@code ip} is at {@code mac}: some heed only this one.
   * The target is the sender itself; Linux takes it for an ordinary reply otherwise, and ignores it
   * for a second after the last news (net/ipv4/arp.c, arp_is_garp).
   */
  public static ArpFrame gratuitousReply(MacAddress mac, Ipv4Address ip) {
    return new ArpFrame(EthernetHeader.BROADCAST, Operation.REPLY, mac, ip, mac, ip);
  }

  /** Asks who has {@code ip} without claiming any address. */
  public static ArpFrame probe(MacAddress mac, Ipv4Address ip) {
    return new ArpFrame(EthernetHeader.BROADCAST, Operation.REQUEST, mac, NO_ADDRESS, NOBODY, ip);
  }

  /** The frame. */
  public Bytes encode() {
    ByteBuffer frame = ByteBuffer.allocate(FRAME_BYTES);
    new EthernetHeader(destination, senderMac, EtherType.ARP).writeTo(frame);
    frame.putShort((short) (ETHERNET_IPV4 >> 32)).putInt((int) ETHERNET_IPV4);
    frame.putShort((short) operation.number);
    frame.put(senderMac.toBytes()).put(senderIp.toBytes());
    frame.put(targetMac.toBytes()).put(targetIp.toBytes());
    return Bytes.of(frame.array());
  }

  /** Reads a frame; empty if it is no ARP request or reply for Ethernet and IPv4. */
  public static Optional<ArpFrame> decode(Bytes frame) {
    Optional<EthernetHeader> header =
        EthernetHeader.read(frame).filter(h -> h.etherType() == EtherType.ARP);
    if (header.isEmpty() || frame.length() < FRAME_BYTES) {
      return Optional.empty();
    }
    ByteBuffer packet = ByteBuffer.wrap(frame.slice(EthernetHeader.BYTES, FRAME_BYTES).toArray());
    long kind = ((packet.getShort() & 0xffffL) << 32) | (packet.getInt() & 0xffffffffL);
    int operation = packet.getShort() & 0xffff;
    if (kind != ETHERNET_IPV4 || operation < 1 || operation > 2) {
      return Optional.empty();
    }
    return Optional.of(
        new ArpFrame(
            header.get().destination(),
            operation == 1 ? Operation.REQUEST : Operation.REPLY,
            mac(packet),
            ip(packet),
            mac(packet),
            ip(packet)));
  }

  private static MacAddress mac(ByteBuffer packet) {
    byte[] octets = new byte[6];
    packet.get(octets);
    return MacAddress.fromBytes(octets);
  }

  private static Ipv4Address ip(ByteBuffer packet) {
    return new Ipv4Address(packet.getInt());
  }
}
