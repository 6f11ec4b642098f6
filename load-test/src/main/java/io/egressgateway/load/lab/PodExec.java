package io.egressgateway.load.lab;

import io.egressgateway.core.model.Ipv4Address;
import io.egressgateway.core.model.Ipv6Address;
import io.egressgateway.load.lab.kube.PodPlacement;
import io.egressgateway.load.lab.net.HttpProbe;
import io.egressgateway.load.lab.net.NamespaceExecutor;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.time.Duration;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** What one would do in a shell of a pod: ask the server outside who is asking. Thread-safe. */
public final class PodExec implements AutoCloseable {
  private static final Pattern REMOTE_IP = Pattern.compile("Remote IP: ([0-9.]+)(:[0-9]+)?\\s*");
  private static final Pattern REMOTE_IP_V6 = Pattern.compile("Remote IP: ([0-9a-f:]+)\\s*");

  private final NamespaceExecutor inside;
  private final InetSocketAddress server;
  private final LabNode.Stack stack;

  PodExec(PodPlacement pod) throws IOException {
    this.server =
        new InetSocketAddress(InetAddress.getByAddress(Topology.SERVER.toBytes()), Lab.SERVER_PORT);
    this.stack = pod.node().stack();
    this.inside = new NamespaceExecutor(pod.netNamespace());
  }

  /** The answer of {@code curl 10.6.1.92:8080}, over a new connection. */
  public String curl(Duration patience) throws IOException {
    return inside.call(() -> HttpProbe.get(server, "/", patience)).body();
  }

  /** The source address that the server saw; empty if nothing came back in time. */
  public Optional<Ipv4Address> sourceAddress(Duration patience) {
    try {
      return remoteIp(curl(patience));
    } catch (IOException e) {
      return Optional.empty();
    }
  }

  /**
   * The source address that the server's address of IPv6 saw; empty if nothing came back in time.
   *
   * @throws IllegalStateException if the lab has no IPv6
   */
  public Optional<Ipv6Address> sourceAddressV6(Duration patience) throws IOException {
    Ipv6Address address =
        Topology.ipv6Of(stack, Topology.SERVER)
            .orElseThrow(() -> new IllegalStateException("the lab has no IPv6"));
    InetSocketAddress serverV6 =
        new InetSocketAddress(InetAddress.getByAddress(address.toBytes()), Lab.SERVER_PORT);
    try {
      Matcher line =
          REMOTE_IP_V6.matcher(inside.call(() -> HttpProbe.get(serverV6, "/", patience)).body());
      return line.matches() ? Ipv6Address.parse(line.group(1)) : Optional.empty();
    } catch (IOException e) {
      return Optional.empty();
    }
  }

  /** The address in the server's answer. */
  public static Optional<Ipv4Address> remoteIp(String answer) {
    Matcher line = REMOTE_IP.matcher(answer);
    return line.matches() ? Ipv4Address.parse(line.group(1)) : Optional.empty();
  }

  @Override
  public void close() {
    inside.close();
  }
}
