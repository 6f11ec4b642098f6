package io.egressgateway.node.netlink.wire.nft;

import static io.egressgateway.node.netlink.wire.nft.NftConstants.NFTA_BYTEORDER_DREG;
import static io.egressgateway.node.netlink.wire.nft.NftConstants.NFTA_BYTEORDER_LEN;
import static io.egressgateway.node.netlink.wire.nft.NftConstants.NFTA_BYTEORDER_OP;
import static io.egressgateway.node.netlink.wire.nft.NftConstants.NFTA_BYTEORDER_SIZE;
import static io.egressgateway.node.netlink.wire.nft.NftConstants.NFTA_BYTEORDER_SREG;

import io.egressgateway.node.netlink.wire.AttributeReader;
import io.egressgateway.node.netlink.wire.AttributeWriter;

/**
 * Turns numbers in a register between the machine's and the network's order: before a key of the
 * machine's order is looked up among ranges.
 *
 * <pre>
 *  NFTA_BYTEORDER_SREG, _DREG (u32 be), _OP (u32 be), _LEN (u32 be: bytes), _SIZE (u32 be: of one)
 * </pre>
 *
 * @param length of all numbers together, in bytes
 * @param size of one number, in bytes: 2, 4 or 8
 */
public record ByteOrderSwap(Direction direction, Register from, Register into, int length, int size)
    implements NftExpression {

  /** NFT_BYTEORDER_…. */
  public enum Direction implements NftEnum {
    NETWORK_TO_HOST(NftConstants.NFT_BYTEORDER_NTOH),
    HOST_TO_NETWORK(NftConstants.NFT_BYTEORDER_HTON);

    private final int number;

    Direction(int number) {
      this.number = number;
    }

    @Override
    public int number() {
      return number;
    }
  }

  /** One 4-byte number, in place, to network order. */
  public static ByteOrderSwap hton32(Register register) {
    return new ByteOrderSwap(Direction.HOST_TO_NETWORK, register, register, 4, 4);
  }

  @Override
  public String kernelName() {
    return "byteorder";
  }

  @Override
  public void write(AttributeWriter data) {
    NftData.putRegister(data, NFTA_BYTEORDER_SREG, from);
    NftData.putRegister(data, NFTA_BYTEORDER_DREG, into);
    data.putBe32(NFTA_BYTEORDER_OP, direction.number());
    data.putBe32(NFTA_BYTEORDER_LEN, length).putBe32(NFTA_BYTEORDER_SIZE, size);
  }

  /** Reads NFTA_EXPR_DATA. */
  static ByteOrderSwap read(AttributeReader data) {
    return new ByteOrderSwap(
        NftEnum.of(Direction.class, data.requireBe32(NFTA_BYTEORDER_OP)),
        NftData.requireRegister(data, NFTA_BYTEORDER_SREG),
        NftData.requireRegister(data, NFTA_BYTEORDER_DREG),
        (int) data.requireBe32(NFTA_BYTEORDER_LEN),
        (int) data.requireBe32(NFTA_BYTEORDER_SIZE));
  }
}
