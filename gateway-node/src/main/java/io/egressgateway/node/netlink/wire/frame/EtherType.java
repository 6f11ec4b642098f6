package io.egressgateway.node.netlink.wire.frame;

/** ETH_P_… of linux/if_ether.h. */
public final class EtherType {
  public static final int ARP = 0x0806;
  public static final int IPV6 = 0x86dd;

  private EtherType() {}
}
