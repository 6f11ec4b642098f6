package io.egressgateway.node.netlink.wire.nft;

/** What becomes of packets that reach a base chain's end. */
public enum ChainPolicy {
  DROP(0),
  ACCEPT(1);

  private final int number;

  ChainPolicy(int number) {
    this.number = number;
  }

  /** The verdict in NFTA_CHAIN_POLICY. */
  int number() {
    return number;
  }
}
