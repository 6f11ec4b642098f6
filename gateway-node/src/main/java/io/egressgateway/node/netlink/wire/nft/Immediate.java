package io.egressgateway.node.netlink.wire.nft;

import static io.egressgateway.node.netlink.wire.nft.NftConstants.NFTA_DATA_VALUE;
import static io.egressgateway.node.netlink.wire.nft.NftConstants.NFTA_DATA_VERDICT;
import static io.egressgateway.node.netlink.wire.nft.NftConstants.NFTA_IMMEDIATE_DATA;
import static io.egressgateway.node.netlink.wire.nft.NftConstants.NFTA_IMMEDIATE_DREG;

import io.egressgateway.node.netlink.wire.AttributeReader;
import io.egressgateway.node.netlink.wire.AttributeWriter;
import io.egressgateway.node.netlink.wire.Bytes;

/**
 * A constant: into a register, or as the rule's verdict.
 *
 * <pre>
 *  NFTA_IMMEDIATE_DREG (u32 be): NFT_REG_VERDICT for a verdict
 *  NFTA_IMMEDIATE_DATA { NFTA_DATA_VALUE or NFTA_DATA_VERDICT }
 * </pre>
 */
public sealed interface Immediate extends NftExpression {
  /** {@code register = value}. */
  record Load(Register into, Bytes value) implements Immediate {
    @Override
    public void write(AttributeWriter data) {
      NftData.putRegister(data, NFTA_IMMEDIATE_DREG, into);
      NftData.putValue(data, NFTA_IMMEDIATE_DATA, value);
    }
  }

  /** {@code accept}, {@code jump …} and their like. */
  record Decide(Verdict verdict) implements Immediate {
    @Override
    public void write(AttributeWriter data) {
      NftData.putRegister(data, NFTA_IMMEDIATE_DREG, Register.VERDICT);
      NftData.putVerdict(data, NFTA_IMMEDIATE_DATA, verdict);
    }
  }

  @Override
  default String kernelName() {
    return "immediate";
  }

  /** Reads NFTA_EXPR_DATA. */
  static Immediate read(AttributeReader data) {
    AttributeReader constant = data.requireNested(NFTA_IMMEDIATE_DATA);
    return constant
        .nested(NFTA_DATA_VERDICT)
        .<Immediate>map(verdict -> new Decide(NftData.readVerdict(verdict)))
        .orElseGet(
            () ->
                new Load(
                    NftData.requireRegister(data, NFTA_IMMEDIATE_DREG),
                    constant.requireBytes(NFTA_DATA_VALUE)));
  }
}
