package io.egressgateway.load.failover;

import static org.assertj.core.api.Assertions.assertThat;

import io.egressgateway.load.lab.Patience;
import io.egressgateway.load.lab.Topology;
import io.egressgateway.load.lab.net.NamespaceExecutor;
import io.egressgateway.load.lab.net.NetNamespace;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.nio.ByteBuffer;
import java.nio.channels.ServerSocketChannel;
import java.nio.channels.SocketChannel;
import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.locks.LockSupport;

/** A download and a connection on which nobody speaks, from the guide's pod to the server. */
final class PodConnections implements AutoCloseable {
  private static final int PORT = 9077;
  private static final int CHUNK = 16_384;

  /** Without it the download would have the machine that the egress IP is to move on. */
  private static final Duration PAUSE = Duration.ofNanos(300_000);

  private static final int PATIENCE_MILLIS = 20_000;
  private static final Patience PATIENCE =
      new Patience(Duration.ofSeconds(20), Duration.ofMillis(200));

  private final NamespaceExecutor outside = new NamespaceExecutor(NetNamespace.server());
  private final NamespaceExecutor inside;
  private final ServerSocketChannel listener;
  private final SocketChannel download;
  private final SocketChannel downloadServer;
  private final SocketChannel idle;
  private final SocketChannel idleServer;
  private final AtomicLong received = new AtomicLong();
  private final Thread sender;
  private final Thread reader;

  private PodConnections(Scene scene) throws Exception {
    inside = new NamespaceExecutor(scene.guide().matchedPod().netNamespace());
    listener = outside.call(ServerSocketChannel::open);
    InetSocketAddress server =
        new InetSocketAddress(InetAddress.getByAddress(Topology.SERVER.toBytes()), PORT);
    listener.bind(server);
    download = connect(server);
    downloadServer = listener.accept();
    idle = connect(server);
    idleServer = listener.accept();
    sender = Thread.ofVirtual().start(this::send);
    reader = Thread.ofVirtual().start(this::read);
  }

  /** Connects, and waits until the download is well on its way. */
  static PodConnections open(Scene scene) throws Exception {
    PodConnections connections = new PodConnections(scene);
    connections.awaitDownload();
    return connections;
  }

  private SocketChannel connect(InetSocketAddress server) throws IOException {
    SocketChannel channel = inside.call(SocketChannel::open);
    channel.socket().connect(server, PATIENCE_MILLIS);
    return channel;
  }

  private void send() {
    try {
      while (downloadServer.isOpen()) {
        downloadServer.write(ByteBuffer.allocate(CHUNK));
        LockSupport.parkNanos(PAUSE.toNanos());
      }
    } catch (IOException ended) {
      // The test is over, or the reader finds out.
      return;
    }
  }

  private void read() {
    ByteBuffer buffer = ByteBuffer.allocate(CHUNK);
    try {
      for (int count = 0; count >= 0; count = download.read(buffer.clear())) {
        received.addAndGet(count);
      }
    } catch (IOException ended) {
      // Nothing more is received, and that is what is asserted.
      return;
    }
  }

  /** Waits for much more than what was under way, or in buffers, at any moment before. */
  void awaitDownload() throws Exception {
    long goal = received.get() + (64L << 20);
    PATIENCE.await(
        "the download to go on", () -> Optional.of(goal).filter(g -> received.get() > g));
  }

  /** The bytes that the pod has. */
  long received() {
    return received.get();
  }

  /** What the server says on the idle connection reaches the pod. */
  void serverSpeaks() throws IOException {
    say(idleServer.socket(), idle.socket(), PATIENCE_MILLIS);
  }

  /**
   * The same.
   *
   * @throws java.net.SocketTimeoutException if it does not arrive so soon
   */
  void serverSpeaks(Duration patience) throws IOException {
    say(idleServer.socket(), idle.socket(), (int) patience.toMillis());
  }

  /** What the pod says on the idle connection reaches the server. */
  void podSpeaks() throws IOException {
    say(idle.socket(), idleServer.socket(), PATIENCE_MILLIS);
  }

  private static void say(Socket from, Socket to, int patienceMillis) throws IOException {
    to.setSoTimeout(patienceMillis);
    from.getOutputStream().write('x');
    assertThat(to.getInputStream().read()).isEqualTo('x');
  }

  /** The server ends the download, and the pod sees its end. */
  void finishDownload() throws Exception {
    downloadServer.shutdownOutput();
    sender.join();
    reader.join();
  }

  @Override
  public void close() throws IOException {
    try (outside;
        inside;
        listener;
        download;
        downloadServer;
        idle;
        idleServer) {
      sender.interrupt();
      reader.interrupt();
    }
  }
}
