package io.egressgateway.node.agent;

import io.egressgateway.core.model.IpAddress;
import io.egressgateway.core.model.MacAddress;
import io.egressgateway.node.netlink.RouteNetlink;
import io.egressgateway.node.netlink.socket.NetworkNamespace;
import io.egressgateway.node.netlink.socket.PacketSocket;
import io.egressgateway.node.netlink.socket.SocketLimits;
import io.egressgateway.node.netlink.wire.Bytes;
import io.egressgateway.node.netlink.wire.route.LinkName;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.time.Duration;
import java.util.Optional;
import java.util.zip.CRC32C;

/**
 * Speaks SCTP on the link of a namespace, frame by frame: not every kernel has sockets of it, but
 * every kernel that knows its connections translates them.
 *
 * <pre>
 *  Ethernet (14) | IPv4 (20) | ports, tag, CRC32c (12) | chunk: INIT or INIT ACK (20)
 * </pre>
 */
final class SctpLink implements AutoCloseable {
  /** Begins an association. */
  static final int INIT = 1;

  /** Answers. */
  static final int INIT_ACK = 2;

  private static final int IPV4 = 0x0800;
  private static final int ETHERNET_BYTES = 14;
  private static final int IPV4_BYTES = 20;
  private static final int SCTP_BYTES = 12;
  private static final int CHUNK_BYTES = 20;
  private static final int IPPROTO_SCTP = 132;
  private static final int CHECKSUM_AT = 8;
  private static final int WINDOW = 0x10000;
  private static final int FRAMES_MAX = 50;

  private final PacketSocket socket;
  private final MacAddress own;

  private SctpLink(PacketSocket socket, MacAddress own) {
    this.socket = socket;
    this.own = own;
  }

  /** On the link eth0 of a namespace. */
  static SctpLink open(NetworkNamespace namespace) {
    return namespace.run(
        () -> {
          try (RouteNetlink routing = RouteNetlink.open(SocketLimits.REQUESTS)) {
            var link = routing.link(LinkName.of("eth0")).orElseThrow();
            return new SctpLink(
                PacketSocket.open(
                    link.index(),
                    IPV4,
                    SocketLimits.NOTIFICATIONS.withReceiveTimeout(Duration.ofMillis(200))),
                link.mac().orElseThrow());
          }
        });
  }

  /** Where a packet comes from and goes to. */
  record Way(IpAddress source, int sourcePort, IpAddress destination, int destinationPort) {
    Way back() {
      return new Way(
          /* source= */ destination,
          /* sourcePort= */ destinationPort,
          /* destination= */ source,
          /* destinationPort= */ sourcePort);
    }
  }

  /**
   * A packet with one chunk.
   *
   * @param tag of the association, 0 in an INIT
   * @param initiateTag that answers have to have
   */
  record Packet(Way way, int type, int tag, int initiateTag) {}

  /** A packet, and who on the link sent it. */
  record Seen(MacAddress sender, Packet packet) {}

  void send(MacAddress receiver, Packet packet) {
    ByteBuffer frame = ByteBuffer.allocate(ETHERNET_BYTES + IPV4_BYTES + SCTP_BYTES + CHUNK_BYTES);
    frame.put(receiver.toBytes()).put(own.toBytes()).putShort((short) IPV4);
    int ip = frame.position();
    int length = IPV4_BYTES + SCTP_BYTES + CHUNK_BYTES;
    frame.put((byte) 0x45).put((byte) 0).putShort((short) length).putInt(0);
    frame.put((byte) 64).put((byte) IPPROTO_SCTP).putShort((short) 0);
    frame.put(packet.way().source().toBytes()).put(packet.way().destination().toBytes());
    frame.putShort(ip + 10, VxlanFrame.checksum(frame, ip));
    int sctp = frame.position();
    frame.putShort((short) packet.way().sourcePort());
    frame.putShort((short) packet.way().destinationPort()).putInt(packet.tag()).putInt(0);
    frame.put((byte) packet.type()).put((byte) 0).putShort((short) CHUNK_BYTES);
    frame.putInt(packet.initiateTag()).putInt(WINDOW);
    frame.putShort((short) 1).putShort((short) 1).putInt(packet.initiateTag());
    CRC32C crc = new CRC32C();
    crc.update(frame.array(), sctp, SCTP_BYTES + CHUNK_BYTES);
    frame.order(ByteOrder.LITTLE_ENDIAN).putInt(sctp + CHECKSUM_AT, (int) crc.getValue());
    socket.send(Bytes.of(frame.array()));
  }

  /** The next packet of SCTP; empty if none comes, or too much else does. */
  Optional<Seen> receive() {
    for (int i = 0; i < FRAMES_MAX; i++) {
      Optional<Bytes> frame = socket.receive();
      if (frame.isEmpty()) {
        return Optional.empty();
      }
      Optional<Seen> seen = frame.flatMap(SctpLink::read);
      if (seen.isPresent()) {
        return seen;
      }
    }
    return Optional.empty();
  }

  private static Optional<Seen> read(Bytes octets) {
    ByteBuffer frame = octets.toBuffer().order(ByteOrder.BIG_ENDIAN);
    int sctp = ETHERNET_BYTES + IPV4_BYTES;
    if (octets.length() < sctp + SCTP_BYTES + CHUNK_BYTES
        || octets.at(ETHERNET_BYTES + 9) != IPPROTO_SCTP) {
      return Optional.empty();
    }
    return Optional.of(
        new Seen(
            MacAddress.fromBytes(octets.slice(6, 12).toArray()),
            new Packet(
                new Way(
                    IpAddress.fromBytes(octets.slice(sctp - 8, sctp - 4).toArray()),
                    Short.toUnsignedInt(frame.getShort(sctp)),
                    IpAddress.fromBytes(octets.slice(sctp - 4, sctp).toArray()),
                    Short.toUnsignedInt(frame.getShort(sctp + 2))),
                octets.at(sctp + SCTP_BYTES),
                frame.getInt(sctp + 4),
                frame.getInt(sctp + SCTP_BYTES + 4))));
  }

  @Override
  public void close() {
    socket.close();
  }
}
