package io.egressgateway.node.netlink.wire.nft;

/** NFT_META_…: what is known of a packet beside its bytes. */
public enum MetaKey implements NftEnum {
  /** EtherType, 2 bytes in network order. */
  PROTOCOL(NftConstants.NFT_META_PROTOCOL),
  /** skb->mark, 4 bytes of the machine. */
  MARK(NftConstants.NFT_META_MARK),
  IIF(NftConstants.NFT_META_IIF),
  OIF(NftConstants.NFT_META_OIF),
  /** 16 bytes, zeros behind the name. */
  IIFNAME(NftConstants.NFT_META_IIFNAME),
  /** 16 bytes, zeros behind the name. */
  OIFNAME(NftConstants.NFT_META_OIFNAME),
  /** ARPHRD_…, 2 bytes of the machine. */
  IIFTYPE(NftConstants.NFT_META_IIFTYPE),
  /** ARPHRD_…, 2 bytes of the machine. */
  OIFTYPE(NftConstants.NFT_META_OIFTYPE),
  /** NFPROTO_…, 1 byte. */
  NFPROTO(NftConstants.NFT_META_NFPROTO),
  /** IPPROTO_…, 1 byte. */
  L4PROTO(NftConstants.NFT_META_L4PROTO),
  PKTTYPE(NftConstants.NFT_META_PKTTYPE);

  private final int number;

  MetaKey(int number) {
    this.number = number;
  }

  @Override
  public int number() {
    return number;
  }
}
