package io.egressgateway.node.netlink.wire.nft;

import java.util.Arrays;

/** A closed set of numbers in an attribute. */
interface NftEnum {
  /** The number on the wire. */
  int number();

  /** The constant with this number. */
  static <E extends Enum<E> & NftEnum> E of(Class<E> type, long number) {
    return Arrays.stream(type.getEnumConstants())
        .filter(constant -> constant.number() == number)
        .findFirst()
        .orElseThrow(() -> new UnknownNumber(type.getSimpleName() + " " + number));
  }

  /** A number that a newer kernel may know: the expression around it is read as unknown. */
  final class UnknownNumber extends RuntimeException {
    private static final long serialVersionUID = 1L;

    UnknownNumber(String message) {
      super(message);
    }
  }
}
