package io.egressgateway.load.lab.container;

import io.egressgateway.load.lab.net.HttpProbe;
import io.egressgateway.load.lab.net.NamespaceExecutor;
import io.fabric8.kubernetes.api.model.Container;
import io.fabric8.kubernetes.api.model.ContainerPort;
import io.fabric8.kubernetes.api.model.HTTPGetAction;
import io.fabric8.kubernetes.api.model.IntOrString;
import io.fabric8.kubernetes.api.model.Probe;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.time.Duration;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** Asks the containers of a pod how they are, as the kubelet of its node does. */
final class Prober implements AutoCloseable {
  private static final int HTTP_OK = 200;
  private static final int HTTP_ERRORS = 400;

  private final NamespaceExecutor inside;
  private final String podAddress;

  /**
   * @param inside a thread in the pod's network namespace; closed with this
   */
  Prober(NamespaceExecutor inside, String podAddress) {
    this.inside = inside;
    this.podAddress = podAddress;
  }

  /** Asks once. */
  boolean passes(Probe probe, Container container, ContainerProcess process)
      throws InterruptedException {
    Duration patience =
        Duration.ofSeconds(Optional.ofNullable(probe.getTimeoutSeconds()).orElse(1));
    try {
      if (probe.getHttpGet() != null) {
        return http(probe.getHttpGet(), container, patience);
      }
      if (probe.getTcpSocket() != null) {
        int port = port(probe.getTcpSocket().getPort(), container);
        return connects(host(probe.getTcpSocket().getHost()), port, patience);
      }
      if (probe.getExec() != null) {
        return process.execute(probe.getExec().getCommand(), patience);
      }
    } catch (IOException e) {
      return false; // nobody answers
    }
    throw new UnsupportedPodException("probe of %s: %s".formatted(container.getName(), probe));
  }

  private boolean http(HTTPGetAction get, Container container, Duration patience)
      throws IOException {
    int port = port(get.getPort(), container);
    if ("HTTPS".equals(get.getScheme())) {
      // Kubelets do not verify the certificate; that TLS is spoken shows in that one may connect.
      return connects(host(get.getHost()), port, patience);
    }
    InetSocketAddress address = new InetSocketAddress(host(get.getHost()), port);
    int status = inside.call(() -> HttpProbe.get(address, get.getPath(), patience)).status();
    return status >= HTTP_OK && status < HTTP_ERRORS;
  }

  private boolean connects(String host, int port, Duration patience) throws IOException {
    return inside.call(
        () -> {
          try (Socket socket = new Socket()) {
            socket.connect(new InetSocketAddress(host, port), Math.toIntExact(patience.toMillis()));
            return true;
          }
        });
  }

  private String host(@Nullable String named) {
    return named == null || named.isEmpty() ? podAddress : named;
  }

  private static int port(IntOrString port, Container container) {
    if (port.getIntVal() != null) {
      return port.getIntVal();
    }
    return container.getPorts().stream()
        .filter(named -> port.getStrVal().equals(named.getName()))
        .map(ContainerPort::getContainerPort)
        .findFirst()
        .orElseThrow(
            () ->
                new UnsupportedPodException(
                    "container %s has no port named %s"
                        .formatted(container.getName(), port.getStrVal())));
  }

  @Override
  public void close() {
    inside.close();
  }
}
