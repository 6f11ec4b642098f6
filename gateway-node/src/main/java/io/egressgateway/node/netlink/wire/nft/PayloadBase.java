package io.egressgateway.node.netlink.wire.nft;

/** NFT_PAYLOAD_…: which header an offset counts from. */
public enum PayloadBase implements NftEnum {
  LINK(NftConstants.NFT_PAYLOAD_LL_HEADER),
  NETWORK(NftConstants.NFT_PAYLOAD_NETWORK_HEADER),
  TRANSPORT(NftConstants.NFT_PAYLOAD_TRANSPORT_HEADER);

  private final int number;

  PayloadBase(int number) {
    this.number = number;
  }

  @Override
  public int number() {
    return number;
  }
}
