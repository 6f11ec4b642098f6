package io.egressgateway.node.netlink.wire.nft;

import static io.egressgateway.node.netlink.wire.nft.NftConstants.NFTA_RANGE_FROM_DATA;
import static io.egressgateway.node.netlink.wire.nft.NftConstants.NFTA_RANGE_OP;
import static io.egressgateway.node.netlink.wire.nft.NftConstants.NFTA_RANGE_SREG;
import static io.egressgateway.node.netlink.wire.nft.NftConstants.NFTA_RANGE_TO_DATA;

import io.egressgateway.node.netlink.wire.AttributeReader;
import io.egressgateway.node.netlink.wire.AttributeWriter;
import io.egressgateway.node.netlink.wire.Bytes;

/**
 * Ends the rule unless a register lies in, or outside, a range; compared byte by byte.
 *
 * <pre>
 *  NFTA_RANGE_SREG (u32 be), NFTA_RANGE_OP (u32 be)
 *  NFTA_RANGE_FROM_DATA { NFTA_DATA_VALUE }, NFTA_RANGE_TO_DATA { NFTA_DATA_VALUE }: both included
 * </pre>
 */
public record Range(Membership membership, Register register, Bytes first, Bytes last)
    implements NftExpression {
  @Override
  public String kernelName() {
    return "range";
  }

  @Override
  public void write(AttributeWriter data) {
    NftData.putRegister(data, NFTA_RANGE_SREG, register);
    data.putBe32(NFTA_RANGE_OP, membership.number());
    NftData.putValue(data, NFTA_RANGE_FROM_DATA, first);
    NftData.putValue(data, NFTA_RANGE_TO_DATA, last);
  }

  /** Reads NFTA_EXPR_DATA. */
  static Range read(AttributeReader data) {
    return new Range(
        NftEnum.of(Membership.class, data.requireBe32(NFTA_RANGE_OP)),
        NftData.requireRegister(data, NFTA_RANGE_SREG),
        NftData.requireValue(data, NFTA_RANGE_FROM_DATA),
        NftData.requireValue(data, NFTA_RANGE_TO_DATA));
  }
}
