package io.egressgateway.node.agent;

import static java.nio.charset.StandardCharsets.UTF_8;

import io.egressgateway.core.model.IpAddress;
import io.egressgateway.core.model.MacAddress;
import java.nio.ByteBuffer;

/**
 * What a forger puts into a UDP packet to a gateway node's tunnel port.
 *
 * <pre>
 *  VXLAN with group policy (8) | Ethernet (14) | IPv4 (20) | UDP (8) | text
 * </pre>
 */
record VxlanFrame(int vni, int egressIp, MacAddress sender, MacAddress receiver) {
  private static final int GBP_AND_VNI = 0x88;
  private static final int VXLAN_BYTES = 8;
  private static final int ETHERNET_BYTES = 14;
  private static final int IPV4_BYTES = 20;
  private static final int UDP_BYTES = 8;
  private static final int IPPROTO_UDP = 17;
  private static final int SOURCE_PORT = 40_000;

  /** With a datagram to the server's port inside. */
  byte[] carrying(String source, String destination, String text) {
    byte[] payload = text.getBytes(UTF_8);
    int datagram = UDP_BYTES + payload.length;
    ByteBuffer frame = ByteBuffer.allocate(VXLAN_BYTES + ETHERNET_BYTES + IPV4_BYTES + datagram);
    frame.put((byte) GBP_AND_VNI).put((byte) 0).putShort((short) egressIp).putInt(vni << 8);
    frame.put(receiver.toBytes()).put(sender.toBytes()).putShort((short) 0x0800);
    int ip = frame.position();
    frame.put((byte) 0x45).put((byte) 0).putShort((short) (IPV4_BYTES + datagram)).putInt(0);
    frame.put((byte) 64).put((byte) IPPROTO_UDP).putShort((short) 0);
    frame.put(IpAddress.of(source).toBytes()).put(IpAddress.of(destination).toBytes());
    frame.putShort(ip + 10, checksum(frame, ip));
    frame.putShort((short) SOURCE_PORT).putShort((short) DatapathLab.PORT);
    frame.putShort((short) datagram).putShort((short) 0).put(payload);
    return frame.array();
  }

  /** Of the IPv4 header that is there, whose own checksum is 0 still. */
  static short checksum(ByteBuffer frame, int ip) {
    int sum = 0;
    for (int at = ip; at < ip + IPV4_BYTES; at += Short.BYTES) {
      sum += Short.toUnsignedInt(frame.getShort(at));
    }
    return (short) ~((sum & 0xffff) + (sum >>> 16));
  }
}
