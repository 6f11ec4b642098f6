package io.egressgateway.policy.entity;

import com.google.protobuf.ByteString;
import io.egressgateway.core.model.EipNumber;
import io.egressgateway.core.model.IpAddress;

/**
 * A part of the connections of an egress IP, on its way from one agent to another. Controllers do
 * not look into it.
 *
 * @param part counted from 0
 * @param place whether more parts follow
 * @param flows a {@code FlowBatch} of link.proto
 */
public record FlowParcel(Eip eip, int part, Place place, ByteString flows) {
  /** Of the flows. */
  public static final int BYTES_MAX = 1 << 16;

  /** Whose connections. */
  public record Eip(IpAddress address, EipNumber number) {}

  /** Whether more parts follow. */
  public enum Place {
    MORE_FOLLOW,
    LAST
  }
}
