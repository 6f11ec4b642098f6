package io.egressgateway.node.uplink;

import io.egressgateway.node.netlink.socket.Errno;
import io.egressgateway.node.netlink.socket.NetlinkException;
import io.egressgateway.node.netlink.socket.PacketSocket;
import io.egressgateway.node.netlink.socket.SocketLimits;
import io.egressgateway.node.netlink.wire.Bytes;
import io.egressgateway.node.netlink.wire.frame.EtherType;
import io.egressgateway.node.netlink.wire.frame.NeighbourFilter;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.locks.LockSupport;
import java.util.function.Consumer;
import java.util.function.Function;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The network segment behind one device: hears who claims which address, says what it is told to.
 * Two daemon threads listen.
 */
final class Segment implements AutoCloseable {
  private static final Logger LOG = LoggerFactory.getLogger(Segment.class);
  private static final SocketLimits LIMITS =
      SocketLimits.REQUESTS.withReceiveTimeout(Duration.ofMillis(250));
  private static final Duration PAUSE_WHILE_DOWN = Duration.ofMillis(50);

  private final int linkIndex;
  private final PacketSocket voice;
  private final List<Thread> ears;
  private volatile boolean closed;

  private Segment(int linkIndex, List<Ear> heard, Consumer<Claim> receiver) {
    this.linkIndex = linkIndex;
    this.voice = PacketSocket.forSending(linkIndex, LIMITS);
    this.ears =
        heard.stream()
            .map(
                ear ->
                    Thread.ofPlatform()
                        .name("uplink-" + ear.name())
                        .daemon(true)
                        .unstarted(() -> listen(ear, receiver)))
            .toList();
  }

  private record Ear(String name, PacketSocket socket, Function<Bytes, Optional<Claim>> claimOf) {}

  /**
   * @param linkIndex of a device of the calling thread's network namespace
   * @param receiver called on the listening threads
   */
  static Segment open(int linkIndex, Consumer<Claim> receiver) {
    PacketSocket arp = PacketSocket.open(linkIndex, EtherType.ARP, LIMITS);
    PacketSocket neighbours =
        PacketSocket.open(linkIndex, EtherType.IPV6, NeighbourFilter.INSTRUCTIONS, LIMITS);
    Segment segment =
        new Segment(
            linkIndex,
            List.of(
                new Ear("arp", arp, Claim::ofArp),
                new Ear("neighbours", neighbours, Claim::ofNeighbourDiscovery)),
            receiver);
    segment.ears.forEach(Thread::start);
    return segment;
  }

  int linkIndex() {
    return linkIndex;
  }

  /** Sends a frame; one that the device or a gate does not take is lost, as on the wire. */
  void say(Bytes frame) {
    try {
      voice.send(frame);
    } catch (NetlinkException notTaken) {
      LOG.trace("frame not sent reason=\"{}\"", notTaken.getMessage());
    }
  }

  private void listen(Ear ear, Consumer<Claim> receiver) {
    try (PacketSocket socket = ear.socket()) {
      while (!closed) {
        receive(socket).flatMap(ear.claimOf()).ifPresent(receiver);
      }
    } catch (NetlinkException failed) {
      LOG.warn("no longer listening ear={} reason=\"{}\"", ear.name(), failed.getMessage());
    }
  }

  private static Optional<Bytes> receive(PacketSocket socket) {
    try {
      return socket.receive();
    } catch (NetlinkException failed) {
      if (failed.errno() == Errno.ENETDOWN) {
        LockSupport.parkNanos(PAUSE_WHILE_DOWN.toNanos());
        return Optional.empty();
      }
      throw failed;
    }
  }

  @Override
  public void close() {
    closed = true;
    voice.close();
  }
}
