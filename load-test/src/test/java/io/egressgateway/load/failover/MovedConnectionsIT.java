package io.egressgateway.load.failover;

import static org.assertj.core.api.Assertions.assertThat;

import io.egressgateway.core.model.NodeName;
import io.egressgateway.load.lab.Egctl;
import io.egressgateway.load.lab.Lab;
import io.egressgateway.load.lab.LabSettings;
import io.egressgateway.load.lab.LabSettings.ApiChoice;
import io.egressgateway.load.lab.Patience;
import io.egressgateway.load.lab.Topology;
import io.egressgateway.load.lab.guide.GuideCluster;
import io.egressgateway.load.lab.kube.PodPlacement;
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
import java.util.List;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.Consumer;
import org.junit.jupiter.api.Test;

/** Connections of a pod go on when its egress IP moves by plan, whoever speaks first after it. */
final class MovedConnectionsIT {
  private static final int PORT = 9077;
  private static final int CHUNK = 16_384;
  private static final int PATIENCE_MILLIS = 20_000;
  private static final Patience PATIENCE =
      new Patience(Duration.ofSeconds(20), Duration.ofMillis(200));

  @Test
  void aDownloadAndAnIdleConnectionSurviveAMove() throws Exception {
    LabSettings settings =
        LabSettings.usual().with(ApiChoice.EMBEDDED).with(Topology.of(2, 1)).withControllers(1);
    Consumer<String> events = System.out::println;
    try (Lab lab = Lab.open(settings, events)) {
      Scene.play(
          lab,
          events,
          scene -> {
            play(scene);
            return scene;
          });
    }
  }

  private static void play(Scene scene) throws Exception {
    PodPlacement pod = scene.guide().matchedPod();
    InetSocketAddress server =
        new InetSocketAddress(InetAddress.getByAddress(Topology.SERVER.toBytes()), PORT);
    try (NamespaceExecutor outside = new NamespaceExecutor(NetNamespace.server());
        NamespaceExecutor inside = new NamespaceExecutor(pod.netNamespace());
        ServerSocketChannel listener = outside.call(ServerSocketChannel::open)) {
      listener.bind(server);
      try (SocketChannel download = connect(inside, server);
          SocketChannel downloadServer = listener.accept();
          SocketChannel idle = connect(inside, server);
          SocketChannel idleServer = listener.accept()) {
        AtomicLong received = new AtomicLong();
        Thread sender = Thread.ofVirtual().start(() -> sendOn(downloadServer));
        Thread reader = Thread.ofVirtual().start(() -> readOn(download, received));
        awaitMore(received);

        NodeName from = scene.holder();
        move(scene, from);
        scene.awaitOtherThan(from);

        awaitMore(received);
        say(idleServer.socket(), idle.socket());
        say(idle.socket(), idleServer.socket());
        downloadServer.shutdownOutput();
        sender.join();
        reader.join();
      }
    }
    assertThat(scene.violations()).isEmpty();
  }

  private static SocketChannel connect(NamespaceExecutor inside, InetSocketAddress server)
      throws IOException {
    SocketChannel channel = inside.call(SocketChannel::open);
    channel.socket().connect(server, PATIENCE_MILLIS);
    channel.socket().setSoTimeout(PATIENCE_MILLIS);
    return channel;
  }

  private static void move(Scene scene, NodeName from) throws Exception {
    String target =
        scene.guide().gatewayNodes().stream()
            .filter(node -> !node.equals(from.value()))
            .findFirst()
            .orElseThrow();
    PATIENCE.await(
        target + " to be fit",
        () -> {
          try {
            return Optional.of(
                Egctl.run(
                    scene.lab(),
                    List.of(
                        "vip",
                        "move",
                        "--egressGatewayName",
                        GuideCluster.GATEWAY,
                        "--vip",
                        scene.eip().toString(),
                        "--targetNode",
                        target)));
          } catch (IOException refused) {
            return Optional.empty();
          }
        });
  }

  private static void sendOn(SocketChannel channel) {
    try {
      while (channel.isOpen()) {
        channel.write(ByteBuffer.allocate(CHUNK));
      }
    } catch (IOException ended) {
      // The test is over, or the reader finds out.
      return;
    }
  }

  private static void readOn(SocketChannel channel, AtomicLong received) {
    ByteBuffer buffer = ByteBuffer.allocate(CHUNK);
    try {
      for (int count = 0; count >= 0; count = channel.read(buffer.clear())) {
        received.addAndGet(count);
      }
    } catch (IOException ended) {
      // Nothing more is received, and that is what is asserted.
      return;
    }
  }

  /** Much more than what was under way, or in buffers, at any moment before. */
  private static void awaitMore(AtomicLong received) throws Exception {
    long goal = received.get() + (64L << 20);
    PATIENCE.await(
        "the download to go on", () -> Optional.of(goal).filter(g -> received.get() > g));
  }

  private static void say(Socket from, Socket to) throws IOException {
    to.setSoTimeout(PATIENCE_MILLIS);
    from.getOutputStream().write('x');
    assertThat(to.getInputStream().read()).isEqualTo('x');
  }
}
