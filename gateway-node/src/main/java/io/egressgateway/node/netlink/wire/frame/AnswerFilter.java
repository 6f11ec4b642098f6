package io.egressgateway.node.netlink.wire.frame;

import static io.egressgateway.node.netlink.wire.frame.NeighbourFilter.instruction;

import io.egressgateway.node.netlink.wire.Bytes;
import java.util.List;

/**
 * Programs for a packet socket that asks, and has no use for what others ask: a gateway node is
 * asked by every node that uses it. Classic BPF, as {@link NeighbourFilter}.
 */
public final class AnswerFilter {
  private static final int OPERATION_AT = 20;
  private static final int REPLY = 2;

  /** Accepts ARP replies alone, on a socket that gets ARP. */
  public static final Bytes ARP_REPLIES =
      Bytes.concat(
          List.of(
              instruction(NeighbourFilter.LOAD_HALF, 0, 0, OPERATION_AT),
              instruction(NeighbourFilter.JUMP_IF_EQUAL, 0, 1, REPLY),
              instruction(NeighbourFilter.RETURN, 0, 0, NeighbourFilter.WHOLE_FRAME),
              instruction(NeighbourFilter.RETURN, 0, 0, 0)));

  /** Accepts neighbour advertisements alone, on a socket that gets IPv6. */
  public static final Bytes NEIGHBOUR_ADVERTISEMENTS =
      Bytes.concat(
          List.of(
              instruction(NeighbourFilter.LOAD_BYTE, 0, 0, NeighbourFilter.NEXT_HEADER_AT),
              instruction(NeighbourFilter.JUMP_IF_EQUAL, 0, 3, NeighbourFilter.ICMPV6),
              instruction(NeighbourFilter.LOAD_BYTE, 0, 0, NeighbourFilter.ICMPV6_TYPE_AT),
              instruction(NeighbourFilter.JUMP_IF_EQUAL, 0, 1, NeighbourAdvertisement.TYPE),
              instruction(NeighbourFilter.RETURN, 0, 0, NeighbourFilter.WHOLE_FRAME),
              instruction(NeighbourFilter.RETURN, 0, 0, 0)));

  private AnswerFilter() {}
}
