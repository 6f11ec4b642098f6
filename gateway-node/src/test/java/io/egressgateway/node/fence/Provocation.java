package io.egressgateway.node.fence;

import io.egressgateway.core.model.Ipv4Address;
import io.egressgateway.core.model.Ipv6Address;
import io.egressgateway.core.model.MacAddress;
import io.egressgateway.node.netlink.RouteNetlink;
import io.egressgateway.node.netlink.socket.NetlinkException;
import io.egressgateway.node.netlink.socket.NetworkNamespace;
import io.egressgateway.node.netlink.socket.PacketSocket;
import io.egressgateway.node.netlink.socket.SocketLimits;
import io.egressgateway.node.netlink.wire.Bytes;
import io.egressgateway.node.netlink.wire.frame.ArpFrame;
import io.egressgateway.node.netlink.wire.frame.EtherType;
import io.egressgateway.node.netlink.wire.frame.NeighbourSolicitation;
import io.egressgateway.node.netlink.wire.route.Link;
import io.egressgateway.node.netlink.wire.route.LinkName;
import java.io.IOException;
import java.net.DatagramPacket;
import java.net.DatagramSocket;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.locks.LockSupport;

/** Does all the time what makes a node send as an egress IP. */
final class Provocation implements AutoCloseable {
  private static final int PORT = 7;
  private static final byte[] DATAGRAM = {1};
  private static final MacAddress EVERYBODY = new MacAddress(0xffff_ffff_ffffL);

  private interface Act {
    void once() throws IOException;
  }

  private final FenceLab lab;
  private final List<Act> acts = new ArrayList<>();
  private final List<Runnable> endings = new ArrayList<>();
  private final AtomicLong rounds = new AtomicLong();
  private Thread thread = Thread.currentThread();
  private volatile boolean stopped;

  private Provocation(FenceLab lab) {
    this.lab = lab;
  }

  static Provocation in(FenceLab lab) {
    return new Provocation(lab);
  }

  /** Asks for it by ARP and neighbour discovery. */
  Provocation asking() {
    PacketSocket frames = lab.segment().run(Provocation::packetSocket);
    endings.add(frames::close);
    MacAddress mac = lab.segment().run(Provocation::link).mac().orElseThrow();
    Bytes request =
        new ArpFrame(
                EVERYBODY,
                ArpFrame.Operation.REQUEST,
                mac,
                Ipv4Address.of(FenceLab.SEGMENT),
                new MacAddress(0),
                (Ipv4Address) FenceLab.EIP)
            .encode();
    Bytes solicitation =
        new NeighbourSolicitation(
                mac, Ipv6Address.of(FenceLab.SEGMENT6), (Ipv6Address) FenceLab.EIP6)
            .encode();
    acts.add(() -> frames.send(request));
    acts.add(() -> frames.send(solicitation));
    return this;
  }

  /** Sends flows of the pod through it, and one of the node's own from it. */
  Provocation flowing() {
    datagrams(lab.pod(), "0.0.0.0", FenceLab.SEGMENT);
    datagrams(lab.pod(), "::", FenceLab.SEGMENT6);
    datagrams(lab.node(), FenceLab.EIP.toString(), FenceLab.SEGMENT);
    return this;
  }

  /** Sends to a port of it that nobody has: the node answers with an error. */
  Provocation straying() {
    datagrams(lab.segment(), "0.0.0.0", FenceLab.EIP.toString());
    return this;
  }

  private void datagrams(NetworkNamespace from, String source, String to) {
    DatagramSocket socket =
        from.run(() -> new DatagramSocket(new InetSocketAddress(InetAddress.getByName(source), 0)));
    endings.add(socket::close);
    InetSocketAddress destination = new InetSocketAddress(to, PORT);
    acts.add(() -> socket.send(new DatagramPacket(DATAGRAM, DATAGRAM.length, destination)));
  }

  Provocation start(Duration pause) {
    thread =
        Thread.ofPlatform()
            .name("provocation")
            .daemon(true)
            .start(
                () -> {
                  while (!stopped) {
                    acts.forEach(Provocation::attempt);
                    rounds.incrementAndGet();
                    LockSupport.parkNanos(pause.toNanos());
                  }
                });
    return this;
  }

  /** How often everything was done. */
  long rounds() {
    return rounds.get();
  }

  /** What a gate stops at once fails with an error, as it should. */
  private static void attempt(Act act) {
    try {
      act.once();
    } catch (IOException | NetlinkException refused) {
      Thread.onSpinWait();
    }
  }

  private static PacketSocket packetSocket() {
    return PacketSocket.open(link().index(), EtherType.ARP, SocketLimits.REQUESTS);
  }

  private static Link link() {
    try (RouteNetlink routing = RouteNetlink.open(SocketLimits.REQUESTS)) {
      return routing.link(LinkName.of(FenceLab.UPLINK)).orElseThrow();
    }
  }

  /** Ends, and says how often everything was done. */
  long finish() {
    stopped = true;
    try {
      thread.join();
    } catch (InterruptedException interrupted) {
      Thread.currentThread().interrupt();
    }
    return rounds();
  }

  @Override
  public void close() {
    finish();
    endings.forEach(Runnable::run);
  }
}
