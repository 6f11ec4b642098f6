package io.egressgateway.node.netlink.wire.nft;

import io.egressgateway.node.netlink.wire.FlagBits;

/** NFT_SET_… as far as they are the author's choice; MAP and CONCAT follow from the types. */
public enum SetFlag implements FlagBits {
  /** Bound to the one rule that looks it up; gone with it. */
  ANONYMOUS(NftConstants.NFT_SET_ANONYMOUS),
  /** Not changed after the transaction that made it. */
  CONSTANT(NftConstants.NFT_SET_CONSTANT),
  /** Elements are ranges. */
  INTERVAL(NftConstants.NFT_SET_INTERVAL),
  /** Elements may expire. */
  TIMEOUT(NftConstants.NFT_SET_TIMEOUT),
  /** Rules may add elements. */
  DYNAMIC(NftConstants.NFT_SET_EVAL);

  private final int bits;

  SetFlag(int bits) {
    this.bits = bits;
  }

  @Override
  public int bits() {
    return bits;
  }
}
