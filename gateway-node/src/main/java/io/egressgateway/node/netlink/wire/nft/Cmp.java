package io.egressgateway.node.netlink.wire.nft;

import static io.egressgateway.node.netlink.wire.nft.NftConstants.NFTA_CMP_DATA;
import static io.egressgateway.node.netlink.wire.nft.NftConstants.NFTA_CMP_OP;
import static io.egressgateway.node.netlink.wire.nft.NftConstants.NFTA_CMP_SREG;

import io.egressgateway.node.netlink.wire.AttributeReader;
import io.egressgateway.node.netlink.wire.AttributeWriter;
import io.egressgateway.node.netlink.wire.Bytes;

/**
 * Ends the rule unless a register compares so with a value.
 *
 * <pre>
 *  NFTA_CMP_SREG (u32 be), NFTA_CMP_OP (u32 be), NFTA_CMP_DATA { NFTA_DATA_VALUE }
 * </pre>
 */
public record Cmp(CmpOperation operation, Register register, Bytes value) implements NftExpression {
  /** The register must hold {@code value}. */
  public static Cmp equal(Register register, Bytes value) {
    return new Cmp(CmpOperation.EQUAL, register, value);
  }

  /** The register must hold something else. */
  public static Cmp notEqual(Register register, Bytes value) {
    return new Cmp(CmpOperation.NOT_EQUAL, register, value);
  }

  @Override
  public String kernelName() {
    return "cmp";
  }

  @Override
  public void write(AttributeWriter data) {
    NftData.putRegister(data, NFTA_CMP_SREG, register);
    data.putBe32(NFTA_CMP_OP, operation.number());
    NftData.putValue(data, NFTA_CMP_DATA, value);
  }

  /** Reads NFTA_EXPR_DATA. */
  static Cmp read(AttributeReader data) {
    return new Cmp(
        NftEnum.of(CmpOperation.class, data.requireBe32(NFTA_CMP_OP)),
        NftData.requireRegister(data, NFTA_CMP_SREG),
        NftData.requireValue(data, NFTA_CMP_DATA));
  }
}
