package io.egressgateway.load.oracle;

import io.egressgateway.core.model.IpAddress;
import io.egressgateway.core.model.MacAddress;
import io.egressgateway.core.model.NodeName;
import io.egressgateway.load.lab.LabNode;
import io.egressgateway.load.lab.Topology;
import io.egressgateway.load.lab.net.LabNetwork;
import io.egressgateway.load.lab.net.NamespaceExecutor;
import io.egressgateway.load.lab.net.NetNamespace;
import io.egressgateway.node.netlink.RouteNetlink;
import io.egressgateway.node.netlink.socket.PacketSocket;
import io.egressgateway.node.netlink.socket.SocketLimits;
import io.egressgateway.node.netlink.wire.Bytes;
import io.egressgateway.node.netlink.wire.route.LinkName;
import java.io.IOException;
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
 * Asks on the underlay, from the router's place, who has each egress IP, again and again, by ARP or
 * by neighbour discovery, and listens to every frame that arrives there: answers, announcements,
 * and packets that have an egress IP as their source. One socket hears all of it, so that the order
 * is the wire's. Thread-safe.
 */
public final class SegmentOracle implements AutoCloseable {
  /** How often each address is asked for, where there are few. */
  public static final Duration PACE = Duration.ofMillis(5);

  private static final int EVERY_PROTOCOL = 0x0003; // ETH_P_ALL
  private static final int NO_PROTOCOL = 0;

  private final Map<MacAddress, NodeName> nodes = new HashMap<>();
  private final SortedMap<IpAddress, HoldingLog> logs = new TreeMap<>();
  private final NamespaceExecutor inside;
  private final PacketSocket ear;
  private final PacketSocket mouth;
  private final Duration pace;
  private final List<Thread> threads = new ArrayList<>();
  private volatile boolean closed;

  private SegmentOracle(
      Topology topology, NamespaceExecutor inside, Sockets sockets, Duration pace) {
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
  public static SegmentOracle start(
      Topology topology, Collection<? extends IpAddress> addresses, Duration pace)
      throws IOException {
    NamespaceExecutor inside = new NamespaceExecutor(NetNamespace.router());
    try {
      SegmentOracle oracle = new SegmentOracle(topology, inside, inside.call(Sockets::open), pace);
      addresses.forEach(oracle::watch);
      oracle.threads.add(Thread.ofPlatform().name("segment-ear").daemon().start(oracle::listen));
      oracle.threads.add(Thread.ofPlatform().name("segment-mouth").daemon().start(oracle::ask));
      return oracle;
    } catch (IOException | RuntimeException e) {
      inside.close();
      throw e;
    }
  }

  /** Asks for this address too from now on. */
  public void watch(IpAddress address) {
    synchronized (logs) {
      logs.putIfAbsent(address, new HoldingLog(address));
    }
  }

  private void ask() {
    MacAddress router = LabNetwork.underlayMac(Topology.ROUTER);
    long number = 0;
    long next = System.nanoTime();
    while (!closed) {
      List<IpAddress> all;
      synchronized (logs) {
        all = List.copyOf(logs.keySet());
      }
      for (IpAddress address : all) {
        if (closed) {
          return;
        }
        mouth.send(new Question(address, number++).frame(router));
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

  private void listen() {
    while (!closed) {
      ear.receive().ifPresent(frame -> hear(frame, System.nanoTime()));
    }
  }

  private void hear(Bytes frame, long nanos) {
    Overheard.in(frame).ifPresent(heard -> hear(heard, nanos));
  }

  private void hear(Overheard heard, long nanos) {
    NodeName node = nodes.get(heard.from());
    if (node == null) {
      return; // the router's own, or a stranger's
    }
    if (heard.answerTo().isPresent()) {
      log(heard.address(), log -> log.answered(node, heard.answerTo().getAsLong(), nanos));
    } else {
      log(heard.address(), log -> log.heard(node, nanos, heard.sound()));
    }
  }

  private interface Noting {
    void in(HoldingLog log);
  }

  private void log(IpAddress address, Noting noting) {
    synchronized (logs) {
      HoldingLog log = logs.get(address);
      if (log != null) {
        noting.in(log);
      }
    }
  }

  /** Who was heard for the address, in order. */
  public List<Holding> holdings(IpAddress address) {
    synchronized (logs) {
      return Optional.ofNullable(logs.get(address)).map(HoldingLog::holdings).orElse(List.of());
    }
  }

  /** Who was heard for the address within the last moment. */
  public Optional<NodeName> holder(IpAddress address) {
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
  public Optional<Holding> successor(IpAddress address, NodeName former, long sinceNanos) {
    return holdings(address).stream()
        .filter(holding -> !holding.node().equals(former) && holding.firstNanos() >= sinceNanos)
        .findFirst();
  }

  /** When the node was last heard for the address. */
  public OptionalLong lastHeard(IpAddress address, NodeName node) {
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
