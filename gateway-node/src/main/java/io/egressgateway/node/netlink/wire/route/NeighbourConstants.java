package io.egressgateway.node.netlink.wire.route;

/**
 * Numbers of neighbours and forwarding databases, named and valued as in linux/neighbour.h and
 * linux/rtnetlink.h.
 */
public final class NeighbourConstants {
  public static final int NDA_DST = 1;
  public static final int NDA_LLADDR = 2;

  public static final int NTF_SELF = 0x2;

  public static final int NUD_NONE = 0x0;
  public static final int NUD_INCOMPLETE = 0x1;
  public static final int NUD_REACHABLE = 0x2;
  public static final int NUD_STALE = 0x4;
  public static final int NUD_DELAY = 0x8;
  public static final int NUD_PROBE = 0x10;
  public static final int NUD_FAILED = 0x20;
  public static final int NUD_NOARP = 0x40;
  public static final int NUD_PERMANENT = 0x80;

  public static final int RTM_NEWNEIGH = 28;
  public static final int RTM_DELNEIGH = 29;
  public static final int RTM_GETNEIGH = 30;

  private NeighbourConstants() {}
}
