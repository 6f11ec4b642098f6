package io.egressgateway.node.netlink.wire.nft;

import static io.egressgateway.node.netlink.wire.nft.NftConstants.NFTA_COUNTER_BYTES;
import static io.egressgateway.node.netlink.wire.nft.NftConstants.NFTA_COUNTER_PACKETS;

import io.egressgateway.node.netlink.wire.AttributeReader;
import io.egressgateway.node.netlink.wire.AttributeWriter;

/**
 * {@code counter}: counts the packets that come this far.
 *
 * <pre>
 *  NFTA_COUNTER_BYTES (u64 be), NFTA_COUNTER_PACKETS (u64 be)
 * </pre>
 */
public record Counter(long packets, long bytes) implements NftExpression {
  /** From nought. */
  public static final Counter ZERO = new Counter(0, 0);

  @Override
  public String kernelName() {
    return "counter";
  }

  @Override
  public void write(AttributeWriter data) {
    data.putBe64(NFTA_COUNTER_BYTES, bytes).putBe64(NFTA_COUNTER_PACKETS, packets);
  }

  /** Reads NFTA_EXPR_DATA. */
  static Counter read(AttributeReader data) {
    return new Counter(
        data.be64(NFTA_COUNTER_PACKETS).orElse(0), data.be64(NFTA_COUNTER_BYTES).orElse(0));
  }
}
