package io.egressgateway.load.oracle;

import io.egressgateway.core.model.IpAddress;
import io.egressgateway.core.model.Ipv4Address;
import io.egressgateway.core.model.Ipv6Address;
import io.egressgateway.core.model.MacAddress;
import io.egressgateway.load.oracle.Holding.Sound;
import io.egressgateway.node.netlink.wire.Bytes;
import io.egressgateway.node.netlink.wire.frame.ArpFrame;
import io.egressgateway.node.netlink.wire.frame.EtherType;
import io.egressgateway.node.netlink.wire.frame.NeighbourAdvertisement;
import java.nio.ByteBuffer;
import java.util.Optional;
import java.util.OptionalLong;

/**
 * What a frame on the segment says about an address.
 *
 * @param from whose frame it is
 * @param answerTo the number of the question that it answers
 */
record Overheard(MacAddress from, IpAddress address, OptionalLong answerTo, Sound sound) {
  private static final int IPV4 = 0x0800;
  private static final int ETHER_TYPE = 12;
  private static final int ETHER_SOURCE = 6;
  private static final int MAC_BYTES = 6;
  private static final int ETHER_BYTES = 14;
  private static final int IPV4_SOURCE = 26;
  private static final int IPV4_BYTES = 4;
  private static final int IPV6_SOURCE = 22;
  private static final int IPV6_BYTES = 16;

  /** Reads a frame; empty if it says nothing of the kind. */
  static Optional<Overheard> in(Bytes frame) {
    if (frame.length() < ETHER_BYTES) {
      return Optional.empty();
    }
    return switch (frame.at(ETHER_TYPE) << 8 | frame.at(ETHER_TYPE + 1)) {
      case EtherType.ARP -> ArpFrame.decode(frame).map(arp -> claim(frame, arp.senderIp()));
      case IPV4 ->
          part(frame, IPV4_SOURCE, IPV4_BYTES)
              .map(bytes -> packet(frame, new Ipv4Address(ByteBuffer.wrap(bytes).getInt())));
      case EtherType.IPV6 ->
          NeighbourAdvertisement.decode(frame)
              .map(news -> claim(frame, news.target()))
              .or(
                  () ->
                      part(frame, IPV6_SOURCE, IPV6_BYTES)
                          .map(bytes -> packet(frame, Ipv6Address.fromBytes(bytes))));
      default -> Optional.empty();
    };
  }

  private static Overheard claim(Bytes frame, IpAddress address) {
    MacAddress destination = mac(frame, 0);
    return new Overheard(
        mac(frame, ETHER_SOURCE), address, Question.answeredBy(destination), Sound.CLAIM);
  }

  private static Overheard packet(Bytes frame, IpAddress source) {
    return new Overheard(mac(frame, ETHER_SOURCE), source, OptionalLong.empty(), Sound.PACKET);
  }

  private static MacAddress mac(Bytes frame, int offset) {
    return MacAddress.fromBytes(frame.slice(offset, offset + MAC_BYTES).toArray());
  }

  private static Optional<byte[]> part(Bytes frame, int offset, int length) {
    return frame.length() < offset + length
        ? Optional.empty()
        : Optional.of(frame.slice(offset, offset + length).toArray());
  }
}
