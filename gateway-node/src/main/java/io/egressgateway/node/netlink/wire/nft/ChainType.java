package io.egressgateway.node.netlink.wire.nft;

/** What a base chain may do. */
public enum ChainType {
  FILTER("filter"),
  /** Address translation; sees the first packet of a flow only. */
  NAT("nat"),
  /** Changing what routing looks at reroutes the packet. */
  ROUTE("route");

  private final String kernelName;

  ChainType(String kernelName) {
    this.kernelName = kernelName;
  }

  /** The text in NFTA_CHAIN_TYPE. */
  String kernelName() {
    return kernelName;
  }
}
