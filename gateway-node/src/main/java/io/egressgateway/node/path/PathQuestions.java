package io.egressgateway.node.path;

import io.egressgateway.core.model.IpAddress;
import io.egressgateway.core.model.IpFamily;
import io.egressgateway.core.model.MacAddress;
import io.egressgateway.core.model.NodeName;
import io.egressgateway.core.model.NodeNumber;
import io.egressgateway.core.plan.Mesh;
import io.egressgateway.core.plan.NodePlan;
import io.egressgateway.core.plan.TunnelEndpoint;
import io.egressgateway.node.netlink.wire.Bytes;
import io.egressgateway.node.netlink.wire.frame.ArpFrame;
import io.egressgateway.node.netlink.wire.frame.NeighbourAdvertisement;
import io.egressgateway.node.netlink.wire.frame.NeighbourSolicitation;
import java.util.Collections;
import java.util.Optional;
import java.util.SortedMap;
import java.util.SortedSet;
import java.util.TreeMap;
import java.util.TreeSet;

/**
 * Whom a node asks through its tunnel, and how. A question is what one end of a link asks another
 * whose address it knows: ARP, where the tunnel has no IPv4 a neighbour solicitation, each to the
 * one node alone. The kernel there answers it whatever its firewall thinks of echo requests, and
 * neither side remembers a connection.
 *
 * @param self this node's end of the tunnel
 * @param family of the questions: the tunnel's outer packets are the same for both
 * @param device the tunnel's
 * @param peers the gateway nodes whose egress IPs the node uses, and that have an address of the
 *     family; {@value #PEERS_MAX} at most, those with the lowest numbers
 */
record PathQuestions(
    TunnelEndpoint self,
    IpFamily family,
    String device,
    SortedMap<NodeName, TunnelEndpoint> peers) {
  /** Each is a frame in two seconds, and a name in what the controllers are told. */
  static final int PEERS_MAX = 128;

  PathQuestions {
    peers = Collections.unmodifiableSortedMap(new TreeMap<>(peers));
  }

  static PathQuestions of(NodePlan plan) {
    Mesh mesh = plan.mesh();
    IpFamily family =
        mesh.self().tunnelAddress(IpFamily.IPV4).isPresent() ? IpFamily.IPV4 : IpFamily.IPV6;
    SortedSet<NodeNumber> used = new TreeSet<>(plan.ownership().routes().values());
    used.retainAll(mesh.peers().keySet());
    SortedMap<NodeName, TunnelEndpoint> peers = new TreeMap<>();
    if (mesh.self().tunnelAddress(family).isPresent()) {
      used.stream()
          .map(mesh.peers()::get)
          .filter(peer -> peer.tunnelAddress(family).isPresent())
          .limit(PEERS_MAX)
          .forEach(peer -> peers.put(peer.node(), peer));
    }
    return new PathQuestions(mesh.self(), family, mesh.settings().device(), peers);
  }

  /** The frame that asks a peer. */
  Bytes question(TunnelEndpoint peer) {
    return switch (family) {
      case IPV4 ->
          new ArpFrame(
                  peer.mac(),
                  ArpFrame.Operation.REQUEST,
                  self.mac(),
                  self.addresses().ipv4().orElseThrow(),
                  peer.mac(),
                  peer.addresses().ipv4().orElseThrow())
              .encode();
      case IPV6 ->
          new NeighbourSolicitation(
                  self.mac(),
                  self.addresses().ipv6().orElseThrow(),
                  peer.addresses().ipv6().orElseThrow())
              .encodeFor(peer.mac());
    };
  }

  /** Who says so, if the frame is a peer's answer. */
  Optional<NodeName> answer(Bytes frame) {
    return switch (family) {
      case IPV4 ->
          ArpFrame.decode(frame)
              .filter(arp -> arp.operation() == ArpFrame.Operation.REPLY)
              .flatMap(arp -> peer(arp.senderIp(), arp.senderMac()));
      case IPV6 ->
          NeighbourAdvertisement.decode(frame)
              .flatMap(advertisement -> peer(advertisement.target(), advertisement.targetMac()));
    };
  }

  private Optional<NodeName> peer(IpAddress address, MacAddress mac) {
    return peers.values().stream()
        .filter(peer -> peer.mac().equals(mac))
        .filter(peer -> peer.tunnelAddress(family).filter(address::equals).isPresent())
        .map(TunnelEndpoint::node)
        .findFirst();
  }
}
