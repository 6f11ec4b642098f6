package io.egressgateway.load.oracle;

import io.egressgateway.core.model.Ipv4Address;
import io.egressgateway.load.lab.Topology;
import io.egressgateway.load.lab.kube.PodPlacement;
import io.egressgateway.load.lab.net.NamespaceExecutor;
import io.egressgateway.load.lab.net.NetNamespace;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.SocketAddress;
import java.nio.ByteBuffer;
import java.nio.channels.AsynchronousCloseException;
import java.nio.channels.DatagramChannel;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.List;
import java.util.OptionalLong;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.locks.LockSupport;

/**
 * A datagram every ten milliseconds from a pod to the server outside, numbered, and what arrives
 * there: the gaps between arrivals, the numbers that are missing, and the sources. Thread-safe.
 */
public final class UdpStream implements AutoCloseable {
  /** From one datagram to the next. */
  public static final Duration PACE = Duration.ofMillis(10);

  /** Shorter gaps between arrivals are not kept: they are the machine's. */
  public static final Duration GAP_MIN = Duration.ofMillis(15);

  private static final int GAPS_MAX = 100_000;
  private static final int PAYLOAD_BYTES = 16;
  private static final int NOTHING_YET = -1;

  private final String flow;
  private final SourceOracle sources;
  private final DatagramChannel sender;
  private final DatagramChannel receiver;
  private final List<Thread> threads;
  private final Deque<Gap> gaps = new ArrayDeque<>();
  private final AtomicLong sent = new AtomicLong();
  private final AtomicLong unsent = new AtomicLong();
  private long arrived;
  private long lastNumber = NOTHING_YET;
  private long lastNanos;
  private volatile boolean closed;

  private UdpStream(
      String flow, SourceOracle sources, DatagramChannel sender, DatagramChannel receiver) {
    this.flow = flow;
    this.sources = sources;
    this.sender = sender;
    this.receiver = receiver;
    this.lastNanos = System.nanoTime();
    this.threads =
        List.of(
            Thread.ofPlatform().name("udp-arrivals-" + flow).daemon().unstarted(this::receive),
            Thread.ofPlatform().name("udp-stream-" + flow).daemon().unstarted(this::send));
  }

  /**
   * A time without an arrival.
   *
   * @param fromNanos the arrival before it, by {@link System#nanoTime}
   * @param toNanos the arrival after it
   * @param lost how many numbers are missing in between
   */
  public record Gap(long fromNanos, long toNanos, long lost) {
    /** How long it was. */
    public Duration length() {
      return Duration.ofNanos(toNanos - fromNanos);
    }
  }

  /**
   * Starts a stream. Every stream has a port of its own at the server.
   *
   * @param flow its name for the oracle of sources
   */
  public static UdpStream start(String flow, PodPlacement pod, SourceOracle sources)
      throws IOException {
    try (NamespaceExecutor atServer = new NamespaceExecutor(NetNamespace.server());
        NamespaceExecutor inPod = new NamespaceExecutor(pod.netNamespace())) {
      InetAddress server = InetAddress.getByAddress(Topology.SERVER.toBytes());
      DatagramChannel receiver =
          atServer.call(() -> DatagramChannel.open().bind(new InetSocketAddress(server, 0)));
      SocketAddress target = receiver.getLocalAddress();
      DatagramChannel sender = inPod.call(() -> DatagramChannel.open().connect(target));
      UdpStream stream = new UdpStream(flow, sources, sender, receiver);
      stream.threads.forEach(Thread::start);
      return stream;
    }
  }

  private void send() {
    long next = System.nanoTime();
    ByteBuffer payload = ByteBuffer.allocate(PAYLOAD_BYTES);
    while (!closed) {
      payload.clear().putLong(sent.get()).putLong(System.nanoTime()).flip();
      try {
        sender.write(payload);
      } catch (AsynchronousCloseException e) {
        return;
      } catch (IOException e) {
        unsent.incrementAndGet(); // an ICMP error of an earlier one, or no route: it counts as lost
      }
      sent.incrementAndGet();
      next += PACE.toNanos();
      long left = next - System.nanoTime();
      if (left > 0) {
        LockSupport.parkNanos(left);
      }
    }
  }

  private void receive() {
    ByteBuffer payload = ByteBuffer.allocate(PAYLOAD_BYTES);
    while (!closed) {
      try {
        InetSocketAddress source = (InetSocketAddress) receiver.receive(payload.clear());
        long nanos = System.nanoTime();
        sources.saw(
            flow,
            new Ipv4Address(ByteBuffer.wrap(source.getAddress().getAddress()).getInt()),
            nanos);
        arrived(payload.flip().getLong(), nanos);
      } catch (IOException e) {
        return; // closed
      }
    }
  }

  private synchronized void arrived(long number, long nanos) {
    arrived++;
    if (number <= lastNumber) {
      return; // overtaken on the way
    }
    Gap gap = new Gap(lastNanos, nanos, number - lastNumber - 1);
    if (gap.length().compareTo(GAP_MIN) > 0) {
      if (gaps.size() == GAPS_MAX) {
        gaps.removeFirst();
      }
      gaps.add(gap);
    }
    lastNumber = number;
    lastNanos = nanos;
  }

  /**
   * The longest time without an arrival that ended after a moment, the one that still lasts
   * included; the pace if there was none worth a note.
   */
  public synchronized Duration longestGapSince(long sinceNanos) {
    Duration lasting = Duration.ofNanos(System.nanoTime() - lastNanos);
    Duration longest = lasting.compareTo(GAP_MIN) > 0 ? lasting : PACE;
    for (Gap gap : gaps) {
      if (gap.toNanos() > sinceNanos && gap.length().compareTo(longest) > 0) {
        longest = gap.length();
      }
    }
    return longest;
  }

  /** The gaps that ended after a moment. */
  public synchronized List<Gap> gapsSince(long sinceNanos) {
    return gaps.stream().filter(gap -> gap.toNanos() > sinceNanos).toList();
  }

  /** When the first datagram arrived after the longest gap that ended after a moment. */
  public synchronized OptionalLong resumedSince(long sinceNanos, Duration atLeast) {
    return gaps.stream()
        .filter(gap -> gap.toNanos() > sinceNanos && gap.length().compareTo(atLeast) >= 0)
        .mapToLong(Gap::toNanos)
        .findFirst();
  }

  /** When the last datagram arrived. */
  public synchronized long lastArrivalNanos() {
    return lastNanos;
  }

  /** How many have arrived. */
  public synchronized long arrived() {
    return arrived;
  }

  /** How many were sent. */
  public long sent() {
    return sent.get();
  }

  /** How many were lost in gaps that ended after a moment. */
  public synchronized long lostSince(long sinceNanos) {
    return gapsSince(sinceNanos).stream().mapToLong(Gap::lost).sum();
  }

  @Override
  public void close() {
    closed = true;
    try {
      sender.close();
      receiver.close();
    } catch (IOException e) {
      throw new UncheckedIOException("close the stream " + flow, e);
    }
  }
}
