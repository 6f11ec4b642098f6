package io.egressgateway.node.netlink.wire.nft;

/** NFT_CMP_…; ordered comparisons go byte by byte, so the values must be in network order. */
public enum CmpOperation implements NftEnum {
  EQUAL(NftConstants.NFT_CMP_EQ),
  NOT_EQUAL(NftConstants.NFT_CMP_NEQ),
  LESS(NftConstants.NFT_CMP_LT),
  LESS_OR_EQUAL(NftConstants.NFT_CMP_LTE),
  GREATER(NftConstants.NFT_CMP_GT),
  GREATER_OR_EQUAL(NftConstants.NFT_CMP_GTE);

  private final int number;

  CmpOperation(int number) {
    this.number = number;
  }

  @Override
  public int number() {
    return number;
  }
}
