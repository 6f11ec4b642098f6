package io.egressgateway.policy.witness;

import io.egressgateway.core.lease.Rules;
import io.egressgateway.core.lease.WitnessCore;
import io.egressgateway.core.tls.CertificateNames;
import io.egressgateway.core.tls.TlsCredentials;
import io.egressgateway.policy.tls.RenewedTls;
import io.grpc.Server;
import io.grpc.netty.shaded.io.grpc.netty.NettyServerBuilder;
import io.grpc.netty.shaded.io.netty.channel.EventLoopGroup;
import io.grpc.netty.shaded.io.netty.channel.MultiThreadIoEventLoopGroup;
import io.grpc.netty.shaded.io.netty.channel.nio.NioIoHandler;
import io.grpc.netty.shaded.io.netty.channel.socket.nio.NioServerSocketChannel;
import io.grpc.netty.shaded.io.netty.util.concurrent.DefaultThreadFactory;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.function.LongSupplier;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * A witness that can be asked, over gRPC with mutual TLS 1.3. Thread-safe. One thread has the core
 * and answers; two others do the cryptography, so that many who connect at once do not keep those
 * who are connected waiting.
 */
public final class WitnessServer implements AutoCloseable {
  private static final Logger LOG = LoggerFactory.getLogger(WitnessServer.class);

  /** The alternative name in every witness's certificate, whatever its address is. */
  public static final String DNS_NAME = Caller.WITNESS_DNS_NAME;

  private static final int IO_THREADS = 2;

  /** An agent has one stream; a controller asks about many nodes at once. */
  private static final int CALLS_PER_CONNECTION_MAX = 2_000;

  /** A question is a few dozen bytes and two names. */
  private static final int MESSAGE_BYTES_MAX = 4 * 1024;

  private static final Duration HANDSHAKE_MAX = Duration.ofSeconds(5);
  private static final Duration KEEP_ALIVE = Duration.ofSeconds(10);
  private static final Duration KEEP_ALIVE_TIMEOUT = Duration.ofSeconds(5);
  private static final Duration CLOSE_PATIENCE = Duration.ofSeconds(2);

  /** For the witness's thread to answer; it does so in microseconds. */
  private static final Duration ANSWER_MAX = Duration.ofSeconds(1);

  /**
   * What a witness has in mind.
   *
   * @param promises that are open
   * @param tombstones of sessions that were voted dead
   * @param denials of sessions that get no promise any more and were not voted dead yet
   * @param mute how long it will say nothing still; not above 0 if it speaks
   */
  public record Facts(int promises, int tombstones, int denials, Duration mute) {}

  private final WitnessCore core;
  private final LongSupplier nanos;
  private final Server server;
  private final ExecutorService thread;
  private final EventLoopGroup io;
  private final WitnessChannels channels;
  private final List<PeerTombstones> pulls;

  private WitnessServer(
      WitnessCore core,
      LongSupplier nanos,
      Server server,
      ExecutorService thread,
      EventLoopGroup io,
      WitnessChannels channels,
      List<PeerTombstones> pulls) {
    this.core = core;
    this.nanos = nanos;
    this.server = server;
    this.thread = thread;
    this.io = io;
    this.channels = channels;
    this.pulls = pulls;
  }

