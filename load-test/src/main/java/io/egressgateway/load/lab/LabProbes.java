package io.egressgateway.load.lab;

import io.egressgateway.load.lab.net.HttpProbe;
import io.egressgateway.load.lab.net.NamespaceExecutor;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.time.Duration;

/**
 * What the product's processes answer at their ports for metrics and probes, asked from their own
 * nodes. Every method throws {@link IOException} if there is no answer. Thread-safe.
 *
 * @param controlPlane where the controllers run
 */
public record LabProbes(LabNode controlPlane) {
  private static final Duration PATIENCE = Duration.ofSeconds(2);

  /** The agents' default. */
  private static final int AGENT = 5811;

  /** Port of the first witness; the others follow. */
  static final int WITNESS = 5841;

  /** Of the monitor port of a witness, by its number, from 0. */
  public HttpProbe.Answer witness(int witness, String path) throws IOException {
    InetAddress host = InetAddress.getByAddress(controlPlane.underlay().toBytes());
    return ask(controlPlane, new InetSocketAddress(host, WITNESS + witness), path);
  }

  /** Of a controller's management endpoint. */
  public HttpProbe.Answer management(int controller, String path) throws IOException {
    InetAddress host = InetAddress.getLoopbackAddress();
    int port = ControllerPorts.of(controller).management();
    return ask(controlPlane, new InetSocketAddress(host, port), path);
  }

  /** Of a controller's monitor port. */
  public HttpProbe.Answer controller(int controller, String path) throws IOException {
    InetAddress host = InetAddress.getByAddress(controlPlane.underlay().toBytes());
    int port = ControllerPorts.of(controller).monitor();
    return ask(controlPlane, new InetSocketAddress(host, port), path);
  }

  /** Of the monitor port of a node's agent. */
  public HttpProbe.Answer agent(LabNode node, String path) throws IOException {
    return ask(node, new InetSocketAddress(InetAddress.getLoopbackAddress(), AGENT), path);
  }

  private static HttpProbe.Answer ask(LabNode from, InetSocketAddress address, String path)
      throws IOException {
    try (NamespaceExecutor inside = new NamespaceExecutor(from.namespace())) {
      return inside.call(() -> HttpProbe.get(address, path, PATIENCE));
    }
  }
}
