package io.egressgateway.node.netlink.wire.nft;

import io.egressgateway.node.netlink.wire.FlagBits;

/** NFT_SET_ELEM_…. */
public enum ElementFlag implements FlagBits {
  /** The key is the first one behind a range, not a member. Only in sets of plain intervals. */
  INTERVAL_END(NftConstants.NFT_SET_ELEM_INTERVAL_END),
  /** Matches what nothing else matches; has no key. */
  CATCHALL(NftConstants.NFT_SET_ELEM_CATCHALL);

  private final int bits;

  ElementFlag(int bits) {
    this.bits = bits;
  }

  @Override
  public int bits() {
    return bits;
  }
}
