package io.egressgateway.load.nettools;

import java.io.PrintStream;
import java.net.InetSocketAddress;
import java.time.Instant;
import java.time.temporal.ChronoUnit;

/** The server's own account, one JSON object per line: what listens, and who asked. */
final class ServerLog {
  private final PrintStream out;

  ServerLog(PrintStream out) {
    this.out = out;
  }

  /** {@code {"time":…,"event":"listening","protocol":"web","address":"0.0.0.0","port":8080}}. */
  void listening(Protocol protocol, InetSocketAddress local) {
    write("listening", protocol, local);
  }

  /**
   * {@code {"time":…,"event":"request","protocol":"web","address":"10.6.168.201","port":43210}}.
   */
  void request(Protocol protocol, InetSocketAddress remote) {
    write("request", protocol, remote);
  }

  private void write(String event, Protocol protocol, InetSocketAddress address) {
    String line =
        "{\"time\":\"%s\",\"event\":\"%s\",\"protocol\":\"%s\",\"address\":\"%s\",\"port\":%d}"
            .formatted(
                Instant.now().truncatedTo(ChronoUnit.MICROS),
                event,
                protocol.flag(),
                AddressText.of(address.getAddress()),
                address.getPort());
    synchronized (out) {
      out.println(line);
      out.flush();
    }
  }
}
