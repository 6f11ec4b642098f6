package io.egressgateway.policy.witness;

import io.egressgateway.core.model.WitnessAddress;
import io.egressgateway.core.tls.TlsCredentials;
import io.egressgateway.core.tls.TlsFiles;
import io.egressgateway.policy.tls.RenewedTls;
import io.grpc.ManagedChannel;
import io.grpc.netty.shaded.io.grpc.netty.GrpcSslContexts;
import io.grpc.netty.shaded.io.grpc.netty.NettyChannelBuilder;
import io.grpc.netty.shaded.io.netty.channel.ChannelOption;
import io.grpc.netty.shaded.io.netty.channel.EventLoop;
import io.grpc.netty.shaded.io.netty.channel.EventLoopGroup;
import io.grpc.netty.shaded.io.netty.channel.MultiThreadIoEventLoopGroup;
import io.grpc.netty.shaded.io.netty.channel.nio.NioIoHandler;
import io.grpc.netty.shaded.io.netty.channel.socket.nio.NioSocketChannel;
import io.grpc.netty.shaded.io.netty.handler.ssl.SslContextBuilder;
import io.grpc.netty.shaded.io.netty.handler.ssl.SslProvider;
import io.grpc.netty.shaded.io.netty.util.concurrent.DefaultThreadFactory;
import java.io.IOException;
import java.time.Duration;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;

/** Makes connections to witnesses, all of them served by one thread of their own. */
final class WitnessChannels implements AutoCloseable {

  private static final Duration CONNECT_TIMEOUT = Duration.ofSeconds(1);
  private static final Duration KEEP_ALIVE = Duration.ofSeconds(10);
  private static final Duration KEEP_ALIVE_TIMEOUT = Duration.ofSeconds(2);
  private static final long NEVER_IDLE_DAYS = 365;

  /** Room for many tombstones; votes are a few bytes. */
  private static final int MESSAGE_BYTES_MAX = 4 * 1024 * 1024;

  private final TlsFiles tls;
  private final EventLoopGroup group;
  private final EventLoop loop;

  WitnessChannels(TlsFiles tls, String threadName) {
    this.tls = tls;
    this.group =
        new MultiThreadIoEventLoopGroup(
            1, new DefaultThreadFactory(threadName, true), NioIoHandler.newFactory());
    this.loop = group.next();
  }

  /** The one thread that every callback of every channel runs on. */
  ScheduledExecutorService thread() {
    return loop;
  }

  /**
   * A channel that connects when it is first used. The files are read every time, since
   * certificates are renewed while a process runs.
   *
   * @throws IOException naming the file that cannot be used
   */
  ManagedChannel open(WitnessAddress witness) throws IOException {
    TlsCredentials credentials = TlsCredentials.read(tls);
    return NettyChannelBuilder.forAddress(witness.host(), witness.port())
        .overrideAuthority(Caller.WITNESS_DNS_NAME)
        .sslContext(
            GrpcSslContexts.configure(SslContextBuilder.forClient(), SslProvider.JDK)
                .trustManager(credentials.trusted())
                .keyManager(credentials.keyManager())
                .protocols(RenewedTls.PROTOCOL)
                .build())
        .eventLoopGroup(group)
        .channelType(NioSocketChannel.class)
        .withOption(ChannelOption.CONNECT_TIMEOUT_MILLIS, (int) CONNECT_TIMEOUT.toMillis())
        .directExecutor()
        .keepAliveTime(KEEP_ALIVE.toMillis(), TimeUnit.MILLISECONDS)
        .keepAliveTimeout(KEEP_ALIVE_TIMEOUT.toMillis(), TimeUnit.MILLISECONDS)
        .keepAliveWithoutCalls(true)
        .idleTimeout(NEVER_IDLE_DAYS, TimeUnit.DAYS)
        .maxInboundMessageSize(MESSAGE_BYTES_MAX)
        .disableRetry()
        .build();
  }

  @Override
  public void close() {
    // Its thread is a daemon: nobody waits for the end of the shutdown.
    var unused = group.shutdownGracefully(0, 1, TimeUnit.SECONDS);
  }
}
