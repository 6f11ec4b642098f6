package io.egressgateway.node.netlink.wire.nft;

/** NFT_FIB_RESULT_…: what is asked of the routing table. */
public enum FibResult implements NftEnum {
  /** The device's index, 0 if there is no route. */
  OIF(NftConstants.NFT_FIB_RESULT_OIF),
  OIFNAME(NftConstants.NFT_FIB_RESULT_OIFNAME),
  /** RTN_…. */
  ADDRESS_TYPE(NftConstants.NFT_FIB_RESULT_ADDRTYPE);

  private final int number;

  FibResult(int number) {
    this.number = number;
  }

  @Override
  public int number() {
    return number;
  }
}
