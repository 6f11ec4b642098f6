package io.egressgateway.load.lab;

import static java.nio.charset.StandardCharsets.UTF_8;

import io.egressgateway.core.model.IpAddress;
import io.egressgateway.load.lab.net.Forwarder;
import io.egressgateway.load.lab.net.NetNamespace;
import java.io.IOException;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.h2.tools.Server;

/**
 * The journal's database where several controllers share it: an H2 server in this process, reached
 * from the controllers' namespace.
 */
final class LabDatabase implements AutoCloseable {
  /** That of the controllers, if they are not told another. */
  private static final String USER = "egressgateway";

  private static final Pattern EPOCH = Pattern.compile("\"epoch\":\"?(\\d+)");

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

  /** The epochs in which an egress IP got an owner, in the order of the journal. */
  List<Long> epochs(IpAddress eip) throws IOException {
    List<Long> epochs = new ArrayList<>();
    try (Connection connection = DriverManager.getConnection(url(), USER, "");
        PreparedStatement query =
            connection.prepareStatement(
                "SELECT \"event_payload\" FROM \"event_journal\" WHERE \"persistence_id\" = ?"
                    + " AND (\"event_ser_manifest\" LIKE 'eip.assigned.%'"
                    + " OR \"event_ser_manifest\" LIKE 'eip.moved.%')"
                    + " ORDER BY \"sequence_number\"")) {
      query.setString(1, "eip|" + eip);
      try (ResultSet rows = query.executeQuery()) {
        while (rows.next()) {
          Matcher epoch = EPOCH.matcher(new String(rows.getBytes(1), UTF_8));
          if (epoch.find()) {
            epochs.add(Long.valueOf(epoch.group(1)));
          }
        }
      }
    } catch (SQLException e) {
      throw new IOException("read the journal of " + eip, e);
    }
    return epochs;
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
