package io.egressgateway.node.fence;

import io.egressgateway.core.model.IpAddress;
import io.egressgateway.node.netlink.RouteNetlink;
import io.egressgateway.node.netlink.socket.PacketSocket;
import io.egressgateway.node.netlink.socket.RawClock;
import io.egressgateway.node.netlink.socket.SocketLimits;
import io.egressgateway.node.netlink.wire.Bytes;
import io.egressgateway.node.netlink.wire.route.LinkName;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CopyOnWriteArrayList;

/** Everything on the segment that names an egress IP as its sender, and when it was seen. */
final class Tap implements AutoCloseable {
  /** What a frame is. */
  enum Kind {
    ARP_REPLY,
    ARP_REQUEST,
    UDP4,
    ICMP4,
    UDP6,
    ADVERTISEMENT,
    OTHER
  }

  /** A frame; nanos of the raw clock. */
  record Sighting(Kind kind, IpAddress sender, long nanos) {}

  private static final int ALL_FRAMES = 0x0003;
  private static final int ARP = 0x0806;
  private static final int IPV4 = 0x0800;
  private static final int IPV6 = 0x86dd;
  private static final int IPPROTO_ICMP = 1;
  private static final int IPPROTO_UDP = 17;
  private static final int IPPROTO_ICMPV6 = 58;
  private static final int ADVERTISEMENT = 136;

  private final PacketSocket socket;
  private final Thread thread;
  private final List<Sighting> sightings = new CopyOnWriteArrayList<>();
  private volatile boolean stopped;

  Tap(FenceLab lab) {
    socket =
        lab.segment()
            .run(
                () -> {
                  try (RouteNetlink routing = RouteNetlink.open(SocketLimits.REQUESTS)) {
                    return PacketSocket.open(
                        routing.link(LinkName.of("eth0")).orElseThrow().index(),
                        ALL_FRAMES,
                        SocketLimits.NOTIFICATIONS.withReceiveTimeout(Duration.ofMillis(20)));
                  }
                });
    thread = Thread.ofPlatform().name("tap").daemon(true).start(this::listen);
  }

  private void listen() {
    while (!stopped) {
      Optional<Bytes> frame = socket.receive();
      long now = RawClock.nanos();
      frame.flatMap(bytes -> read(bytes, now)).ifPresent(sightings::add);
    }
  }

  private static Optional<Sighting> read(Bytes frame, long now) {
    Optional<Sighting> seen =
        switch (u16(frame, 12)) {
          case ARP ->
              sighting(
                  u16(frame, 20) == 2 ? Kind.ARP_REPLY : Kind.ARP_REQUEST,
                  frame.slice(28, 32),
                  now);
          case IPV4 ->
              sighting(
                  switch (frame.at(23)) {
                    case IPPROTO_UDP -> Kind.UDP4;
                    case IPPROTO_ICMP -> Kind.ICMP4;
                    default -> Kind.OTHER;
                  },
                  frame.slice(26, 30),
                  now);
          case IPV6 -> ipv6(frame, now);
          default -> Optional.empty();
        };
    return seen.filter(s -> isEgressIp(s.sender()));
  }

  private static Optional<Sighting> ipv6(Bytes frame, long now) {
    int next = frame.at(20);
    if (next == IPPROTO_ICMPV6 && frame.at(54) == ADVERTISEMENT) {
      return sighting(Kind.ADVERTISEMENT, frame.slice(62, 78), now);
    }
    return sighting(next == IPPROTO_UDP ? Kind.UDP6 : Kind.OTHER, frame.slice(22, 38), now);
  }

  private static Optional<Sighting> sighting(Kind kind, Bytes sender, long now) {
    return Optional.of(new Sighting(kind, IpAddress.fromBytes(sender.toArray()), now));
  }

  private static int u16(Bytes frame, int at) {
    return frame.length() < at + 2 ? 0 : frame.at(at) << 8 | frame.at(at + 1);
  }

  private static boolean isEgressIp(IpAddress address) {
    return address.equals(FenceLab.EIP) || address.equals(FenceLab.EIP6);
  }

  List<Sighting> all() {
    return List.copyOf(sightings);
  }

  List<Sighting> of(Kind kind) {
    return sightings.stream().filter(sighting -> sighting.kind() == kind).toList();
  }

  List<Sighting> since(long nanos) {
    return sightings.stream().filter(sighting -> sighting.nanos() - nanos > 0).toList();
  }

  /** When the last one of a kind was seen, after a moment of the raw clock. */
  Duration last(Kind kind, long nanos) {
    return Duration.ofNanos(of(kind).getLast().nanos() - nanos);
  }

  void clear() {
    sightings.clear();
  }

  @Override
  public void close() {
    stopped = true;
    try {
      thread.join();
    } catch (InterruptedException interrupted) {
      Thread.currentThread().interrupt();
    }
    socket.close();
  }
}
