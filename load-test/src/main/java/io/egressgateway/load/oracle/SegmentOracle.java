package io.egressgateway.load.oracle;

import io.egressgateway.core.model.Ipv4Address;
import io.egressgateway.core.model.MacAddress;
import io.egressgateway.core.model.NodeName;
import io.egressgateway.load.lab.LabNode;
import io.egressgateway.load.lab.Topology;
import io.egressgateway.load.lab.net.LabNetwork;
import io.egressgateway.load.lab.net.NamespaceExecutor;
import io.egressgateway.load.lab.net.NetNamespace;
import io.egressgateway.load.oracle.Holding.Sound;
import io.egressgateway.node.netlink.RouteNetlink;
import io.egressgateway.node.netlink.socket.PacketSocket;
import io.egressgateway.node.netlink.socket.SocketLimits;
import io.egressgateway.node.netlink.wire.Bytes;
import io.egressgateway.node.netlink.wire.frame.ArpFrame;
import io.egressgateway.node.netlink.wire.frame.EtherType;
import io.egressgateway.node.netlink.wire.route.LinkName;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.NoSuchElementException;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.concurrent.locks.LockSupport;

/**
 * Asks on the underlay, from the router's place, who has each egress IP, again and again, and
 * listens to every frame that arrives there: answers, announcements, and packets that have an
 * egress IP as their source. One socket hears all of it, so that the order is the wire's.
 *
 * <p>Every question has a number of its own, in the sender MAC inside the ARP packet; Linux sends
 * the answer's frame there. The question claims no IP, so nobody's ARP table changes by it.
 * Thread-safe.
 */
public final class ArpOracle implements AutoCloseable {
  /** How often each address is asked for, where there are few. */
  public static final Duration PACE = Duration.ofMillis(5);

  private static final int EVERY_PROTOCOL = 0x0003; // ETH_P_ALL
  private static final int NO_PROTOCOL = 0;
  private static final int IPV4 = 0x0800;
  private static final int ETHER_TYPE = 12;
  private static final int ETHER_SOURCE = 6;
  private static final int MAC_BYTES = 6;
  private static final int IP_SOURCE = 26;
  private static final int IP_BYTES = 4;
  private static final long QUESTION_MAC = 0x02fe_0000_0000L;
  private static final long QUESTION_MASK = 0xffff_ffffL;

  private final Map<MacAddress, NodeName> nodes = new HashMap<>();
  private final SortedMap<Ipv4Address, HoldingLog> logs = new TreeMap<>();
  private final NamespaceExecutor inside;
  private final PacketSocket ear;
  private final PacketSocket mouth;
  private final Duration pace;
  private final List<Thread> threads = new ArrayList<>();
  private volatile boolean closed;

  private ArpOracle(Topology topology, NamespaceExecutor inside, Sockets sockets, Duration pace) {
    this.inside = inside;
    this.ear = sockets.ear();
    this.mouth = sockets.mouth();
    this.pace = pace;
    for (LabNode node : topology.nodes()) {
      nodes.put(LabNetwork.underlayMac(node.underlay()), node.name());
    }
  }

  private record Sockets(PacketSocket ear, PacketSocket mouth) {
    static Sockets open() {
      try (RouteNetlink netlink = RouteNetlink.open(SocketLimits.REQUESTS)) {
        int uplink =
            netlink
                .link(LinkName.of("eth0"))
                .orElseThrow(() -> new NoSuchElementException("the router has no eth0"))
                .index();
        return new Sockets(
            PacketSocket.open(uplink, EVERY_PROTOCOL, SocketLimits.NOTIFICATIONS),
            PacketSocket.open(uplink, NO_PROTOCOL, SocketLimits.NOTIFICATIONS));
      }
    }
  }

  /**
   * Starts listening and asking.
   *
   * @param addresses to ask for
   * @param pace from one question for an address to the next
   */
  public static ArpOracle start(Topology topology, Collection<Ipv4Address> addresses, Duration pace)
      throws IOException {
    NamespaceExecutor inside = new NamespaceExecutor(NetNamespace.router());
    try {
      ArpOracle oracle = new ArpOracle(topology, inside, inside.call(Sockets::open), pace);
      addresses.forEach(oracle::watch);
      oracle.threads.add(Thread.ofPlatform().name("arp-ear").daemon().start(oracle::listen));
      oracle.threads.add(Thread.ofPlatform().name("arp-mouth").daemon().start(oracle::ask));
      return oracle;
    } catch (IOException | RuntimeException e) {
      inside.close();
      throw e;
    }
  }

  /** Asks for this address too from now on. */
  public void watch(Ipv4Address address) {
    synchronized (logs) {
      logs.putIfAbsent(address, new HoldingLog(address));
    }
  }

