package io.egressgateway.node.uplink;

import io.egressgateway.core.model.IpAddress;
import io.egressgateway.core.model.Ipv4Address;
import io.egressgateway.core.model.MacAddress;
import io.egressgateway.node.netlink.wire.Bytes;
import io.egressgateway.node.netlink.wire.frame.ArpFrame;
import io.egressgateway.node.netlink.wire.frame.NeighbourAdvertisement;
import io.egressgateway.node.netlink.wire.frame.NeighbourSolicitation;
import java.util.Optional;

/** Somebody says that an address is at a MAC, whatever for. */
record Claim(IpAddress address, MacAddress mac) {
  private static final Ipv4Address NOBODY = new Ipv4Address(0);

  /** Of any ARP packet but a probe, which names no sender (RFC 5227). */
  static Optional<Claim> ofArp(Bytes frame) {
    return ArpFrame.decode(frame)
        .filter(arp -> !arp.senderIp().equals(NOBODY))
        .map(arp -> new Claim(arp.senderIp(), arp.senderMac()));
  }

  /** Of an advertisement, or of a solicitation that is no probe (RFC 4862). */
  static Optional<Claim> ofNeighbourDiscovery(Bytes frame) {
    return NeighbourAdvertisement.decode(frame)
        .map(advertisement -> new Claim(advertisement.target(), advertisement.targetMac()))
        .or(
            () ->
                NeighbourSolicitation.decode(frame)
                    .filter(solicitation -> !solicitation.source().isUnspecified())
                    .map(solicitation -> new Claim(solicitation.source(), solicitation.sender())));
  }
}
