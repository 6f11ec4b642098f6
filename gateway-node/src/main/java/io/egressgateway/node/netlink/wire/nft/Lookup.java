package io.egressgateway.node.netlink.wire.nft;

import static io.egressgateway.node.netlink.wire.nft.NftConstants.NFTA_LOOKUP_DREG;
import static io.egressgateway.node.netlink.wire.nft.NftConstants.NFTA_LOOKUP_FLAGS;
import static io.egressgateway.node.netlink.wire.nft.NftConstants.NFTA_LOOKUP_SET;
import static io.egressgateway.node.netlink.wire.nft.NftConstants.NFTA_LOOKUP_SET_ID;
import static io.egressgateway.node.netlink.wire.nft.NftConstants.NFTA_LOOKUP_SREG;
import static io.egressgateway.node.netlink.wire.nft.NftConstants.NFT_LOOKUP_F_INV;

import io.egressgateway.node.netlink.wire.AttributeReader;
import io.egressgateway.node.netlink.wire.AttributeWriter;
import java.util.OptionalInt;

/**
 * Looks a register up in a set; ends the rule if it is not there.
 *
 * <pre>
 *  NFTA_LOOKUP_SET (text), NFTA_LOOKUP_SET_ID (u32 be: within the batch)
 *  NFTA_LOOKUP_SREG (u32 be)  the key
 *  NFTA_LOOKUP_DREG (u32 be)  of a map: where the value goes; the verdict register for a verdict map
 *  NFTA_LOOKUP_FLAGS (u32 be) NFT_LOOKUP_F_INV
 * </pre>
 */
public sealed interface Lookup extends NftExpression {
  /** {@code @set} or {@code != @set}. */
  record Member(SetReference set, Register key, Membership membership) implements Lookup {
    @Override
    public void write(AttributeWriter data) {
      putSet(data, set, key);
      data.putBe32(NFTA_LOOKUP_FLAGS, membership.number());
    }
  }

  /** The value of a map, or the verdict of a verdict map: into {@link Register#VERDICT}. */
  record Value(SetReference map, Register key, Register into) implements Lookup {
    @Override
    public void write(AttributeWriter data) {
      putSet(data, map, key);
      NftData.putRegister(data, NFTA_LOOKUP_DREG, into);
    }
  }

  @Override
  default String kernelName() {
    return "lookup";
  }

  private static void putSet(AttributeWriter data, SetReference set, Register key) {
    data.putString(NFTA_LOOKUP_SET, set.name());
    set.batchNumber().ifPresent(number -> data.putBe32(NFTA_LOOKUP_SET_ID, number));
    NftData.putRegister(data, NFTA_LOOKUP_SREG, key);
  }

  /** Reads NFTA_EXPR_DATA. */
  static Lookup read(AttributeReader data) {
    OptionalInt batchNumber =
        data.be32(NFTA_LOOKUP_SET_ID).stream().mapToInt(id -> (int) id).findFirst();
    SetReference set = new SetReference(data.requireString(NFTA_LOOKUP_SET), batchNumber);
    Register key = NftData.requireRegister(data, NFTA_LOOKUP_SREG);
    if (data.has(NFTA_LOOKUP_DREG)) {
      return new Value(set, key, NftData.requireRegister(data, NFTA_LOOKUP_DREG));
    }
    boolean inverted = (data.be32(NFTA_LOOKUP_FLAGS).orElse(0) & NFT_LOOKUP_F_INV) != 0;
    return new Member(set, key, inverted ? Membership.NOT_IN : Membership.IN);
  }
}
