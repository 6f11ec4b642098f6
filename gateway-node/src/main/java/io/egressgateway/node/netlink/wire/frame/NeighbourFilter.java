package io.egressgateway.node.netlink.wire.frame;

import io.egressgateway.node.netlink.wire.Bytes;
import java.util.List;

/**
 * A program for a packet socket that accepts neighbour solicitations and advertisements alone: an
 * uplink may carry much other IPv6. Classic BPF, linux/filter.h.
 *
 * <pre>
 *  struct sock_filter: | code u16 | jump if true u8 | jump if false u8 | k u32 |
 * </pre>
 */
public final class NeighbourFilter {
  static final int LOAD_HALF = 0x28;
  static final int LOAD_BYTE = 0x30;
  static final int JUMP_IF_EQUAL = 0x15;
  static final int RETURN = 0x06;
  static final int ETHER_TYPE_AT = 12;
  static final int NEXT_HEADER_AT = 20;
  static final int ICMPV6_TYPE_AT = 54;
  static final int ICMPV6 = 58;
  static final int WHOLE_FRAME = 0xffff;

  /** The instructions; the numbers of jumps count from the instruction behind. */
  public static final Bytes INSTRUCTIONS =
      Bytes.concat(
          List.of(
              instruction(LOAD_HALF, 0, 0, ETHER_TYPE_AT),
              instruction(JUMP_IF_EQUAL, 0, 6, EtherType.IPV6),
              instruction(LOAD_BYTE, 0, 0, NEXT_HEADER_AT),
              instruction(JUMP_IF_EQUAL, 0, 4, ICMPV6),
              instruction(LOAD_BYTE, 0, 0, ICMPV6_TYPE_AT),
              instruction(JUMP_IF_EQUAL, 1, 0, NeighbourSolicitation.TYPE),
              instruction(JUMP_IF_EQUAL, 0, 1, NeighbourAdvertisement.TYPE),
              instruction(RETURN, 0, 0, WHOLE_FRAME),
              instruction(RETURN, 0, 0, 0)));

  private NeighbourFilter() {}

  static Bytes instruction(int code, int ifTrue, int ifFalse, int k) {
    return Bytes.concat(
        List.of(Bytes.u16(code), Bytes.u8(ifTrue), Bytes.u8(ifFalse), Bytes.u32(k)));
  }
}
