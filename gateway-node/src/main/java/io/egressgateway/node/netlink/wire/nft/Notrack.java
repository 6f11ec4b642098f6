package io.egressgateway.node.netlink.wire.nft;

import io.egressgateway.node.netlink.wire.AttributeWriter;

/** {@code notrack}: connection tracking leaves the packet alone. No attributes. */
public record Notrack() implements NftExpression {
  @Override
  public String kernelName() {
    return "notrack";
  }

  @Override
  public void write(AttributeWriter data) {
    // Nothing to say beyond the name.
  }
}
