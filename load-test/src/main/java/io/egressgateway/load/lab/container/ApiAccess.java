package io.egressgateway.load.lab.container;

import io.egressgateway.load.lab.net.Forwarder;
import io.egressgateway.load.lab.net.NetNamespace;
import java.io.IOException;
import java.util.HashMap;
import java.util.Map;
import java.util.SortedMap;
import java.util.TreeMap;

/** Lets pods reach the Kubernetes API, each on its own loopback. Thread-safe. */
final class ApiAccess implements AutoCloseable {
  private final int port;
  private final Map<NetNamespace, Forwarder> wires = new HashMap<>();

  /**
   * @param port of the API on this process's loopback
   */
  ApiAccess(int port) {
    this.port = port;
  }

  /** From now on the API can be reached from this namespace. */
  synchronized void open(NetNamespace namespace) throws IOException {
    if (!wires.containsKey(namespace)) {
      wires.put(namespace, Forwarder.start(namespace, port));
    }
  }

  /** The namespace is about to vanish. */
  synchronized void close(NetNamespace namespace) {
    Forwarder wire = wires.remove(namespace);
    if (wire != null) {
      wire.close();
    }
  }

  /** The variables by which programs in a pod find it. */
  SortedMap<String, String> variables() {
    SortedMap<String, String> variables = new TreeMap<>();
    variables.put("KUBERNETES_SERVICE_HOST", "127.0.0.1");
    variables.put("KUBERNETES_SERVICE_PORT", Integer.toString(port));
    variables.put("KUBERNETES_SERVICE_PORT_HTTPS", Integer.toString(port));
    return variables;
  }

  @Override
  public synchronized void close() {
    wires.values().forEach(Forwarder::close);
    wires.clear();
  }
}
