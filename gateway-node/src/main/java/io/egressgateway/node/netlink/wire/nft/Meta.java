package io.egressgateway.node.netlink.wire.nft;

import static io.egressgateway.node.netlink.wire.nft.NftConstants.NFTA_META_DREG;
import static io.egressgateway.node.netlink.wire.nft.NftConstants.NFTA_META_KEY;
import static io.egressgateway.node.netlink.wire.nft.NftConstants.NFTA_META_SREG;

import io.egressgateway.node.netlink.wire.AttributeReader;
import io.egressgateway.node.netlink.wire.AttributeWriter;

/**
 * {@code meta …}.
 *
 * <pre>
 *  NFTA_META_KEY  (u32 be)  NFT_META_…
 *  NFTA_META_DREG (u32 be)  load: into     or     NFTA_META_SREG (u32 be)  store: from
 * </pre>
 */
public sealed interface Meta extends NftExpression {
  /** {@code meta KEY => register}. */
  record Load(MetaKey key, Register into) implements Meta {
    @Override
    public void write(AttributeWriter data) {
      NftData.putRegister(data, NFTA_META_DREG, into);
      data.putBe32(NFTA_META_KEY, key.number());
    }
  }

  /** {@code meta KEY set register}. */
  record Store(MetaKey key, Register from) implements Meta {
    @Override
    public void write(AttributeWriter data) {
      data.putBe32(NFTA_META_KEY, key.number());
      NftData.putRegister(data, NFTA_META_SREG, from);
    }
  }

  @Override
  default String kernelName() {
    return "meta";
  }

  /** Reads NFTA_EXPR_DATA. */
  static Meta read(AttributeReader data) {
    MetaKey key = NftEnum.of(MetaKey.class, data.requireBe32(NFTA_META_KEY));
    return data.has(NFTA_META_DREG)
        ? new Load(key, NftData.requireRegister(data, NFTA_META_DREG))
        : new Store(key, NftData.requireRegister(data, NFTA_META_SREG));
  }
}
