package io.egressgateway.load.oracle;

import io.egressgateway.core.model.NodeName;
import java.util.OptionalLong;

/**
 * A time in which one node, and no other, was heard for an egress IP without a longer silence.
 *
 * @param node who was heard
 * @param firstNanos the first frame, by {@link System#nanoTime}
 * @param lastNanos the last frame so far
 * @param firstPacketNanos the first packet from the egress IP; empty if there was none
 */
public record Holding(
    NodeName node, long firstNanos, long lastNanos, OptionalLong firstPacketNanos) {

  static Holding begin(NodeName node, long nanos, Sound sound) {
    return new Holding(node, nanos, nanos, OptionalLong.empty()).heard(nanos, sound);
  }

  Holding heard(long nanos, Sound sound) {
    OptionalLong packet =
        sound == Sound.PACKET && firstPacketNanos.isEmpty()
            ? OptionalLong.of(nanos)
            : firstPacketNanos;
    return new Holding(node, firstNanos, nanos, packet);
  }

  /** What was heard. */
  enum Sound {
    /** An answer to who has the address, or an announcement. */
    CLAIM,
    /** A packet with the address as its source. */
    PACKET
  }
}
