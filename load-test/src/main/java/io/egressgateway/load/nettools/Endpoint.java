package io.egressgateway.load.nettools;

import java.net.InetSocketAddress;
import java.util.List;
import java.util.Map;

/**
 * The server's address as both sides name it.
 *
 * @param host an address or a name
 * @param ports one per protocol
 */
record Endpoint(String host, Map<Protocol, Integer> ports) {
  static List<Flags.Flag> flags(String defaultHost, String hostHelp) {
    return List.of(
        new Flags.Flag("addr", defaultHost, hostHelp),
        new Flags.Flag("protocol", "tcp", "tcp, udp, web or all"),
        new Flags.Flag("tcpPort", "8080", "TCP port"),
        new Flags.Flag("udpPort", "8081", "UDP port"),
        new Flags.Flag("webPort", "8082", "HTTP port"));
  }

  Endpoint {
    ports = Map.copyOf(ports);
  }

  static Endpoint parse(Flags flags) throws Flags.UsageException {
    return new Endpoint(
        flags.text("addr"),
        Map.of(
            Protocol.TCP, flags.port("tcpPort"),
            Protocol.UDP, flags.port("udpPort"),
            Protocol.WEB, flags.port("webPort")));
  }

  /** Resolves a name where the host is one. */
  InetSocketAddress socketAddress(Protocol protocol) {
    return new InetSocketAddress(host, port(protocol));
  }

  int port(Protocol protocol) {
    Integer port = ports.get(protocol);
    if (port == null) {
      throw new IllegalArgumentException("no port for " + protocol);
    }
    return port;
  }
}
