package io.egressgateway.node.netlink.wire.nft;

/** NFT_NAT_…: which end of a flow is rewritten. */
public enum NatType implements NftEnum {
  SOURCE(NftConstants.NFT_NAT_SNAT),
  DESTINATION(NftConstants.NFT_NAT_DNAT);

  private final int number;

  NatType(int number) {
    this.number = number;
  }

  @Override
  public int number() {
    return number;
  }
}
