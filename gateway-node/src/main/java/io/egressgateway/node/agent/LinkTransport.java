package io.egressgateway.node.agent;

import akka.actor.typed.ActorRef;
import io.egressgateway.core.link.v1.AgentLinkGrpc;
import io.egressgateway.core.link.v1.AgentMessage;
import io.egressgateway.core.link.v1.ControllerMessage;
import io.egressgateway.core.tls.TlsCredentials;
import io.egressgateway.node.agent.LinkSettings.Endpoint;
import io.grpc.ManagedChannel;
import io.grpc.Status;
import io.grpc.netty.shaded.io.grpc.netty.GrpcSslContexts;
import io.grpc.netty.shaded.io.grpc.netty.NettyChannelBuilder;
import io.grpc.netty.shaded.io.netty.channel.ChannelOption;
import io.grpc.netty.shaded.io.netty.channel.EventLoopGroup;
import io.grpc.netty.shaded.io.netty.channel.MultiThreadIoEventLoopGroup;
import io.grpc.netty.shaded.io.netty.channel.nio.NioIoHandler;
import io.grpc.netty.shaded.io.netty.channel.socket.nio.NioSocketChannel;
import io.grpc.netty.shaded.io.netty.handler.ssl.SslContext;
import io.grpc.netty.shaded.io.netty.handler.ssl.SslContextBuilder;
import io.grpc.netty.shaded.io.netty.handler.ssl.SslProvider;
import io.grpc.stub.ClientCallStreamObserver;
import io.grpc.stub.ClientResponseObserver;
import java.io.IOException;
import java.time.Duration;
import java.util.concurrent.TimeUnit;

/**
 * The gRPC side of the link: one event loop thread, mutual TLS, a few messages in flight from the
 * controller. What comes in is told to the actor; nothing here decides.
 */
final class LinkTransport implements AutoCloseable {

  /** The name in every controller's certificate, whatever its address is. */
  static final String AUTHORITY = "controller.egressgateway";

  /** Messages that a controller may have sent before the first is taken: a herd of grants. */
  private static final int IN_ADVANCE = 64;

  /** A controller that is there answers long before. */
  private static final Duration CONNECT_MAX = Duration.ofSeconds(1);

  /** A plan with the greatest numbers of pods and rules is below this. */
  static final int MESSAGE_BYTES_MAX = 16 * 1024 * 1024;

  private final LinkSettings settings;
  private final ActorRef<ControllerLink.Command> link;
  private final EventLoopGroup loop = new MultiThreadIoEventLoopGroup(1, NioIoHandler.newFactory());

  LinkTransport(LinkSettings settings, ActorRef<ControllerLink.Command> link) {
    this.settings = settings;
    this.link = link;
  }

  /**
   * One open stream. Used by the actor only.
   *
   * @param flaw what may be the reason if the controller does not take it
   */
  record Stream(
      ManagedChannel channel, ClientCallStreamObserver<AgentMessage> observer, String flaw) {
    void send(AgentMessage message) {
      observer.onNext(message);
    }

    void requestNext() {
      observer.request(1);
    }

    void complete() {
      observer.onCompleted();
    }

    void cancel(String reason) {
      observer.cancel(reason, null);
    }

    void close() {
      channel.shutdownNow();
    }
  }

  /**
   * Opens a stream; whether the controller is there shows later, as an end of the stream. The
   * credentials are read for every stream: they are renewed while the agent runs.
   *
   * @throws IOException naming the file of this agent's credentials that cannot be used
   */
  Stream open(Endpoint controller, int number) throws IOException {
    TlsCredentials credentials = TlsCredentials.read(settings.tls());
    long silence = settings.retry().silence().toMillis();
    ManagedChannel channel =
        NettyChannelBuilder.forAddress(controller.host(), controller.port())
            .overrideAuthority(AUTHORITY)
            .sslContext(sslContext(credentials))
            .eventLoopGroup(loop)
            .channelType(NioSocketChannel.class)
            .withOption(ChannelOption.CONNECT_TIMEOUT_MILLIS, (int) CONNECT_MAX.toMillis())
            .directExecutor()
            .keepAliveTime(silence, TimeUnit.MILLISECONDS)
            .keepAliveTimeout(silence, TimeUnit.MILLISECONDS)
            .maxInboundMessageSize(MESSAGE_BYTES_MAX)
            .disableRetry()
            .build();
    Inbound inbound = new Inbound(number, link);
    ClientCallStreamObserver<AgentMessage> observer =
        (ClientCallStreamObserver<AgentMessage>) AgentLinkGrpc.newStub(channel).connect(inbound);
    return new Stream(
        channel,
        observer,
        credentials.flaw().map(known -> "; own certificate: " + known).orElse(""));
  }

  private static SslContext sslContext(TlsCredentials credentials) throws IOException {
    return GrpcSslContexts.configure(SslContextBuilder.forClient(), SslProvider.JDK)
        .trustManager(credentials.trusted())
        .keyManager(credentials.keyManager())
        .build();
  }

  @Override
  public void close() {
    // Its threads are daemons: the process does not wait for the end of the shutdown.
    var unused = loop.shutdownGracefully(0, 1, TimeUnit.SECONDS);
  }

  /** Runs on the event loop. */
  private record Inbound(int number, ActorRef<ControllerLink.Command> link)
      implements ClientResponseObserver<AgentMessage, ControllerMessage> {

    @Override
    public void beforeStart(ClientCallStreamObserver<AgentMessage> observer) {
      observer.disableAutoRequestWithInitial(IN_ADVANCE);
      observer.setOnReadyHandler(() -> link.tell(new ControllerLink.Ready(number)));
    }

    @Override
    public void onNext(ControllerMessage message) {
      link.tell(new ControllerLink.Received(number, message));
    }

    @Override
    public void onError(Throwable failure) {
      link.tell(new ControllerLink.Ended(number, Status.fromThrowable(failure)));
    }

    @Override
    public void onCompleted() {
      link.tell(
          new ControllerLink.Ended(number, Status.OK.withDescription("closed by the controller")));
    }
  }
}
