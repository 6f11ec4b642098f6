package io.egressgateway.node.flow;

import com.google.protobuf.ByteString;
import io.egressgateway.core.model.NodeName;

/**
 * A part of an egress IP's connections.
 *
 * @param node that gets them, or that they come from
 * @param part counted from 0
 * @param place whether more parts follow
 * @param flows a {@code FlowBatch} of link.proto
 */
public record FlowParcel(HandedEip eip, NodeName node, int part, Place place, ByteString flows) {
  /** Whether more parts follow. */
  public enum Place {
    MORE_FOLLOW,
    LAST
  }

  /** Of the flows' bytes. */
  public static final int BYTES_MAX = 1 << 16;
}
