package io.egressgateway.node.netlink.wire.nft;

/** NFPROTO_…: which packets a table sees. */
public enum NftFamily {
  /** IPv4 and IPv6. */
  INET(NftConstants.NFPROTO_INET, "inet"),
  IP(NftConstants.NFPROTO_IPV4, "ip"),
  ARP(NftConstants.NFPROTO_ARP, "arp"),
  NETDEV(NftConstants.NFPROTO_NETDEV, "netdev"),
  BRIDGE(NftConstants.NFPROTO_BRIDGE, "bridge"),
  IP6(NftConstants.NFPROTO_IPV6, "ip6");

  private final int number;
  private final String text;

  NftFamily(int number, String text) {
    this.number = number;
    this.text = text;
  }

  /** The value in nfgen_family. */
  public int number() {
    return number;
  }

  /** The word nft uses. */
  @Override
  public String toString() {
    return text;
  }
}
