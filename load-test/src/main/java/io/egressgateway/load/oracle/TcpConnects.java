package io.egressgateway.load.oracle;

import static java.nio.charset.StandardCharsets.US_ASCII;

import io.egressgateway.core.model.Ipv4Address;
import io.egressgateway.load.lab.Lab;
import io.egressgateway.load.lab.PodExec;
import io.egressgateway.load.lab.Topology;
import io.egressgateway.load.lab.kube.PodPlacement;
import io.egressgateway.load.lab.net.NamespaceExecutor;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.nio.channels.SocketChannel;
import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;

/**
 * A new TCP connection from a pod to the server outside every few milliseconds, none waiting for
 * another. One fails if it has no answer within {@link #PATIENCE}; one is slow if it needed TCP's
 * first repetition, which comes after a second. Thread-safe.
 */
public final class TcpConnects implements AutoCloseable {
  /** From one connection to the next. */
  public static final Duration PACE = Duration.ofMillis(20);

  /** The first packet is repeated after one, three and seven seconds. */
  public static final Duration PATIENCE = Duration.ofSeconds(4);

  private static final Duration SLOW = Duration.ofMillis(900);
  private static final int UNDER_WAY_MAX = 256;
  private static final int ANSWER_BYTES_MAX = 4_096;
  private static final String REQUEST = "GET / HTTP/1.0\r\n\r\n";

  private final String flow;
  private final SourceOracle sources;
  private final InetSocketAddress server;
  private final NamespaceExecutor inside;
  private final Semaphore places = new Semaphore(UNDER_WAY_MAX);
  private final AtomicLong answered = new AtomicLong();
  private final AtomicLong slow = new AtomicLong();
  private final AtomicLong failed = new AtomicLong();
  private final ScheduledExecutorService clock =
      Executors.newSingleThreadScheduledExecutor(
          task -> Thread.ofPlatform().name("tcp-connects").daemon().unstarted(task));

  private TcpConnects(
      String flow, SourceOracle sources, InetSocketAddress server, NamespaceExecutor inside) {
    this.flow = flow;
    this.sources = sources;
    this.server = server;
    this.inside = inside;
  }

  /**
   * How it went so far.
   *
   * @param slow of those that were answered
   */
  public record Tally(long answered, long slow, long failed) {
    /** What came after an earlier tally. */
    public Tally since(Tally earlier) {
      return new Tally(answered - earlier.answered, slow - earlier.slow, failed - earlier.failed);
    }
  }

  /** Starts connecting. */
  public static TcpConnects start(String flow, PodPlacement pod, SourceOracle sources)
      throws IOException {
    TcpConnects connects =
        new TcpConnects(
            flow,
            sources,
            new InetSocketAddress(
                InetAddress.getByAddress(Topology.SERVER.toBytes()), Lab.SERVER_PORT),
            new NamespaceExecutor(pod.netNamespace()));
    var unused =
        connects.clock.scheduleAtFixedRate(
            connects::connect, 0, PACE.toMillis(), TimeUnit.MILLISECONDS);
    return connects;
  }

  private void connect() {
    if (!places.tryAcquire()) {
      return;
    }
    Thread.ofVirtual()
        .start(
            () -> {
              try {
                once();
              } finally {
                places.release();
              }
            });
  }

  private void once() {
    long started = System.nanoTime();
    Optional<Ipv4Address> source = Optional.empty();
    try (SocketChannel channel = inside.call(SocketChannel::open)) {
      Socket socket = channel.socket();
      socket.connect(server, Math.toIntExact(PATIENCE.toMillis()));
      socket.setSoTimeout(Math.toIntExact(PATIENCE.toMillis()));
      socket.getOutputStream().write(REQUEST.getBytes(US_ASCII));
      String answer = new String(socket.getInputStream().readNBytes(ANSWER_BYTES_MAX), US_ASCII);
      source = PodExec.remoteIp(answer.substring(answer.indexOf("\r\n\r\n") + 4));
    } catch (IOException | RuntimeException e) {
      if (clock.isShutdown()) {
        return;
      }
    }
    long ended = System.nanoTime();
    if (source.isEmpty()) {
      failed.incrementAndGet();
      return;
    }
    sources.saw(flow, source.get(), ended);
    answered.incrementAndGet();
    if (ended - started > SLOW.toNanos()) {
      slow.incrementAndGet();
    }
  }

  /** How it went so far. */
  public Tally tally() {
    return new Tally(answered.get(), slow.get(), failed.get());
  }

  /** Waits until those that are under way now are answered or have failed. */
  public void settle() throws InterruptedException {
    Thread.sleep(PATIENCE.plus(PACE));
  }

  @Override
  public void close() {
    clock.shutdownNow();
    inside.close();
  }
}
