package io.egressgateway.node.netlink.wire.nft;

import io.egressgateway.node.netlink.wire.AttributeWriter;
import io.egressgateway.node.netlink.wire.Bytes;

/**
 * An expression of a foreign rule.
 *
 * @param data its attributes as they came
 */
public record Unknown(String kernelName, Bytes data) implements NftExpression {
  @Override
  public void write(AttributeWriter writer) {
    writer.rawBytes(data);
  }
}
