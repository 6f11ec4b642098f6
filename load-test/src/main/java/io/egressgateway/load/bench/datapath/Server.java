package io.egressgateway.load.bench.datapath;

import static java.nio.charset.StandardCharsets.US_ASCII;

import io.egressgateway.load.lab.Topology;
import io.egressgateway.load.lab.net.NamespaceExecutor;
import io.egressgateway.load.lab.net.NetNamespace;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.nio.ByteBuffer;
import java.nio.channels.ClosedChannelException;
import java.nio.channels.DatagramChannel;
import java.nio.channels.ServerSocketChannel;
import java.nio.channels.SocketChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The server outside: takes datagrams that nobody reads, counts what its link receives, and sends
 * back one byte of each connection.
 */
final class Server implements AutoCloseable {
  /** Where datagrams and connections go. */
  static final InetSocketAddress ADDRESS = new InetSocketAddress(Topology.SERVER.toString(), 9000);

  private static final Logger LOG = LoggerFactory.getLogger(Server.class);
  private static final Path DEVICES = Path.of("/proc/thread-self/net/dev");
  private static final String LINK = "eth0:";
  private static final int PACKETS_COLUMN = 2;
  private static final int BACKLOG = 1024;

  private final NamespaceExecutor inside;
  private final DatagramChannel sink;
  private final ServerSocketChannel listener;

  Server() throws IOException {
    inside = new NamespaceExecutor(NetNamespace.server());
    sink = inside.call(() -> DatagramChannel.open().bind(ADDRESS));
    listener = inside.call(() -> ServerSocketChannel.open().bind(ADDRESS, BACKLOG));
    Thread.ofPlatform().name("bench-server").daemon().start(this::serve);
  }

  /** How many packets came in so far, of any kind. */
  long received() throws IOException {
    return inside.call(
        () ->
            Files.readAllLines(DEVICES, US_ASCII).stream()
                .map(line -> line.strip().split("\\s+"))
                .filter(columns -> columns[0].equals(LINK))
                .mapToLong(columns -> Long.parseLong(columns[PACKETS_COLUMN]))
                .findFirst()
                .orElseThrow(() -> new IOException("no " + LINK + " in " + DEVICES)));
  }

  private void serve() {
    ByteBuffer one = ByteBuffer.allocate(1);
    while (listener.isOpen()) {
      try (SocketChannel connection = listener.accept()) {
        one.clear();
        connection.read(one);
        connection.write(one.flip());
        // The other end closes first, which keeps its port free.
        one.clear();
        connection.read(one);
      } catch (ClosedChannelException ended) {
        return;
      } catch (IOException reset) {
        LOG.debug("a connection ended without goodbye reason=\"{}\"", reset.getMessage());
      }
    }
  }

  @Override
  public void close() throws IOException {
    listener.close();
    sink.close();
    inside.close();
  }
}
