package io.egressgateway.node.netlink.wire.route;

/** Numbers of addresses, named and valued as in linux/if_addr.h and linux/rtnetlink.h. */
public final class AddressConstants {
  public static final int IFA_ADDRESS = 1;
  public static final int IFA_F_SECONDARY = 0x1;
  public static final int IFA_F_NODAD = 0x2;
  public static final int IFA_LOCAL = 2;
  public static final int IFA_CACHEINFO = 6;
  public static final int IFA_FLAGS = 8;
  public static final int IFA_F_DADFAILED = 0x8;
  public static final int IFA_PROTO = 11;
  public static final int IFA_F_DEPRECATED = 0x20;
  public static final int IFA_F_TENTATIVE = 0x40;
  public static final int IFA_F_NOPREFIXROUTE = 0x200;
  public static final int IFA_F_MCAUTOJOIN = 0x400;

  public static final int RTM_NEWADDR = 20;
  public static final int RTM_DELADDR = 21;
  public static final int RTM_GETADDR = 22;

  private AddressConstants() {}
}