  private void ask() {
    MacAddress router = LabNetwork.underlayMac(Topology.ROUTER);
    long number = 0;
    long next = System.nanoTime();
    while (!closed) {
      List<Ipv4Address> all;
      synchronized (logs) {
        all = List.copyOf(logs.keySet());
      }
      for (Ipv4Address address : all) {
        if (closed) {
          return;
        }
        mouth.send(question(router, address, number++));
        next += pace.toNanos() / all.size();
        pauseUntil(next);
      }
      if (all.isEmpty()) {
        next += pace.toNanos();
        pauseUntil(next);
      }
    }
  }

  private static void pauseUntil(long nanos) {
    long left = nanos - System.nanoTime();
    if (left > 0) {
      LockSupport.parkNanos(left);
    }
  }

  /** The Ethernet header has the router's MAC, so that the switch learns nothing wrong. */
  private static Bytes question(MacAddress router, Ipv4Address address, long number) {
    byte[] frame =
        ArpFrame.probe(new MacAddress(QUESTION_MAC | (number & QUESTION_MASK)), address)
            .encode()
            .toArray();
    System.arraycopy(router.toBytes(), 0, frame, ETHER_SOURCE, MAC_BYTES);
    return Bytes.of(frame);
  }

  private void listen() {
    while (!closed) {
      ear.receive().ifPresent(frame -> hear(frame, System.nanoTime()));
    }
  }

  private void hear(Bytes frame, long nanos) {
    if (frame.length() < IP_SOURCE + IP_BYTES) {
      return;
    }
    byte[] mac = frame.slice(ETHER_SOURCE, ETHER_SOURCE + MAC_BYTES).toArray();
    NodeName node = nodes.get(MacAddress.fromBytes(mac));
    if (node == null) {
      return; // the router's own, or a stranger's
    }
    int type = frame.at(ETHER_TYPE) << 8 | frame.at(ETHER_TYPE + 1);
    if (type == EtherType.ARP) {
      ArpFrame.decode(frame).ifPresent(arp -> hear(node, arp, nanos));
    } else if (type == IPV4) {
      Ipv4Address source =
          new Ipv4Address(
              ByteBuffer.wrap(frame.slice(IP_SOURCE, IP_SOURCE + IP_BYTES).toArray()).getInt());
      log(source, log -> log.heard(node, nanos, Sound.PACKET));
    }
  }

  private void hear(NodeName node, ArpFrame arp, long nanos) {
    long number = arp.destination().bits() ^ QUESTION_MAC;
    if (number >= 0 && number <= QUESTION_MASK) {
      log(arp.senderIp(), log -> log.answered(node, number, nanos));
    } else {
      log(arp.senderIp(), log -> log.heard(node, nanos, Sound.CLAIM));
    }
  }

  private interface Noting {
    void in(HoldingLog log);
  }

  private void log(Ipv4Address address, Noting noting) {
    synchronized (logs) {
      HoldingLog log = logs.get(address);
      if (log != null) {
        noting.in(log);
      }
    }
  }

  /** Who was heard for the address, in order. */
  public List<Holding> holdings(Ipv4Address address) {
    synchronized (logs) {
      return Optional.ofNullable(logs.get(address)).map(HoldingLog::holdings).orElse(List.of());
    }
  }

  /** Who was heard for the address within the last moment. */
  public Optional<NodeName> holder(Ipv4Address address) {
    long now = System.nanoTime();
    long patience = Math.max(HoldingLog.SILENCE.toNanos(), pace.multipliedBy(2).toNanos());
    synchronized (logs) {
      return Optional.ofNullable(logs.get(address))
          .flatMap(HoldingLog::current)
          .filter(holding -> now - holding.lastNanos() <= patience)
          .map(Holding::node);
    }
  }

  /** When a node other than this one was first heard for the address after a moment. */
  public Optional<Holding> successor(Ipv4Address address, NodeName former, long sinceNanos) {
    return holdings(address).stream()
        .filter(holding -> !holding.node().equals(former) && holding.firstNanos() >= sinceNanos)
        .findFirst();
  }

  /** When the node was last heard for the address. */
  public OptionalLong lastHeard(Ipv4Address address, NodeName node) {
    return holdings(address).stream()
        .filter(holding -> holding.node().equals(node))
        .mapToLong(Holding::lastNanos)
        .max();
  }

  /** All that must never be, so far. */
  public List<Overlap> overlaps() {
    synchronized (logs) {
      return logs.values().stream().flatMap(log -> log.overlaps().stream()).toList();
    }
  }

  @Override
  public void close() {
    closed = true;
    for (Thread thread : threads) {
      LockSupport.unpark(thread);
      try {
        thread.join();
      } catch (InterruptedException e) {
        Thread.currentThread().interrupt();
      }
    }
    ear.close();
    mouth.close();
    inside.close();
  }
}
