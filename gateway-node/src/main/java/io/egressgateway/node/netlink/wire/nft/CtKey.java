package io.egressgateway.node.netlink.wire.nft;

/** NFT_CT_…: what connection tracking knows of a packet's flow. */
public enum CtKey implements NftEnum {
  /** Bits of {@link Ct}: 4 bytes of the machine. */
  STATE(NftConstants.NFT_CT_STATE),
  /** 1 byte: 0 as the flow began, 1 the answers. */
  DIRECTION(NftConstants.NFT_CT_DIRECTION),
  /** IPS_… bits, 4 bytes of the machine. */
  STATUS(NftConstants.NFT_CT_STATUS),
  /** 4 bytes of the machine. */
  MARK(NftConstants.NFT_CT_MARK);

  private final int number;

  CtKey(int number) {
    this.number = number;
  }

  @Override
  public int number() {
    return number;
  }
}
