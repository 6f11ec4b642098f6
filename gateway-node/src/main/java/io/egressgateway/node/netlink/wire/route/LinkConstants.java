package io.egressgateway.node.netlink.wire.route;

/**
 * Numbers of links, named and valued as in linux/if.h, linux/if_link.h, linux/veth.h and
 * linux/rtnetlink.h.
 */
public final class LinkConstants {
  public static final int IFF_UP = 0x1;
  public static final int IFF_BROADCAST = 0x2;
  public static final int IFF_LOOPBACK = 0x8;
  public static final int IFF_POINTOPOINT = 0x10;
  public static final int IFF_RUNNING = 0x40;
  public static final int IFF_NOARP = 0x80;
  public static final int IFF_MULTICAST = 0x1000;
  public static final int IFF_LOWER_UP = 0x10000;

  public static final int IFLA_ADDRESS = 1;
  public static final int IFLA_INFO_KIND = 1;
  public static final int IFLA_VXLAN_ID = 1;
  public static final int IFLA_INFO_DATA = 2;
  public static final int IFLA_IFNAME = 3;
  public static final int IFLA_VXLAN_LINK = 3;
  public static final int IFLA_MTU = 4;
  public static final int IFLA_VXLAN_LOCAL = 4;
  public static final int IFLA_LINK = 5;
  public static final int IFLA_VXLAN_TTL = 5;
  public static final int IFLA_VXLAN_LEARNING = 7;
  public static final int IFLA_MASTER = 10;
  public static final int IFLA_VXLAN_PORT = 15;
  public static final int IFLA_VXLAN_LOCAL6 = 17;
  public static final int IFLA_LINKINFO = 18;
  public static final int IFLA_VXLAN_UDP_CSUM = 18;
  public static final int IFLA_VXLAN_UDP_ZERO_CSUM6_TX = 19;
  public static final int IFLA_IFALIAS = 20;
  public static final int IFLA_VXLAN_UDP_ZERO_CSUM6_RX = 20;
  public static final int IFLA_VXLAN_GBP = 23;
  public static final int IFLA_VXLAN_COLLECT_METADATA = 25;
  public static final int IFLA_NET_NS_FD = 28;
  public static final int IFLA_EXT_MASK = 29;

  public static final int RTEXT_FILTER_SKIP_STATS = 0x8;

  public static final int RTM_NEWLINK = 16;
  public static final int RTM_DELLINK = 17;
  public static final int RTM_GETLINK = 18;

  public static final int VETH_INFO_PEER = 1;

  private LinkConstants() {}
}
