package io.egressgateway.node.netlink.wire.nft;

import static io.egressgateway.node.netlink.wire.nft.NftConstants.NFTA_CT_DREG;
import static io.egressgateway.node.netlink.wire.nft.NftConstants.NFTA_CT_KEY;
import static io.egressgateway.node.netlink.wire.nft.NftConstants.NFTA_CT_SREG;

import io.egressgateway.node.netlink.wire.AttributeReader;
import io.egressgateway.node.netlink.wire.AttributeWriter;

/**
 * {@code ct …}.
 *
 * <pre>
 *  NFTA_CT_KEY  (u32 be)  NFT_CT_…
 *  NFTA_CT_DREG (u32 be)  load: into     or     NFTA_CT_SREG (u32 be)  store: from
 * </pre>
 */
public sealed interface Ct extends NftExpression {
  /** NF_CT_STATE_BIT: the packet fits no flow. */
  int STATE_INVALID = 1;

  /** Packets have passed both ways. */
  int STATE_ESTABLISHED = 2;

  /** The packet belongs to a flow that another one announced. */
  int STATE_RELATED = 4;

  /** The packet begins a flow, or no answer has passed yet. */
  int STATE_NEW = 8;

  /** Connection tracking was told to leave the packet alone. */
  int STATE_UNTRACKED = 64;

  /** IPS_DST_NAT: the destination is another one than the sender wrote. */
  int STATUS_DESTINATION_TRANSLATED = 0x20;

  /** {@code ct KEY => register}. */
  record Load(CtKey key, Register into) implements Ct {
    @Override
    public void write(AttributeWriter data) {
      data.putBe32(NFTA_CT_KEY, key.number());
      NftData.putRegister(data, NFTA_CT_DREG, into);
    }
  }

  /** {@code ct KEY set register}. */
  record Store(CtKey key, Register from) implements Ct {
    @Override
    public void write(AttributeWriter data) {
      data.putBe32(NFTA_CT_KEY, key.number());
      NftData.putRegister(data, NFTA_CT_SREG, from);
    }
  }

  @Override
  default String kernelName() {
    return "ct";
  }

  /** Reads NFTA_EXPR_DATA. */
  static Ct read(AttributeReader data) {
    CtKey key = NftEnum.of(CtKey.class, data.requireBe32(NFTA_CT_KEY));
    return data.has(NFTA_CT_DREG)
        ? new Load(key, NftData.requireRegister(data, NFTA_CT_DREG))
        : new Store(key, NftData.requireRegister(data, NFTA_CT_SREG));
  }
}
