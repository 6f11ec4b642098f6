package io.egressgateway.node.lease;

import io.egressgateway.core.link.WitnessMembership;
import io.egressgateway.core.model.NodeSession;
import io.egressgateway.core.model.WitnessAddress;
import io.egressgateway.core.tls.TlsFiles;
import io.egressgateway.core.witness.v1.RenewRequest;
import io.grpc.netty.shaded.io.netty.channel.EventLoopGroup;
import io.grpc.netty.shaded.io.netty.channel.MultiThreadIoEventLoopGroup;
import io.grpc.netty.shaded.io.netty.channel.nio.NioIoHandler;
import java.time.Duration;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ThreadFactory;
import java.util.concurrent.TimeUnit;
import java.util.random.RandomGenerator;

/**
 * A stream to each witness over gRPC with mutual TLS. They have connections and a thread of their
 * own, so that a plan of many megabytes on the controllers' link delays no renewal.
 */
public final class WitnessClients implements WitnessLine {

  /**
   * What all streams have in common.
   *
   * @param tls this agent's; read again for each connection, since certificates are renewed
   * @param thread makes the one thread
   * @param random spreads the attempts of agents that lost a witness together
   */
  public record Setting(TlsFiles tls, ThreadFactory thread, RandomGenerator random) {}

  private final String membership;
  private final EventLoopGroup loop;
  private final List<WitnessStream> streams = new ArrayList<>();

  private WitnessClients(WitnessMembership witnesses, Setting setting, Answers answers) {
    this.membership = witnesses.digest();
    this.loop = new MultiThreadIoEventLoopGroup(1, setting.thread(), NioIoHandler.newFactory());
    for (WitnessAddress witness : witnesses.witnesses()) {
      streams.add(
          new WitnessStream(
              new WitnessStream.Place(streams.size(), witness), setting, loop.next(), answers));
    }
  }

  /** Makes lines that connect at once. */
  public static WitnessLine.Opener opener(Setting setting) {
    return (witnesses, answers) -> {
      WitnessClients clients = new WitnessClients(witnesses, setting, answers);
      clients.loop.execute(() -> clients.streams.forEach(WitnessStream::open));
      return clients;
    };
  }

  @Override
  public void renew(NodeSession session, long sequence, Duration lease) {
    RenewRequest request =
        RenewRequest.newBuilder()
            .setNode(session.node().value())
            .setBootId(session.bootId())
            .setIncarnation(session.incarnation())
            .setSequence(sequence)
            .setLeaseMicros(lease.dividedBy(ChronoUnit.MICROS.getDuration()))
            .setMembership(membership)
            .build();
    loop.execute(() -> streams.forEach(stream -> stream.send(request)));
  }

  @Override
  public void close() {
    loop.execute(() -> streams.forEach(WitnessStream::close));
    var unused = loop.shutdownGracefully(0, 1, TimeUnit.SECONDS);
  }
}
