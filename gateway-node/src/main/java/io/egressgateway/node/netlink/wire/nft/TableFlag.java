package io.egressgateway.node.netlink.wire.nft;

import io.egressgateway.node.netlink.wire.FlagBits;

/** NFT_TABLE_F_…. */
public enum TableFlag implements FlagBits {
  /** Its chains see no packets. */
  DORMANT(NftConstants.NFT_TABLE_F_DORMANT),
  /** Only the socket that made it may change it; Linux 5.12. */
  OWNER(NftConstants.NFT_TABLE_F_OWNER),
  /** It outlives its owner's socket and can be adopted; Linux 6.9. */
  PERSIST(NftConstants.NFT_TABLE_F_PERSIST);

  private final int bits;

  TableFlag(int bits) {
    this.bits = bits;
  }

  @Override
  public int bits() {
    return bits;
  }
}
