package io.egressgateway.node.netlink.wire.nft;

import io.egressgateway.node.netlink.wire.FlagBits;

/** NF_NAT_RANGE_… of linux/netfilter/nf_nat.h, those a rule may give. */
public enum NatFlag implements FlagBits {
  MAP_IPS(NftConstants.NF_NAT_RANGE_MAP_IPS),
  PROTO_SPECIFIED(NftConstants.NF_NAT_RANGE_PROTO_SPECIFIED),
  RANDOM(NftConstants.NF_NAT_RANGE_PROTO_RANDOM),
  PERSISTENT(NftConstants.NF_NAT_RANGE_PERSISTENT),
  FULLY_RANDOM(NftConstants.NF_NAT_RANGE_PROTO_RANDOM_FULLY);

  private final int bits;

  NatFlag(int bits) {
    this.bits = bits;
  }

  @Override
  public int bits() {
    return bits;
  }
}
