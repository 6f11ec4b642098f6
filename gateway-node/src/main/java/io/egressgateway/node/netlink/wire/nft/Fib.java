package io.egressgateway.node.netlink.wire.nft;

import static io.egressgateway.node.netlink.wire.nft.NftConstants.NFTA_FIB_DREG;
import static io.egressgateway.node.netlink.wire.nft.NftConstants.NFTA_FIB_FLAGS;
import static io.egressgateway.node.netlink.wire.nft.NftConstants.NFTA_FIB_RESULT;

import io.egressgateway.node.netlink.wire.AttributeReader;
import io.egressgateway.node.netlink.wire.AttributeWriter;
import io.egressgateway.node.netlink.wire.FlagBits;
import java.util.SortedSet;

/**
 * {@code fib …}: asks the routing table.
 *
 * <pre>
 *  NFTA_FIB_DREG (u32 be), NFTA_FIB_RESULT (u32 be), NFTA_FIB_FLAGS (u32 be)
 * </pre>
 *
 * @param flags immutable
 */
public record Fib(SortedSet<FibFlag> flags, FibResult result, Register into)
    implements NftExpression {
  /** Makes the flags immutable. */
  public Fib {
    flags = FlagBits.copy(flags);
  }

  @Override
  public String kernelName() {
    return "fib";
  }

  @Override
  public void write(AttributeWriter data) {
    NftData.putRegister(data, NFTA_FIB_DREG, into);
    data.putBe32(NFTA_FIB_RESULT, result.number());
    data.putBe32(NFTA_FIB_FLAGS, FlagBits.encode(flags));
  }

  /** Reads NFTA_EXPR_DATA. */
  static Fib read(AttributeReader data) {
    return new Fib(
        FlagBits.decode(FibFlag.class, data.be32(NFTA_FIB_FLAGS).orElse(0)),
        NftEnum.of(FibResult.class, data.requireBe32(NFTA_FIB_RESULT)),
        NftData.requireRegister(data, NFTA_FIB_DREG));
  }
}
