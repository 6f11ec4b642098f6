package io.egressgateway.k8s.app;

import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;

/** Finds out before anything is started whether what is to be listened on can be. */
final class Ports {
  private static final String LOOPBACK = "127.0.0.1";
  private static final String BIND_HOST = "--bind-host";

  private Ports() {}

  /**
   * Returns if every port can be bound now.
   *
   * @throws StartFailure naming the port that cannot
   */
  static void requireFree(ControllerSettings.Listening listening) throws StartFailure {
    requireFree(listening.host(), listening.arteryPort(), "--artery-port", BIND_HOST);
    requireFree(LOOPBACK, listening.managementPort(), "--management-port", BIND_HOST);
    requireFree(listening.host(), listening.agentPort(), "--agent-port", BIND_HOST);
    ControllerSettings.Monitor monitor = listening.monitor();
    requireFree(monitor.host(), monitor.port(), "--monitor-port", "--monitor-host");
  }

  private static void requireFree(String host, int port, String portFlag, String hostFlag)
      throws StartFailure {
    try (ServerSocket socket = new ServerSocket()) {
      // As the servers do: connections of a former process that linger do not count.
      socket.setReuseAddress(true);
      socket.bind(new InetSocketAddress(InetAddress.getByName(host), port));
    } catch (IOException e) {
      throw new StartFailure(
          "cannot listen on "
              + host
              + ":"
              + port
              + " ("
              + e.getMessage()
              + "): end whatever listens there, or choose another port with "
              + portFlag
              + " or another address with "
              + hostFlag,
          e);
    }
  }
}
