package io.egressgateway.node.netlink.socket;

import io.egressgateway.node.netlink.wire.Bytes;
import java.nio.ByteBuffer;
import java.util.Optional;

/**
 * A socket that sends and receives whole Ethernet frames of one device: AF_PACKET, SOCK_RAW. It
 * belongs to the network namespace of the thread that opened it. For one platform thread at a time.
 *
 * <pre>
 *  struct sockaddr_ll of linux/if_packet.h:
 * | sll_family u16 | sll_protocol u16 be | sll_ifindex s32 | sll_hatype u16 | type u8 | halen u8 | addr 8 |
 * </pre>
 */
public final class PacketSocket implements AutoCloseable {
  private static final int AF_PACKET = 17;
  private static final int SOCKADDR_LL_BYTES = 20;

  private final Descriptor descriptor;
  private final String name;

  private PacketSocket(Descriptor descriptor, String name) {
    this.descriptor = descriptor;
    this.name = name;
  }

  /**
   * Opens a socket on a device of the calling thread's network namespace.
   *
   * @param etherType which frames to receive, such as 0x0806
   */
  public static PacketSocket open(int linkIndex, int etherType, SocketLimits limits) {
    return open(linkIndex, etherType, Bytes.EMPTY, limits);
  }

  /**
   * Opens a socket that only sends. The frames themselves tell the kernel what they are.
   *
   * @param linkIndex of a device of the calling thread's network namespace
   */
  public static PacketSocket forSending(int linkIndex, SocketLimits limits) {
    return open(linkIndex, 0, Bytes.EMPTY, limits);
  }

  /**
   * Opens a socket on a device of the calling thread's network namespace.
   *
   * @param etherType which frames to receive, such as 0x0806
   * @param filter classic BPF instructions, of 8 bytes each in the machine's byte order, that
   *     accept those of these frames that shall be received; empty for all
   */
  public static PacketSocket open(int linkIndex, int etherType, Bytes filter, SocketLimits limits) {
    String name = "packet socket on link " + linkIndex;
    // Protocol 0 receives nothing until bind has named the device: no frames of other devices.
    Descriptor descriptor = Descriptor.open(name, AF_PACKET, 0);
    try {
      ByteBuffer address = Descriptor.direct(SOCKADDR_LL_BYTES).putShort(0, (short) AF_PACKET);
      address.put(2, (byte) (etherType >> 8)).put(3, (byte) etherType).putInt(4, linkIndex);
      descriptor.receiveTimeout(limits.receiveTimeout());
      descriptor.receiveBuffer(limits.receiveBufferBytes());
      if (filter.length() > 0) {
        descriptor.filter(filter);
      }
      descriptor.bind(address);
      return new PacketSocket(descriptor, name);
    } catch (RuntimeException e) {
      descriptor.close();
      throw e;
    }
  }

  /** Sends a frame, Ethernet header included. */
  public void send(Bytes frame) {
    descriptor.outgoing(frame.length()).put(frame.toBuffer());
    descriptor.send("send on " + name);
  }

  /** The next frame, Ethernet header included; empty after the limits' time-out. */
  public Optional<Bytes> receive() {
    try {
      ByteBuffer frame = descriptor.receive("receive from " + name);
      byte[] octets = new byte[frame.remaining()];
      frame.get(octets);
      return Optional.of(Bytes.of(octets));
    } catch (NetlinkException e) {
      if (e.errno() == Errno.EAGAIN) {
        return Optional.empty();
      }
      throw e;
    }
  }

  @Override
  public void close() {
    descriptor.close();
  }
}
