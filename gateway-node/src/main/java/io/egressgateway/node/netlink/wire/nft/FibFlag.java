package io.egressgateway.node.netlink.wire.nft;

import io.egressgateway.node.netlink.wire.FlagBits;

/** NFTA_FIB_F_…: what the routing table is asked with. */
public enum FibFlag implements FlagBits {
  SADDR(NftConstants.NFTA_FIB_F_SADDR),
  DADDR(NftConstants.NFTA_FIB_F_DADDR),
  MARK(NftConstants.NFTA_FIB_F_MARK),
  IIF(NftConstants.NFTA_FIB_F_IIF),
  OIF(NftConstants.NFTA_FIB_F_OIF),
  /** Only whether there is one: 1 byte, 0 or 1. */
  PRESENT(NftConstants.NFTA_FIB_F_PRESENT);

  private final int bits;

  FibFlag(int bits) {
    this.bits = bits;
  }

  @Override
  public int bits() {
    return bits;
  }
}
