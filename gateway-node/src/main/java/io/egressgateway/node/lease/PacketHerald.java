package io.egressgateway.node.lease;

import io.egressgateway.core.model.IpAddress;
import io.egressgateway.core.model.Ipv4Address;
import io.egressgateway.core.model.Ipv6Address;
import io.egressgateway.node.kernel.KernelFault;
import io.egressgateway.node.kernel.Uplink;
import io.egressgateway.node.netlink.RouteNetlink;
import io.egressgateway.node.netlink.socket.NetlinkException;
import io.egressgateway.node.netlink.socket.PacketSocket;
import io.egressgateway.node.netlink.socket.SocketLimits;
import io.egressgateway.node.netlink.wire.Bytes;
import io.egressgateway.node.netlink.wire.frame.ArpFrame;
import io.egressgateway.node.netlink.wire.frame.NeighbourAdvertisement;
import io.egressgateway.node.netlink.wire.route.Link;
import io.egressgateway.node.netlink.wire.route.LinkName;
import java.util.List;
import java.util.Optional;

/** Gratuitous ARP and unsolicited neighbour advertisements, through one socket kept open. */
public final class PacketHerald implements Herald {
  private record Voice(Uplink uplink, PacketSocket socket) {}

  private Optional<Voice> voice = Optional.empty();

  @Override
  public void announce(Uplink uplink, IpAddress address) throws KernelFault {
    try {
      PacketSocket socket = socket(uplink);
      frames(uplink, address).forEach(socket::send);
    } catch (NetlinkException refused) {
      // The link may be another one of the same name by now.
      close();
      throw new KernelFault(
          "announce", address + " on " + uplink.name(), String.valueOf(refused.getMessage()));
    }
  }

  private PacketSocket socket(Uplink uplink) throws KernelFault {
    if (voice.isPresent() && voice.get().uplink().equals(uplink)) {
      return voice.get().socket();
    }
    close();
    try (RouteNetlink routing = RouteNetlink.open(SocketLimits.REQUESTS)) {
      Link link =
          routing
              .link(LinkName.of(uplink.name()))
              .orElseThrow(
                  () -> new KernelFault("find", "link " + uplink.name(), "there is no such link"));
      PacketSocket socket = PacketSocket.forSending(link.index(), SocketLimits.REQUESTS);
      voice = Optional.of(new Voice(uplink, socket));
      return socket;
    }
  }

  /** Some neighbours heed the request, some the reply. */
  private static List<Bytes> frames(Uplink uplink, IpAddress address) {
    return switch (address) {
      case Ipv4Address ip ->
          List.of(
              ArpFrame.gratuitousRequest(uplink.mac(), ip).encode(),
              ArpFrame.gratuitousReply(uplink.mac(), ip).encode());
      case Ipv6Address ip -> List.of(NeighbourAdvertisement.unsolicited(uplink.mac(), ip).encode());
    };
  }

  @Override
  public void close() {
    voice.ifPresent(open -> open.socket().close());
    voice = Optional.empty();
  }
}
