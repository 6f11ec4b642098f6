package io.egressgateway.load.lab;

import io.egressgateway.load.lab.net.Forwarder;
import io.egressgateway.load.lab.net.NetNamespace;
import java.io.IOException;
import java.nio.file.Path;
import java.sql.SQLException;
import org.h2.tools.Server;

/**
 * The journal's database where several controllers share it: an H2 server in this process, reached
 * from the controllers' namespace.
 */
final class LabDatabase implements AutoCloseable {
  private final Server server;
  private final Forwarder forwarder;

  private LabDatabase(Server server, Forwarder forwarder) {
    this.server = server;
    this.forwarder = forwarder;
  }

  static LabDatabase start(Path directory, NetNamespace controllers) throws IOException {
    try {
      // H2 asks the system property where it may listen; loopback is the only answer here.
      System.setProperty("h2.bindAddress", "127.0.0.1");
      Server server =
          Server.createTcpServer(
                  "-tcpPort", "0", "-tcpDaemon", "-ifNotExists", "-baseDir", directory.toString())
              .start();
      try {
        return new LabDatabase(server, Forwarder.start(controllers, server.getPort()));
      } catch (IOException | RuntimeException e) {
        server.stop();
        throw e;
      }
    } catch (SQLException e) {
      throw new IOException("start the database", e);
    }
  }

  /** As seen from the controllers' namespace. */
  String url() {
    return "jdbc:h2:tcp://127.0.0.1:" + server.getPort() + "/egressgateway";
  }

  /** Between the controllers and the server. */
  Forwarder wire() {
    return forwarder;
  }

  @Override
  public void close() {
    forwarder.close();
    server.stop();
  }
}
