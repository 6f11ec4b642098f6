package io.egressgateway.node.netlink.socket;

import static io.egressgateway.node.netlink.wire.NetlinkConstants.NETLINK_ADD_MEMBERSHIP;
import static io.egressgateway.node.netlink.wire.NetlinkConstants.SOL_NETLINK;

import io.egressgateway.node.netlink.wire.NetlinkMessage;
import java.util.Collection;
import java.util.List;

/**
 * A netlink socket that only listens to the kernel's notifications. It belongs to the network
 * namespace of the thread that opened it. For one platform thread at a time, and blocking.
 */
public final class NetlinkSubscription implements AutoCloseable {
  /** What one attempt to receive brought. */
  public sealed interface Reception {
    /** Notifications, in the kernel's order. */
    record Messages(List<NetlinkMessage> messages) implements Reception {}

    /** Nothing within the limits' time-out. */
    record Idle() implements Reception {}

    /** The kernel had to drop notifications: what they said must be read anew. */
    record Overrun() implements Reception {}
  }

  private final Descriptor descriptor;
  private final String name;

  private NetlinkSubscription(Descriptor descriptor, String name) {
    this.descriptor = descriptor;
    this.name = name;
  }

  /**
   * Opens a socket in the calling thread's network namespace.
   *
   * @param groups numbers of the protocol's multicast groups
   */
  public static NetlinkSubscription open(
      NetlinkProtocol protocol, Collection<Integer> groups, SocketLimits limits) {
    String name = "netlink subscription " + protocol;
    Descriptor descriptor = Descriptor.open(name, NetlinkAddress.AF_NETLINK, protocol.number());
    try {
      descriptor.bind(NetlinkAddress.any());
      descriptor.receiveBuffer(limits.receiveBufferBytes());
      descriptor.receiveTimeout(limits.receiveTimeout());
      for (int group : groups) {
        descriptor.option(SOL_NETLINK, NETLINK_ADD_MEMBERSHIP, group);
      }
      return new NetlinkSubscription(descriptor, name);
    } catch (RuntimeException e) {
      descriptor.close();
      throw e;
    }
  }

  /** Waits for the next notifications. */
  public Reception receive() {
    try {
      return new Reception.Messages(
          NetlinkMessage.parse(descriptor.receive("receive from " + name)));
    } catch (NetlinkException e) {
      return switch (e.errno()) {
        case Errno.EAGAIN -> new Reception.Idle();
        case Errno.ENOBUFS -> new Reception.Overrun();
        default -> throw e;
      };
    }
  }

  @Override
  public void close() {
    descriptor.close();
  }
}
