package io.egressgateway.load.failover;

import io.egressgateway.core.model.Ipv4Address;
import io.egressgateway.core.model.MacAddress;
import io.egressgateway.load.lab.LabNode;
import io.egressgateway.load.lab.net.LabNetwork;
import io.egressgateway.load.lab.net.NamespaceExecutor;
import io.egressgateway.load.lab.net.NetNamespace;
import io.egressgateway.node.netlink.RouteNetlink;
import io.egressgateway.node.netlink.socket.PacketSocket;
import io.egressgateway.node.netlink.socket.SocketLimits;
import io.egressgateway.node.netlink.wire.frame.ArpFrame;
import io.egressgateway.node.netlink.wire.frame.EtherType;
import io.egressgateway.node.netlink.wire.route.LinkName;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;

/** The ARP requests in which somebody tells all of the underlay that it has an address. */
final class Announcements implements AutoCloseable {
  private final Ipv4Address address;
  private final PacketSocket ear;
  private final Thread thread;
  private final List<MacAddress> heard = new ArrayList<>();
  private volatile boolean closed;

  private Announcements(Ipv4Address address, PacketSocket ear) {
    this.address = address;
    this.ear = ear;
    this.thread = Thread.ofPlatform().name("announcements").daemon().unstarted(this::listen);
  }

  /** Listens at the router. */
  static Announcements listen(Ipv4Address address) throws IOException {
    try (NamespaceExecutor inside = new NamespaceExecutor(NetNamespace.router())) {
      PacketSocket ear =
          inside.call(
              () -> {
                try (RouteNetlink netlink = RouteNetlink.open(SocketLimits.REQUESTS)) {
                  int uplink = netlink.link(LinkName.of("eth0")).orElseThrow().index();
                  return PacketSocket.open(uplink, EtherType.ARP, SocketLimits.NOTIFICATIONS);
                }
              });
      Announcements announcements = new Announcements(address, ear);
      announcements.thread.start();
      return announcements;
    }
  }

  private void listen() {
    while (!closed) {
      ear.receive()
          .flatMap(ArpFrame::decode)
          .filter(arp -> arp.operation() == ArpFrame.Operation.REQUEST)
          .filter(arp -> arp.senderIp().equals(address) && arp.targetIp().equals(address))
          .ifPresent(this::note);
    }
  }

  private synchronized void note(ArpFrame arp) {
    heard.add(arp.senderMac());
  }

  /** How many came from a node. */
  synchronized int of(LabNode node) {
    MacAddress mac = LabNetwork.underlayMac(node.underlay());
    return (int) heard.stream().filter(mac::equals).count();
  }

  @Override
  public void close() {
    closed = true;
    try {
      thread.join();
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
    ear.close();
  }
}
