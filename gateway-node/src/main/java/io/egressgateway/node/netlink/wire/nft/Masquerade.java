package io.egressgateway.node.netlink.wire.nft;

import static io.egressgateway.node.netlink.wire.nft.NftConstants.NFTA_MASQ_FLAGS;
import static io.egressgateway.node.netlink.wire.nft.NftConstants.NFTA_MASQ_REG_PROTO_MIN;

import io.egressgateway.node.netlink.wire.AttributeReader;
import io.egressgateway.node.netlink.wire.AttributeWriter;
import io.egressgateway.node.netlink.wire.FlagBits;
import java.util.SortedSet;
import java.util.TreeSet;

/**
 * {@code masquerade}: the flow's new source is the address of the device it leaves by.
 *
 * <pre>
 *  NFTA_MASQ_FLAGS (u32 be): NF_NAT_RANGE_…, left out if 0
 * </pre>
 *
 * @param flags immutable
 */
public record Masquerade(SortedSet<NatFlag> flags) implements NftExpression {
  /** Makes the flags immutable. */
  public Masquerade {
    flags = FlagBits.copy(flags);
  }

  /** Without flags. */
  public static Masquerade plain() {
    return new Masquerade(new TreeSet<>());
  }

  @Override
  public String kernelName() {
    return "masq";
  }

  @Override
  public void write(AttributeWriter data) {
    if (!flags.isEmpty()) {
      data.putBe32(NFTA_MASQ_FLAGS, FlagBits.encode(flags));
    }
  }

  /** Whether {@link #read} reads this: port ranges are not known here. */
  static boolean reads(AttributeReader data) {
    return !data.has(NFTA_MASQ_REG_PROTO_MIN);
  }

  /** Reads NFTA_EXPR_DATA. */
  static Masquerade read(AttributeReader data) {
    return new Masquerade(FlagBits.decode(NatFlag.class, data.be32(NFTA_MASQ_FLAGS).orElse(0)));
  }
}
