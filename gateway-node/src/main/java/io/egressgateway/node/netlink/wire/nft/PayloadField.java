package io.egressgateway.node.netlink.wire.nft;

/**
 * Bytes of a packet.
 *
 * @param offset from the header's start, in bytes
 * @param length in bytes, 1 to 16 in one register
 */
public record PayloadField(PayloadBase base, int offset, int length) {
  public static final PayloadField IP_PROTOCOL = network(9, 1);
  public static final PayloadField IP_SOURCE = network(12, 4);
  public static final PayloadField IP_DESTINATION = network(16, 4);
  public static final PayloadField IP6_SOURCE = network(8, 16);
  public static final PayloadField IP6_DESTINATION = network(24, 16);

  /** Of an ARP packet: request or reply. */
  public static final PayloadField ARP_OPERATION = network(6, 2);

  /** The sender's address in an ARP packet for Ethernet and IPv4. */
  public static final PayloadField ARP_SENDER_IP = network(14, 4);

  public static final PayloadField ETHER_DESTINATION = new PayloadField(PayloadBase.LINK, 0, 6);
  public static final PayloadField ETHER_SOURCE = new PayloadField(PayloadBase.LINK, 6, 6);
  public static final PayloadField ETHER_TYPE = new PayloadField(PayloadBase.LINK, 12, 2);
  public static final PayloadField SOURCE_PORT = transport(0, 2);
  public static final PayloadField DESTINATION_PORT = transport(2, 2);
  public static final PayloadField TCP_FLAGS = transport(13, 1);
  public static final PayloadField ICMPV6_TYPE = transport(0, 1);

  /** The target of neighbour solicitations and advertisements. */
  public static final PayloadField NEIGHBOUR_TARGET = transport(8, 16);

  private static PayloadField network(int offset, int length) {
    return new PayloadField(PayloadBase.NETWORK, offset, length);
  }

  private static PayloadField transport(int offset, int length) {
    return new PayloadField(PayloadBase.TRANSPORT, offset, length);
  }
}
