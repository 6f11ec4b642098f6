package io.egressgateway.node.netlink.wire.nft;

/** Where in a packet's way a base chain stands: NF_INET_…, and the same numbers for ARP. */
public enum Hook {
  PREROUTING(0),
  INPUT(1),
  FORWARD(2),
  OUTPUT(3),
  POSTROUTING(4);

  private final int number;

  Hook(int number) {
    this.number = number;
  }

  /**
   * The hook's number in a family.
   *
   * @throws IllegalArgumentException if that family has no such hook
   */
  int number(NftFamily family) {
    return switch (family) {
      case INET, IP, IP6, BRIDGE -> number;
      case ARP ->
          switch (this) {
            // linux/netfilter_arp.h: NF_ARP_IN 0, NF_ARP_OUT 1.
            case INPUT -> 0;
            case OUTPUT -> 1;
            case PREROUTING, FORWARD, POSTROUTING -> throw noSuchHook(family);
          };
      case NETDEV -> throw noSuchHook(family);
    };
  }

  private IllegalArgumentException noSuchHook(NftFamily family) {
    return new IllegalArgumentException("family " + family + " has no hook " + this);
  }
}
