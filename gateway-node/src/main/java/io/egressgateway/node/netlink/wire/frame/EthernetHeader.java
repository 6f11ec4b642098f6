package io.egressgateway.node.netlink.wire.frame;

import io.egressgateway.core.model.MacAddress;
import io.egressgateway.node.netlink.wire.Bytes;
import java.nio.ByteBuffer;
import java.util.Optional;

/**
 * The first 14 bytes of a frame.
 *
 * <pre>
 * | destination (6) | source (6) | EtherType (u16 be) |
 * </pre>
 */
record EthernetHeader(MacAddress destination, MacAddress source, int etherType) {
  static final int BYTES = 14;
  static final MacAddress BROADCAST = new MacAddress(0xffff_ffff_ffffL);

  void writeTo(ByteBuffer frame) {
    frame.put(destination.toBytes()).put(source.toBytes()).putShort((short) etherType);
  }

  /** Empty if the frame is too short. */
  static Optional<EthernetHeader> read(Bytes frame) {
    if (frame.length() < BYTES) {
      return Optional.empty();
    }
    return Optional.of(
        new EthernetHeader(
            MacAddress.fromBytes(frame.slice(0, 6).toArray()),
            MacAddress.fromBytes(frame.slice(6, 12).toArray()),
            (frame.at(12) << 8) | frame.at(13)));
  }
}
