package io.egressgateway.node.netlink.wire.nft;

import java.util.Arrays;
import java.util.Optional;

/**
 * The types nft knows keys and data by; the kernel stores the numbers and compares none of them.
 * The numbers are those of nft's own enum datatypes (src/datatype.h), the same in every version.
 */
public enum NftDataType {
  NF_PROTO(2, 1, Order.INVALID),
  IPV4_ADDR(7, 4, Order.BIG),
  IPV6_ADDR(8, 16, Order.BIG),
  ETHER_ADDR(9, 6, Order.BIG),
  ETHER_TYPE(10, 2, Order.BIG),
  INET_PROTO(12, 1, Order.INVALID),
  INET_SERVICE(13, 2, Order.BIG),
  MARK(19, 4, Order.HOST),
  CT_STATE(26, 4, Order.HOST),
  CT_DIRECTION(27, 1, Order.INVALID),
  IFNAME(41, 16, Order.HOST);

  /** enum byteorder of nft's src/datatype.h. */
  private enum Order {
    INVALID(0),
    HOST(1),
    BIG(2);

    private final int number;

    Order(int number) {
      this.number = number;
    }
  }

  private final int number;
  private final int length;
  private final Order order;

  NftDataType(int number, int length, Order order) {
    this.number = number;
    this.length = length;
    this.order = order;
  }

  /** nft's number for the type. */
  int number() {
    return number;
  }

  /** Bytes of a value. */
  public int length() {
    return length;
  }

  /** Bytes of a value within a concatenation: whole registers. */
  public int paddedLength() {
    return (length + 3) & ~3;
  }

  /** What nft notes about the byte order in a set's user data. */
  int byteOrderNumber() {
    return order.number;
  }

  /** The type of a number; empty for those nothing here uses. */
  static Optional<NftDataType> of(long number) {
    return Arrays.stream(values()).filter(type -> type.number == number).findFirst();
  }
}
