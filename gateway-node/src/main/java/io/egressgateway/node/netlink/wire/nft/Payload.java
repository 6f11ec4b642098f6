package io.egressgateway.node.netlink.wire.nft;

import static io.egressgateway.node.netlink.wire.nft.NftConstants.NFTA_PAYLOAD_BASE;
import static io.egressgateway.node.netlink.wire.nft.NftConstants.NFTA_PAYLOAD_DREG;
import static io.egressgateway.node.netlink.wire.nft.NftConstants.NFTA_PAYLOAD_LEN;
import static io.egressgateway.node.netlink.wire.nft.NftConstants.NFTA_PAYLOAD_OFFSET;

import io.egressgateway.node.netlink.wire.AttributeReader;
import io.egressgateway.node.netlink.wire.AttributeWriter;

/**
 * Bytes of the packet itself.
 *
 * <pre>
 *  NFTA_PAYLOAD_DREG (u32 be)
 *  NFTA_PAYLOAD_BASE (u32 be)  NFT_PAYLOAD_…
 *  NFTA_PAYLOAD_OFFSET (u32 be), NFTA_PAYLOAD_LEN (u32 be)
 * </pre>
 */
public sealed interface Payload extends NftExpression {
  /** {@code @base,offset,length => register}. */
  record Load(PayloadField field, Register into) implements Payload {
    @Override
    public void write(AttributeWriter data) {
      NftData.putRegister(data, NFTA_PAYLOAD_DREG, into);
      data.putBe32(NFTA_PAYLOAD_BASE, field.base().number());
      data.putBe32(NFTA_PAYLOAD_OFFSET, field.offset());
      data.putBe32(NFTA_PAYLOAD_LEN, field.length());
    }
  }

  @Override
  default String kernelName() {
    return "payload";
  }

  /** Whether {@link #read} reads this: stores, which need checksum rules, are not known here. */
  static boolean reads(AttributeReader data) {
    return data.has(NFTA_PAYLOAD_DREG);
  }

  /** Reads NFTA_EXPR_DATA. */
  static Payload read(AttributeReader data) {
    PayloadField field =
        new PayloadField(
            NftEnum.of(PayloadBase.class, data.requireBe32(NFTA_PAYLOAD_BASE)),
            (int) data.requireBe32(NFTA_PAYLOAD_OFFSET),
            (int) data.requireBe32(NFTA_PAYLOAD_LEN));
    return new Load(field, NftData.requireRegister(data, NFTA_PAYLOAD_DREG));
  }
}
