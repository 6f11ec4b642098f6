package io.egressgateway.node.lease;

import io.egressgateway.core.model.IpAddress;
import io.egressgateway.core.model.Ipv4Address;
import io.egressgateway.core.model.Ipv6Address;
import io.egressgateway.node.kernel.KernelFault;
import io.egressgateway.node.kernel.Uplink.Port;
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
import java.util.SortedMap;
import java.util.TreeMap;

/** Gratuitous ARP and unsolicited neighbour advertisements; each link has a socket kept open. */
public final class PacketHerald implements Herald {
  private record Voice(Port port, PacketSocket socket) {}

  private final SortedMap<String, Voice> voices = new TreeMap<>();

  @Override
  public void announce(Port port, IpAddress address) throws KernelFault {
    try {
      PacketSocket socket = socket(port);
      frames(port, address).forEach(socket::send);
    } catch (NetlinkException refused) {
      // The link may be another one of the same name by now.
      silence(port);
      throw new KernelFault(
          "announce", address + " on " + port.name(), String.valueOf(refused.getMessage()));
    }
  }

  private PacketSocket socket(Port port) throws KernelFault {
    Optional<Voice> voice = Optional.ofNullable(voices.get(port.name()));
    if (voice.isPresent() && voice.get().port().equals(port)) {
      return voice.get().socket();
    }
    silence(port);
    try (RouteNetlink routing = RouteNetlink.open(SocketLimits.REQUESTS)) {
      Link link =
          routing
              .link(LinkName.of(port.name()))
              .orElseThrow(
                  () -> new KernelFault("find", "link " + port.name(), "there is no such link"));
      PacketSocket socket = PacketSocket.forSending(link.index(), SocketLimits.REQUESTS);
      voices.put(port.name(), new Voice(port, socket));
      return socket;
    }
  }

  private void silence(Port port) {
    Optional.ofNullable(voices.remove(port.name())).ifPresent(voice -> voice.socket().close());
  }

  /** Some neighbours heed the request, some the reply. */
  private static List<Bytes> frames(Port port, IpAddress address) {
    return switch (address) {
      case Ipv4Address ip ->
          List.of(
              ArpFrame.gratuitousRequest(port.mac(), ip).encode(),
              ArpFrame.gratuitousReply(port.mac(), ip).encode());
      case Ipv6Address ip -> List.of(NeighbourAdvertisement.unsolicited(port.mac(), ip).encode());
    };
  }

  @Override
  public void close() {
    voices.values().forEach(voice -> voice.socket().close());
    voices.clear();
  }
}
