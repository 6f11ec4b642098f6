package io.egressgateway.node.netlink.wire.frame;

import io.egressgateway.core.model.MacAddress;
import io.egressgateway.node.netlink.wire.Bytes;
import java.util.Optional;

/**
 * The options behind a neighbour discovery message: RFC 4861 section 4.6.
 *
 * <pre>
 * | type (u8) | length (u8, in units of 8 bytes, the two first included) | value |
 * </pre>
 */
final class NeighbourOption {
  static final int SOURCE_MAC = 1;
  static final int TARGET_MAC = 2;

  /** Where options begin in solicitations and advertisements. */
  static final int OFFSET = 24;

  private static final int UNIT_BYTES = 8;

  private NeighbourOption() {}

  static Optional<MacAddress> find(Bytes message, int type) {
    int at = OFFSET;
    while (at + UNIT_BYTES <= message.length()) {
      int length = message.at(at + 1) * UNIT_BYTES;
      if (length == 0 || at + length > message.length()) {
        return Optional.empty();
      }
      if (message.at(at) == type && length == UNIT_BYTES) {
        return Optional.of(MacAddress.fromBytes(message.slice(at + 2, at + UNIT_BYTES).toArray()));
      }
      at += length;
    }
    return Optional.empty();
  }
}
