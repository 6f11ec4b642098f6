package io.egressgateway.policy.link;

import akka.actor.typed.ActorSystem;
import io.egressgateway.policy.entity.EntityDirectory;
import io.egressgateway.policy.tls.RenewedTls;
import io.grpc.Server;
import io.grpc.netty.shaded.io.grpc.netty.NettyServerBuilder;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.util.concurrent.TimeUnit;

/**
 * Serves agents over gRPC with mutual TLS. A new connection gets the certificate that the files
 * hold then. Thread-safe.
 */
public final class AgentLinkServer implements AutoCloseable {
  private static final int STREAMS_PER_CONNECTION_MAX = 4;
  private static final long CLOSE_SECONDS_MAX = 5;

  private final Server server;
  private final AgentLinkService service;

  private AgentLinkServer(Server server, AgentLinkService service) {
    this.server = server;
    this.service = service;
  }

  /**
   * Starts to listen.
   *
   * @throws IOException when a certificate cannot be read or the port is taken; the message names
   *     it
   */
  public static AgentLinkServer start(
      ActorSystem<?> system, EntityDirectory entities, AgentLinkSettings settings)
      throws IOException {
    AgentLinkSettings.Limits limits = settings.limits();
    RenewedTls tls = RenewedTls.of(settings.tls());
    AgentLinkService service = new AgentLinkService(system, entities, limits);
    Server server =
        NettyServerBuilder.forAddress(new InetSocketAddress(settings.host(), settings.port()))
            .sslContext(tls)
            .maxInboundMessageSize(limits.inboundBytesMax())
            .maxConcurrentCallsPerConnection(STREAMS_PER_CONNECTION_MAX)
            .keepAliveTime(limits.keepAlive().toMillis(), TimeUnit.MILLISECONDS)
            .keepAliveTimeout(limits.keepAliveTimeout().toMillis(), TimeUnit.MILLISECONDS)
            .permitKeepAliveTime(limits.keepAlive().toMillis() / 2, TimeUnit.MILLISECONDS)
            .permitKeepAliveWithoutCalls(true)
            .intercept(new CertificateInterceptor())
            .addService(service)
            .build()
            .start();
    return new AgentLinkServer(server, service);
  }

  /** The port that is listened on. */
  public int port() {
    return server.getPort();
  }

  /** Agents that are linked, as far as their streams tell. */
  public int sessions() {
    return service.open();
  }

  /** Ends every stream; agents go on with what their kernels have, and look for another server. */
  @Override
  public void close() {
    server.shutdownNow();
    try {
      server.awaitTermination(CLOSE_SECONDS_MAX, TimeUnit.SECONDS);
    } catch (InterruptedException interrupted) {
      Thread.currentThread().interrupt();
    }
  }
}
