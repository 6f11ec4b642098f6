package io.egressgateway.node.agent;

import io.egressgateway.core.link.PlanCodec;
import io.egressgateway.core.link.v1.AgentLinkGrpc;
import io.egressgateway.core.link.v1.AgentMessage;
import io.egressgateway.core.link.v1.ControllerMessage;
import io.egressgateway.core.link.v1.PlanOffer;
import io.egressgateway.core.plan.NodePlan;
import io.egressgateway.core.plan.PlanDelta;
import io.egressgateway.core.tls.TlsFiles;
import io.egressgateway.node.netlink.socket.NetworkNamespace;
import io.grpc.Server;
import io.grpc.Status;
import io.grpc.StatusException;
import io.grpc.netty.shaded.io.grpc.netty.GrpcSslContexts;
import io.grpc.netty.shaded.io.grpc.netty.NettyServerBuilder;
import io.grpc.netty.shaded.io.netty.channel.EventLoopGroup;
import io.grpc.netty.shaded.io.netty.channel.MultiThreadIoEventLoopGroup;
import io.grpc.netty.shaded.io.netty.channel.nio.NioIoHandler;
import io.grpc.netty.shaded.io.netty.channel.socket.nio.NioServerSocketChannel;
import io.grpc.netty.shaded.io.netty.handler.ssl.ClientAuth;
import io.grpc.stub.StreamObserver;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.ThreadFactory;
import java.util.concurrent.TimeUnit;
import org.awaitility.Awaitility;

/** The other end of the link: says what it is told to, and keeps what the agent says. */
final class TestController implements AutoCloseable {
  private static final Duration PATIENCE = Duration.ofSeconds(20);

  private final BlockingQueue<AgentMessage> received = new LinkedBlockingQueue<>();
  private final BlockingQueue<StreamObserver<ControllerMessage>> streams =
      new LinkedBlockingQueue<>();
  private final EventLoopGroup loop;
  private final Server server;

  /** Listens where the threads of the factory are. */
  private TestController(TestCa ca, Path directory, InetSocketAddress address, ThreadFactory where)
      throws Exception {
    TlsFiles tls = ca.issue(directory, "egressgateway-controller", LinkTransport.AUTHORITY);
    loop = new MultiThreadIoEventLoopGroup(1, where, NioIoHandler.newFactory());
    server =
        NettyServerBuilder.forAddress(address)
            .bossEventLoopGroup(loop)
            .workerEventLoopGroup(loop)
            .channelType(NioServerSocketChannel.class)
            .permitKeepAliveTime(1, TimeUnit.SECONDS)
            .sslContext(
                GrpcSslContexts.forServer(tls.certificate().toFile(), tls.key().toFile())
                    .trustManager(tls.ca().toFile())
                    .clientAuth(ClientAuth.REQUIRE)
                    .build())
            .addService(new Service())
            .build()
            .start();
  }

  /** On the loopback of this process. */
  static TestController local(TestCa ca, Path directory) throws Exception {
    return new TestController(
        ca,
        directory,
        new InetSocketAddress(InetAddress.getLoopbackAddress(), 0),
        Thread.ofPlatform().daemon(true).factory());
  }

  /** In a namespace. */
  static TestController in(NetworkNamespace namespace, int port, TestCa ca, Path directory)
      throws Exception {
    return new TestController(
        ca,
        directory,
        new InetSocketAddress(port),
        task ->
            Thread.ofPlatform()
                .daemon(true)
                .unstarted(
                    () -> {
                      namespace.enter();
                      task.run();
                    }));
  }

  private final class Service extends AgentLinkGrpc.AgentLinkImplBase {
    @Override
    public StreamObserver<AgentMessage> connect(StreamObserver<ControllerMessage> responses) {
      streams.add(responses);
      return new StreamObserver<>() {
        @Override
        public void onNext(AgentMessage message) {
          received.add(message);
        }

        @Override
        public void onError(Throwable failure) {
          streams.remove(responses);
        }

        @Override
        public void onCompleted() {
          streams.remove(responses);
        }
      };
    }
  }

  int port() {
    return server.getPort();
  }

  LinkSettings.Endpoint endpoint() {
    return new LinkSettings.Endpoint("127.0.0.1", port());
  }

  /** The next message of the kind; others before it are forgotten. */
  AgentMessage await(AgentMessage.MessageCase kind) throws InterruptedException {
    while (true) {
      AgentMessage message = poll();
      if (message.getMessageCase() == kind) {
        return message;
      }
    }
  }

  boolean hasReceivedNothing() {
    return received.isEmpty();
  }

  boolean hearsNothingFor(Duration time) throws InterruptedException {
    return received.poll(time.toNanos(), TimeUnit.NANOSECONDS) == null;
  }

  /** The agent's stream is over for both. */
  void awaitGone() {
    Awaitility.await().atMost(PATIENCE).until(streams::isEmpty);
  }

  private AgentMessage poll() throws InterruptedException {
    return Optional.ofNullable(received.poll(PATIENCE.toSeconds(), TimeUnit.SECONDS))
        .orElseThrow(() -> new AssertionError("the agent said nothing for " + PATIENCE));
  }

  void offer(NodePlan plan) throws InterruptedException {
    send(
        ControllerMessage.newBuilder()
            .setPlan(PlanOffer.newBuilder().setPlan(PlanCodec.encode(plan)))
            .build());
  }

  void offer(PlanDelta delta) throws InterruptedException {
    send(ControllerMessage.newBuilder().setDelta(PlanCodec.encode(delta)).build());
  }

  void send(ControllerMessage message) throws InterruptedException {
    stream().onNext(message);
  }

  /** Ends the stream as a controller that is shutting down does. */
  void end() throws InterruptedException {
    StreamObserver<ControllerMessage> stream = stream();
    streams.remove(stream);
    stream.onError(new StatusException(Status.UNAVAILABLE.withDescription("test")));
  }

  private StreamObserver<ControllerMessage> stream() throws InterruptedException {
    StreamObserver<ControllerMessage> stream =
        Optional.ofNullable(streams.poll(PATIENCE.toSeconds(), TimeUnit.SECONDS))
            .orElseThrow(() -> new AssertionError("no agent connected for " + PATIENCE));
    streams.add(stream);
    return stream;
  }

  @Override
  public void close() throws IOException {
    server.shutdownNow();
    var unused = loop.shutdownGracefully(0, 1, TimeUnit.SECONDS);
  }
}