  /**
   * Starts to listen, and to ask the other witnesses for their tombstones. It promises and votes
   * nothing yet: see {@link WitnessCore#muteUntilNanos}.
   *
   * @param nanos a clock that never goes back. Its rate may differ from the agents' by a tenth of a
   *     percent by the protocol's own margin, and run fast by 12 % by that of the agents' kernels,
   *     which close after 0.9 of the lease less its guard
   * @throws IOException when a certificate cannot be used or the port is taken; the message names
   *     it
   */
  public static WitnessServer start(WitnessSettings settings, LongSupplier nanos)
      throws IOException {
    long started = nanos.getAsLong();
    WitnessCore core = new WitnessCore(Rules.ALL, started);
    ExecutorService thread =
        Executors.newSingleThreadExecutor(
            Thread.ofPlatform().name("witness").daemon(true).factory());
    EventLoopGroup io =
        new MultiThreadIoEventLoopGroup(
            IO_THREADS, new DefaultThreadFactory("witness-io", true), NioIoHandler.newFactory());
    WitnessChannels channels = new WitnessChannels(settings.tls(), "witness-peers");
    try {
      Server server =
          listening(settings, io)
              .executor(thread)
              .intercept(new CallerInterceptor())
              .addService(new WitnessService(core, settings.membership(), nanos))
              .build()
              .start();
      LOG.info(
          "witness started address={} port={} witnesses=\"{}\" membership={} muteForMs={}",
          settings.self(),
          server.getPort(),
          settings.membership(),
          settings.membership().digest(),
          TimeUnit.NANOSECONDS.toMillis(core.muteUntilNanos() - started));
      List<PeerTombstones> pulls = new ArrayList<>();
      for (var peer : settings.peers()) {
        pulls.add(
            new PeerTombstones(
                peer,
                settings.membership().digest(),
                channels,
                tombstones -> thread.execute(() -> core.on(tombstones, nanos.getAsLong()))));
      }
      pulls.forEach(pull -> channels.thread().execute(pull::pull));
      return new WitnessServer(core, nanos, server, thread, io, channels, List.copyOf(pulls));
    } catch (IOException | RuntimeException failure) {
      thread.shutdownNow();
      release(io, channels);
      throw failure;
    }
  }

  /** Whether agents and controllers will take this certificate for a witness's. */
  public static boolean mayServe(TlsCredentials credentials) {
    return CertificateNames.of(credentials.chain().getFirst()).dnsNames().contains(DNS_NAME);
  }

  private static NettyServerBuilder listening(WitnessSettings settings, EventLoopGroup io)
      throws IOException {
    return NettyServerBuilder.forAddress(
            new InetSocketAddress(settings.bindHost(), settings.port()))
        .sslContext(RenewedTls.of(settings.tls()))
        .bossEventLoopGroup(io)
        .workerEventLoopGroup(io)
        .channelType(NioServerSocketChannel.class)
        .handshakeTimeout(HANDSHAKE_MAX.toMillis(), TimeUnit.MILLISECONDS)
        .maxInboundMessageSize(MESSAGE_BYTES_MAX)
        .maxConcurrentCallsPerConnection(CALLS_PER_CONNECTION_MAX)
        .keepAliveTime(KEEP_ALIVE.toMillis(), TimeUnit.MILLISECONDS)
        .keepAliveTimeout(KEEP_ALIVE_TIMEOUT.toMillis(), TimeUnit.MILLISECONDS)
        .permitKeepAliveTime(KEEP_ALIVE.toMillis() / 2, TimeUnit.MILLISECONDS)
        .permitKeepAliveWithoutCalls(true);
  }

  /** The port that is listened on. */
  public int port() {
    return server.getPort();
  }

  /** What the witness's thread has in mind; empty if it does not answer in a second. */
  public Optional<Facts> facts() {
    Future<Facts> answer =
        thread.submit(
            () -> {
              long now = nanos.getAsLong();
              return new Facts(
                  core.openPromises(now),
                  core.tombstones(),
                  core.denials(),
                  Duration.ofNanos(core.muteUntilNanos() - now));
            });
    try {
      return Optional.of(answer.get(ANSWER_MAX.toMillis(), TimeUnit.MILLISECONDS));
    } catch (TimeoutException hung) {
      answer.cancel(false);
      LOG.error("the witness's thread does not answer", hung);
      return Optional.empty();
    } catch (ExecutionException bug) {
      throw new IllegalStateException("the witness cannot be asked", bug);
    } catch (InterruptedException closing) {
      Thread.currentThread().interrupt();
      return Optional.empty();
    }
  }

  /** Returns when the witness has been closed. */
  public void awaitTermination() throws InterruptedException {
    server.awaitTermination();
  }

  /** Ends every stream; what was promised is forgotten, but a vote of this life stays true. */
  @Override
  public void close() {
    channels.thread().execute(() -> pulls.forEach(PeerTombstones::close));
    server.shutdownNow();
    try {
      server.awaitTermination(CLOSE_PATIENCE.toMillis(), TimeUnit.MILLISECONDS);
    } catch (InterruptedException interrupted) {
      Thread.currentThread().interrupt();
    }
    thread.shutdown();
    release(io, channels);
  }

  private static void release(EventLoopGroup io, WitnessChannels channels) {
    // Their threads are daemons: nobody waits for the end of the shutdown.
    var unused = io.shutdownGracefully(0, 1, TimeUnit.SECONDS);
    channels.close();
  }
}
