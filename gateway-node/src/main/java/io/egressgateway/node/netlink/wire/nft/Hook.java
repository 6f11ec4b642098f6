package io.egressgateway.node.netlink.wire.nft;

import java.util.List;

/** Where in a packet's way a base chain stands: NF_INET_…, and their like of other families. */
public enum Hook {
  PREROUTING(0),
  INPUT(1),
  FORWARD(2),
  OUTPUT(3),
  POSTROUTING(4),
  /** Of one device, family netdev alone: whatever is handed to it; Linux 5.16. */
  EGRESS(1);

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
      case INET, IP, IP6, BRIDGE -> {
        if (this == EGRESS) {
          throw noSuchHook(family);
        }
        yield number;
      }
      case ARP ->
          switch (this) {
            // linux/netfilter_arp.h: NF_ARP_IN 0, NF_ARP_OUT 1.
            case INPUT -> 0;
            case OUTPUT -> 1;
            case PREROUTING, FORWARD, POSTROUTING, EGRESS -> throw noSuchHook(family);
          };
      case NETDEV -> {
        if (this != EGRESS) {
          throw noSuchHook(family);
        }
        yield number;
      }
    };
  }

  /** Those that a family has. */
  static List<Hook> of(NftFamily family) {
    return switch (family) {
      case INET, IP, IP6, BRIDGE -> List.of(PREROUTING, INPUT, FORWARD, OUTPUT, POSTROUTING);
      case ARP -> List.of(INPUT, OUTPUT);
      case NETDEV -> List.of(EGRESS);
    };
  }

  private IllegalArgumentException noSuchHook(NftFamily family) {
    return new IllegalArgumentException("family " + family + " has no hook " + this);
  }
}
