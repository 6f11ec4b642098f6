package io.egressgateway.node.netlink.wire.nft;

import static io.egressgateway.node.netlink.wire.nft.NftConstants.NFTA_BITWISE_DREG;
import static io.egressgateway.node.netlink.wire.nft.NftConstants.NFTA_BITWISE_LEN;
import static io.egressgateway.node.netlink.wire.nft.NftConstants.NFTA_BITWISE_MASK;
import static io.egressgateway.node.netlink.wire.nft.NftConstants.NFTA_BITWISE_OP;
import static io.egressgateway.node.netlink.wire.nft.NftConstants.NFTA_BITWISE_SREG;
import static io.egressgateway.node.netlink.wire.nft.NftConstants.NFTA_BITWISE_XOR;
import static io.egressgateway.node.netlink.wire.nft.NftConstants.NFT_BITWISE_MASK_XOR;

import io.egressgateway.node.netlink.wire.AttributeReader;
import io.egressgateway.node.netlink.wire.AttributeWriter;
import io.egressgateway.node.netlink.wire.Bytes;
import io.egressgateway.node.netlink.wire.MalformedNetlinkMessage;

/**
 * {@code into = (from & mask) ^ xor}. To OR bits in, clear them by the mask and set them by the
 * xor.
 *
 * <pre>
 *  NFTA_BITWISE_SREG, _DREG, _LEN (u32 be), _OP (u32 be, 0)
 *  NFTA_BITWISE_MASK { NFTA_DATA_VALUE }, NFTA_BITWISE_XOR { NFTA_DATA_VALUE }
 * </pre>
 *
 * @param mask as long as {@code xor}
 */
public record Bitwise(Register from, Register into, Bytes mask, Bytes xor)
    implements NftExpression {

  /**
   * @throws IllegalArgumentException if mask and xor differ in length
   */
  public Bitwise {
    if (mask.length() != xor.length()) {
      throw new IllegalArgumentException("mask " + mask + " and xor " + xor + " differ in length");
    }
  }

  /** {@code register = register & mask}. */
  public static Bitwise and(Register register, Bytes mask) {
    return new Bitwise(register, register, mask, Bytes.zeros(mask.length()));
  }

  @Override
  public String kernelName() {
    return "bitwise";
  }

  @Override
  public void write(AttributeWriter data) {
    NftData.putRegister(data, NFTA_BITWISE_SREG, from);
    NftData.putRegister(data, NFTA_BITWISE_DREG, into);
    data.putBe32(NFTA_BITWISE_OP, NFT_BITWISE_MASK_XOR);
    data.putBe32(NFTA_BITWISE_LEN, mask.length());
    NftData.putValue(data, NFTA_BITWISE_MASK, mask);
    NftData.putValue(data, NFTA_BITWISE_XOR, xor);
  }

  /** Whether {@link #read} reads this: shifts are not known here. */
  static boolean reads(AttributeReader data) {
    return data.be32(NFTA_BITWISE_OP).orElse(NFT_BITWISE_MASK_XOR) == NFT_BITWISE_MASK_XOR;
  }

  /** Reads NFTA_EXPR_DATA. */
  static Bitwise read(AttributeReader data) {
    Bytes mask = NftData.requireValue(data, NFTA_BITWISE_MASK);
    Bytes xor = NftData.requireValue(data, NFTA_BITWISE_XOR);
    if (mask.length() != xor.length()) {
      throw new MalformedNetlinkMessage("bitwise mask " + mask + " and xor " + xor);
    }
    return new Bitwise(
        NftData.requireRegister(data, NFTA_BITWISE_SREG),
        NftData.requireRegister(data, NFTA_BITWISE_DREG),
        mask,
        xor);
  }
}
