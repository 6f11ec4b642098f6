package io.egressgateway.node.netlink.wire.nft;

/** Whether being in a set or range is what is asked for; NFT_RANGE_… and NFT_LOOKUP_F_INV alike. */
public enum Membership implements NftEnum {
  IN(0),
  NOT_IN(1);

  private final int number;

  Membership(int number) {
    this.number = number;
  }

  @Override
  public int number() {
    return number;
  }
}
