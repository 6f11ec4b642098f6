package io.egressgateway.node.netlink.socket;

import java.nio.ByteBuffer;

/**
 * struct sockaddr_nl of linux/netlink.h.
 *
 * <pre>
 * | nl_family u16 | pad u16 | nl_pid u32: the port id | nl_groups u32 |
 * </pre>
 */
final class NetlinkAddress {
  static final int AF_NETLINK = 16;
  static final int BYTES = 12;

  private static final int PORT_OFFSET = 4;

  private NetlinkAddress() {}

  /** Lets the kernel choose the port id. */
  static ByteBuffer any() {
    return Descriptor.direct(BYTES).putShort(0, (short) AF_NETLINK);
  }

  static int portId(ByteBuffer address) {
    return address.getInt(PORT_OFFSET);
  }
}
