package io.egressgateway.node.agent;

import io.egressgateway.core.lease.LeaseTerms;
import io.egressgateway.core.lease.Rules;
import io.egressgateway.core.lease.WitnessCore;
import io.egressgateway.core.lease.WitnessCore.Effect;
import io.egressgateway.core.model.NodeName;
import io.egressgateway.core.model.NodeSession;
import io.egressgateway.core.tls.TlsFiles;
import io.egressgateway.core.witness.v1.Nack;
import io.egressgateway.core.witness.v1.Promise;
import io.egressgateway.core.witness.v1.RenewReply;
import io.egressgateway.core.witness.v1.RenewRequest;
import io.egressgateway.core.witness.v1.WitnessGrpc;
import io.egressgateway.node.netlink.socket.NetworkNamespace;
import io.grpc.Server;
import io.grpc.netty.shaded.io.grpc.netty.GrpcSslContexts;
import io.grpc.netty.shaded.io.grpc.netty.NettyServerBuilder;
import io.grpc.netty.shaded.io.netty.channel.EventLoopGroup;
import io.grpc.netty.shaded.io.netty.channel.MultiThreadIoEventLoopGroup;
import io.grpc.netty.shaded.io.netty.channel.nio.NioIoHandler;
import io.grpc.netty.shaded.io.netty.channel.socket.nio.NioServerSocketChannel;
import io.grpc.netty.shaded.io.netty.handler.ssl.ClientAuth;
import io.grpc.stub.StreamObserver;
import java.net.InetSocketAddress;
import java.nio.file.Path;
import java.time.Duration;
import java.time.temporal.ChronoUnit;
import java.util.concurrent.ThreadFactory;
import java.util.concurrent.TimeUnit;

/** A witness that has the real core, and promises from its first moment. */
final class TestWitness {
  private final WitnessCore core =
      new WitnessCore(
          Rules.ALL, System.nanoTime() - LeaseTerms.LEASE_MAX.multipliedBy(2).toNanos());
  private final EventLoopGroup loop;
  private final Server server;

  private TestWitness(NetworkNamespace namespace, int port, TlsFiles tls) throws Exception {
    ThreadFactory where =
        task ->
            Thread.ofPlatform()
                .daemon(true)
                .unstarted(
                    () -> {
                      namespace.enter();
                      task.run();
                    });
    loop = new MultiThreadIoEventLoopGroup(1, where, NioIoHandler.newFactory());
    server =
        NettyServerBuilder.forAddress(new InetSocketAddress(port))
            .bossEventLoopGroup(loop)
            .workerEventLoopGroup(loop)
            .channelType(NioServerSocketChannel.class)
            .sslContext(
                GrpcSslContexts.forServer(tls.certificate().toFile(), tls.key().toFile())
                    .trustManager(tls.ca().toFile())
                    .clientAuth(ClientAuth.REQUIRE)
                    .build())
            .addService(new Service())
            .build()
            .start();
  }

  static TestWitness in(NetworkNamespace namespace, int port, TestCa ca, Path directory)
      throws Exception {
    return new TestWitness(
        namespace, port, ca.issue(directory, "egressgateway-witness", "witness.egressgateway"));
  }

  private final class Service extends WitnessGrpc.WitnessImplBase {
    @Override
    public StreamObserver<RenewRequest> renew(StreamObserver<RenewReply> replies) {
      return new StreamObserver<>() {
        @Override
        public void onNext(RenewRequest request) {
          promise(request, replies);
        }

        @Override
        public void onError(Throwable failure) {
          // The agent has gone.
        }

        @Override
        public void onCompleted() {
          replies.onCompleted();
        }
      };
    }
  }

  private synchronized void promise(RenewRequest request, StreamObserver<RenewReply> replies) {
    NodeSession session =
        new NodeSession(
            new NodeName(request.getNode()), request.getBootId(), request.getIncarnation());
    WitnessCore.Event event =
        new WitnessCore.Event.Renew(
            session,
            request.getSequence(),
            Duration.of(request.getLeaseMicros(), ChronoUnit.MICROS));
    for (Effect effect : core.on(event, System.nanoTime())) {
      if (effect instanceof Effect.Promise(var promised, long sequence)) {
        replies.onNext(
            RenewReply.newBuilder()
                .setPromise(
                    Promise.newBuilder()
                        .setIncarnation(promised.incarnation())
                        .setSequence(sequence))
                .build());
      } else if (effect instanceof Effect.Nack(var dead)) {
        replies.onNext(
            RenewReply.newBuilder()
                .setNack(Nack.newBuilder().setIncarnation(dead.incarnation()))
                .build());
      }
    }
  }

  void stop() throws Exception {
    server.shutdownNow().awaitTermination();
    var unused = loop.shutdownGracefully(0, 1, TimeUnit.SECONDS).sync();
  }
}
