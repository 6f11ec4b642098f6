package io.egressgateway.node.netlink.wire.frame;

import io.egressgateway.core.model.Ipv6Address;
import io.egressgateway.core.model.MacAddress;
import io.egressgateway.node.netlink.wire.Bytes;
import java.nio.ByteBuffer;
import java.util.Optional;

/**
 * Says which MAC an IPv6 address has: ICMPv6 type 136, RFC 4861 section 4.4.
 *
 * <pre>
 * | type 136 | code 0 | checksum (u16) | R S O flags, 29 bits reserved |
 * | target address (16) | option type 2 | length 1 (8 bytes) | MAC (6) |
 * </pre>
 *
 * @param sender the frame's own source
 * @param solicited whether it answers a question: unsolicited ones go to all nodes
 * @param override whether it replaces what a neighbour believes: without it a cached entry stays
 */
public record NeighbourAdvertisement(
    MacAddress sender, Ipv6Address target, MacAddress targetMac, Reason solicited, Force override) {
  /** Why it is sent. */
  public enum Reason {
    UNSOLICITED,
    SOLICITED
  }

  /** Whether it replaces what neighbours believe. */
  public enum Force {
    KEEP,
    OVERRIDE
  }

  static final int TYPE = 136;

  private static final int BYTES = 32;
  private static final int SOLICITED_FLAG = 0x40000000;
  private static final int OVERRIDE_FLAG = 0x20000000;
  private static final MacAddress ALL_NODES_MAC = new MacAddress(0x3333_0000_0001L);
  private static final Ipv6Address ALL_NODES = Ipv6Address.of("ff02::1");

  /** Tells all neighbours that {@code ip} is at {@code mac}, whatever they believed. */
  public static NeighbourAdvertisement unsolicited(MacAddress mac, Ipv6Address ip) {
    return new NeighbourAdvertisement(mac, ip, mac, Reason.UNSOLICITED, Force.OVERRIDE);
  }

  /** The frame, to all nodes, from the target address. */
  public Bytes encode() {
    ByteBuffer message =
        ByteBuffer.allocate(BYTES).put((byte) TYPE).put((byte) 0).putShort((short) 0);
    int flags =
        (solicited == Reason.SOLICITED ? SOLICITED_FLAG : 0)
            | (override == Force.OVERRIDE ? OVERRIDE_FLAG : 0);
    message.putInt(flags).put(target.toBytes());
    message.put((byte) NeighbourOption.TARGET_MAC).put((byte) 1).put(targetMac.toBytes());
    return new Icmpv6Frame(ALL_NODES_MAC, sender, target, ALL_NODES, Bytes.of(message.array()))
        .encode();
  }

  /** Reads a frame; empty if it is none, or one that says no MAC. */
  public static Optional<NeighbourAdvertisement> decode(Bytes frame) {
    return Icmpv6Frame.decode(frame)
        .filter(f -> f.message().at(0) == TYPE && f.message().length() >= NeighbourOption.OFFSET)
        .flatMap(
            f ->
                NeighbourOption.find(f.message(), NeighbourOption.TARGET_MAC)
                    .map(mac -> of(f, mac)));
  }

  private static NeighbourAdvertisement of(Icmpv6Frame frame, MacAddress targetMac) {
    int flags = frame.message().at(4) << 24;
    return new NeighbourAdvertisement(
        frame.sourceMac(),
        Ipv6Address.fromBytes(frame.message().slice(8, 24).toArray()),
        targetMac,
        (flags & SOLICITED_FLAG) != 0 ? Reason.SOLICITED : Reason.UNSOLICITED,
        (flags & OVERRIDE_FLAG) != 0 ? Force.OVERRIDE : Force.KEEP);
  }
}
