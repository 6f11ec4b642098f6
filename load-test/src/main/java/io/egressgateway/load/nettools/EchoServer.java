package io.egressgateway.load.nettools;

import java.io.IOException;
import java.io.PrintStream;
import java.net.InetSocketAddress;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CountDownLatch;

/** The listeners of one server. */
final class EchoServer implements AutoCloseable {

  /** One protocol's listener. */
  interface Listener extends AutoCloseable {
    InetSocketAddress address();

    @Override
    void close();
  }

  private final Map<Protocol, Listener> listeners;

  private EchoServer(Map<Protocol, Listener> listeners) {
    this.listeners = listeners;
  }

  /**
   * Starts every listener asked for.
   *
   * @param out receives the log
   * @throws IOException if one cannot listen; the others are closed then
   */
  static EchoServer start(ServerOptions options, PrintStream out) throws IOException {
    ServerLog log = new ServerLog(out);
    Map<Protocol, Listener> listeners = new EnumMap<>(Protocol.class);
    for (Protocol protocol : options.protocols()) {
      InetSocketAddress address = options.endpoint().socketAddress(protocol);
      try {
        Listener listener =
            switch (protocol) {
              case TCP -> TcpEcho.listen(address, log);
              case UDP -> UdpEcho.listen(address, log);
              case WEB -> WebEcho.listen(address, log);
            };
        listeners.put(protocol, listener);
        log.listening(protocol, listener.address());
      } catch (IOException failure) {
        new EchoServer(listeners).close();
        throw new IOException(
            "cannot listen on %s %s:%d: %s"
                .formatted(
                    protocol.flag(),
                    options.endpoint().host(),
                    options.endpoint().port(protocol),
                    failure.getMessage()),
            failure);
      }
    }
    return new EchoServer(listeners);
  }

  /** The port that the protocol is served on. */
  int port(Protocol protocol) {
    Listener listener = listeners.get(protocol);
    if (listener == null) {
      throw new IllegalArgumentException(protocol + " is not served");
    }
    return listener.address().getPort();
  }

  void awaitInterrupt() {
    try {
      new CountDownLatch(1).await();
    } catch (InterruptedException asked) {
      Thread.currentThread().interrupt();
    }
  }

  @Override
  public void close() {
    List<Listener> all = new ArrayList<>(listeners.values());
    all.forEach(Listener::close);
  }
}
