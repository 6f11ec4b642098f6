package io.egressgateway.node.netlink.wire.frame;

import io.egressgateway.core.model.Ipv6Address;
import io.egressgateway.core.model.MacAddress;
import io.egressgateway.node.netlink.wire.Bytes;
import java.nio.ByteBuffer;
import java.util.Optional;

/**
 * Asks who has an IPv6 address: ICMPv6 type 135, RFC 4861 section 4.3. From the unspecified address
 * it is a probe that claims nothing (RFC 4862 section 5.4.2); holders answer to all nodes.
 *
 * <pre>
 * | type 135 | code 0 | checksum (u16) | reserved (u32) | target address (16) | options |
 * </pre>
 *
 * @param sender the frame's own source
 */
public record NeighbourSolicitation(MacAddress sender, Ipv6Address source, Ipv6Address target) {
  static final int TYPE = 135;

  private static final int BYTES = 24;
  private static final long SOLICITED_NODE_HIGH = 0xff02_0000_0000_0000L;
  private static final long SOLICITED_NODE_LOW = 0x0000_0001_ff00_0000L;
  private static final long MULTICAST_MAC = 0x3333_0000_0000L;

  /** Asks who has {@code ip} without claiming any address. */
  public static NeighbourSolicitation probe(MacAddress mac, Ipv6Address ip) {
    return new NeighbourSolicitation(mac, new Ipv6Address(0, 0), ip);
  }

  /** The frame, to the target's solicited-node group. A probe has no source option, others have. */
  public Bytes encode() {
    return encodeFor(new MacAddress(MULTICAST_MAC | (group().low() & 0xffff_ffffL)));
  }

  /** The same, but on the link to one neighbour alone, as where multicast has no way: RFC 6085. */
  public Bytes encodeFor(MacAddress neighbour) {
    boolean isProbe = source.isUnspecified();
    ByteBuffer message = ByteBuffer.allocate(BYTES + (isProbe ? 0 : 8));
    message.put((byte) TYPE).put((byte) 0).putShort((short) 0).putInt(0).put(target.toBytes());
    if (!isProbe) {
      message.put((byte) NeighbourOption.SOURCE_MAC).put((byte) 1).put(sender.toBytes());
    }
    return new Icmpv6Frame(neighbour, sender, source, group(), Bytes.of(message.array())).encode();
  }

  private Ipv6Address group() {
    return new Ipv6Address(SOLICITED_NODE_HIGH, SOLICITED_NODE_LOW | (target.low() & 0xff_ffff));
  }

  /** Reads a frame; empty if it is none. */
  public static Optional<NeighbourSolicitation> decode(Bytes frame) {
    return Icmpv6Frame.decode(frame)
        .filter(f -> f.message().at(0) == TYPE && f.message().length() >= BYTES)
        .map(
            f ->
                new NeighbourSolicitation(
                    f.sourceMac(),
                    f.source(),
                    Ipv6Address.fromBytes(f.message().slice(8, BYTES).toArray())));
  }
}
