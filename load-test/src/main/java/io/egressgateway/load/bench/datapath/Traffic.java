package io.egressgateway.load.bench.datapath;

import io.egressgateway.load.lab.net.NamespaceExecutor;
import java.io.IOException;
import java.net.StandardSocketOptions;
import java.nio.ByteBuffer;
import java.nio.channels.DatagramChannel;
import java.nio.channels.SocketChannel;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;

/** What the pod of a chain sends, and what that costs. For one thread. */
final class Traffic implements AutoCloseable {
  private static final int FLOWS = 16;
  private static final int BATCH = 32;
  private static final int PAYLOAD = 64;
  private static final Duration SETTLING = Duration.ofMillis(100);
  private static final int ARRIVED_OF = 2;
  private static final double NANOS_PER_MICRO = 1e3;

  private final Chain chain;
  private final Server server;
  private final ProcessorTime time;
  private final NamespaceExecutor inside;
  private final List<DatagramChannel> flows = new ArrayList<>();

  Traffic(Chain chain, Server server, ProcessorTime time) throws IOException {
    this.chain = chain;
    this.server = server;
    this.time = time;
    this.inside = new NamespaceExecutor(chain.sender().netNamespace());
    for (int i = 0; i < FLOWS; i++) {
      flows.add(inside.call(() -> DatagramChannel.open().connect(Server.ADDRESS)));
    }
  }

  /**
   * Datagrams of flows that are known already, one way.
   *
   * @return microseconds of processor time for each that arrived
   * @throws IOException if less than half of them arrive
   */
  double packet(Duration duration) throws Exception {
    ByteBuffer payload = ByteBuffer.allocateDirect(PAYLOAD);
    for (DatagramChannel flow : flows) {
      flow.write(payload.clear());
    }
    Thread.sleep(SETTLING);
    long received = server.received();
    long cost = time.nanos();
    long end = System.nanoTime() + duration.toNanos();
    long sent = 0;
    while (System.nanoTime() - end < 0) {
      for (DatagramChannel flow : flows) {
        for (int i = 0; i < BATCH && System.nanoTime() - end < 0; i++) {
          flow.write(payload.clear());
          sent++;
        }
      }
    }
    cost = time.nanos() - cost;
    Thread.sleep(SETTLING);
    return perUnit(cost, server.received() - received, sent);
  }

  private double perUnit(long cost, long arrived, long sent) throws IOException {
    if (arrived * ARRIVED_OF < sent) {
      throw new IOException(
          "of %d datagrams of %s only %d arrived".formatted(sent, chain.sender().key(), arrived));
    }
    return cost / NANOS_PER_MICRO / arrived;
  }

  /**
   * Connections one after the other: opened, a byte there and back, reset.
   *
   * @return microseconds of processor time for each, both ends and everything between
   */
  double connection(Duration duration) throws IOException {
    return inside.call(
        () -> {
          ByteBuffer one = ByteBuffer.allocateDirect(1);
          long cost = time.nanos();
          long end = System.nanoTime() + duration.toNanos();
          long count = 0;
          while (System.nanoTime() - end < 0) {
            try (SocketChannel connection = SocketChannel.open()) {
              connection.setOption(StandardSocketOptions.SO_LINGER, 0);
              connection.connect(Server.ADDRESS);
              connection.write(one.clear());
              connection.read(one.clear());
              count++;
            }
          }
          return (time.nanos() - cost) / NANOS_PER_MICRO / count;
        });
  }

  @Override
  public void close() throws IOException {
    for (DatagramChannel flow : flows) {
      flow.close();
    }
    inside.close();
  }
}
