package io.egressgateway.node.netlink.wire.route;

import io.egressgateway.node.netlink.wire.FlagBits;

/** IFF_… of linux/if.h, as far as anything here asks for them. */
public enum LinkFlag implements FlagBits {
  /** Set by the administrator. */
  UP(LinkConstants.IFF_UP),
  BROADCAST(LinkConstants.IFF_BROADCAST),
  LOOPBACK(LinkConstants.IFF_LOOPBACK),
  POINT_TO_POINT(LinkConstants.IFF_POINTOPOINT),
  /** Operational: packets can pass. */
  RUNNING(LinkConstants.IFF_RUNNING),
  NO_ARP(LinkConstants.IFF_NOARP),
  MULTICAST(LinkConstants.IFF_MULTICAST),
  /** The driver sees a carrier. */
  LOWER_UP(LinkConstants.IFF_LOWER_UP);

  private final int bits;

  LinkFlag(int bits) {
    this.bits = bits;
  }

  @Override
  public int bits() {
    return bits;
  }
}
