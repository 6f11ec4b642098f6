package io.egressgateway.k8s.app;

import java.util.Optional;

/**
 * A TCP endpoint.
 *
 * @param host name or address; an IPv6 address without brackets
 * @param port 1 to {@value #PORT_MAX}
 */
record HostPort(String host, int port) {
  static final int PORT_MAX = 65_535;

  /** Reads {@code host:port} or {@code [IPv6]:port}. */
  static Optional<HostPort> parse(String text) {
    int colon = text.lastIndexOf(':');
    if (colon < 1 || !text.substring(colon + 1).matches("[0-9]{1,5}")) {
      return Optional.empty();
    }
    int port = Integer.parseInt(text.substring(colon + 1));
    String host = text.substring(0, colon);
    boolean bracketed = host.startsWith("[") && host.endsWith("]");
    String bare = bracketed ? host.substring(1, host.length() - 1) : host;
    boolean ambiguous = !bracketed && host.indexOf(':') >= 0;
    return port < 1 || port > PORT_MAX || bare.isEmpty() || ambiguous
        ? Optional.empty()
        : Optional.of(new HostPort(bare, port));
  }

  /** {@code host:port}; an IPv6 address in brackets. */
  @Override
  public String toString() {
    return (host.indexOf(':') < 0 ? host : "[" + host + "]") + ":" + port;
  }
}
