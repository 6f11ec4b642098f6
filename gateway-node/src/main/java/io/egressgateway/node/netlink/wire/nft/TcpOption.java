package io.egressgateway.node.netlink.wire.nft;

import static io.egressgateway.node.netlink.wire.nft.NftConstants.NFTA_EXTHDR_DREG;
import static io.egressgateway.node.netlink.wire.nft.NftConstants.NFTA_EXTHDR_FLAGS;
import static io.egressgateway.node.netlink.wire.nft.NftConstants.NFTA_EXTHDR_LEN;
import static io.egressgateway.node.netlink.wire.nft.NftConstants.NFTA_EXTHDR_OFFSET;
import static io.egressgateway.node.netlink.wire.nft.NftConstants.NFTA_EXTHDR_OP;
import static io.egressgateway.node.netlink.wire.nft.NftConstants.NFTA_EXTHDR_SREG;
import static io.egressgateway.node.netlink.wire.nft.NftConstants.NFTA_EXTHDR_TYPE;
import static io.egressgateway.node.netlink.wire.nft.NftConstants.NFT_EXTHDR_OP_TCPOPT;

import io.egressgateway.node.netlink.wire.AttributeReader;
import io.egressgateway.node.netlink.wire.AttributeWriter;

/**
 * {@code tcp option …}: bytes of a TCP option; a packet without the option ends the rule.
 *
 * <pre>
 *  NFTA_EXTHDR_DREG (u32 be)  load: into     or     NFTA_EXTHDR_SREG (u32 be)  store: from
 *  NFTA_EXTHDR_TYPE (u8)      the option's kind: 2 is the maximum segment size
 *  NFTA_EXTHDR_OFFSET, NFTA_EXTHDR_LEN (u32 be)  within the option, kind and length included
 *  NFTA_EXTHDR_OP (u32 be)    NFT_EXTHDR_OP_TCPOPT
 * </pre>
 */
public sealed interface TcpOption extends NftExpression {
  /**
   * Which bytes of which option.
   *
   * @param kind the option's, 0 to 255
   * @param offset from the option's start
   * @param length in bytes
   */
  record Field(int kind, int offset, int length) {
    /** {@code maxseg size}: 2 bytes in network order. The kernel only ever lowers it. */
    public static final Field MAXSEG_SIZE = new Field(2, 2, 2);
  }

  /** {@code tcp option … => register}. */
  record Load(Field field, Register into) implements TcpOption {
    @Override
    public void write(AttributeWriter data) {
      NftData.putRegister(data, NFTA_EXTHDR_DREG, into);
      putField(data, field);
    }
  }

  /** {@code tcp option … set register}. */
  record Store(Field field, Register from) implements TcpOption {
    @Override
    public void write(AttributeWriter data) {
      NftData.putRegister(data, NFTA_EXTHDR_SREG, from);
      putField(data, field);
    }
  }

  @Override
  default String kernelName() {
    return "exthdr";
  }

  private static void putField(AttributeWriter data, Field field) {
    data.putU8(NFTA_EXTHDR_TYPE, field.kind());
    data.putBe32(NFTA_EXTHDR_OFFSET, field.offset());
    data.putBe32(NFTA_EXTHDR_LEN, field.length());
    data.putBe32(NFTA_EXTHDR_OP, NFT_EXTHDR_OP_TCPOPT);
  }

  /** Whether {@link #read} reads this: other headers and mere presence are not known here. */
  static boolean reads(AttributeReader data) {
    return data.be32(NFTA_EXTHDR_OP).orElse(0) == NFT_EXTHDR_OP_TCPOPT
        && data.be32(NFTA_EXTHDR_FLAGS).orElse(0) == 0
        && (data.has(NFTA_EXTHDR_DREG) || data.has(NFTA_EXTHDR_SREG));
  }

  /** Reads NFTA_EXPR_DATA. */
  static TcpOption read(AttributeReader data) {
    Field field =
        new Field(
            data.u8(NFTA_EXTHDR_TYPE).orElse(0),
            (int) data.requireBe32(NFTA_EXTHDR_OFFSET),
            (int) data.requireBe32(NFTA_EXTHDR_LEN));
    return data.has(NFTA_EXTHDR_DREG)
        ? new Load(field, NftData.requireRegister(data, NFTA_EXTHDR_DREG))
        : new Store(field, NftData.requireRegister(data, NFTA_EXTHDR_SREG));
  }
}
