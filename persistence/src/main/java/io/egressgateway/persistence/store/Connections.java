package io.egressgateway.persistence.store;

import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.SQLException;
import java.util.Map;
import java.util.Properties;
import java.util.TreeMap;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Single connections, outside the plugin's pool. */
final class Connections {
  /** H2's "Database may be already in use" ({@code org.h2.api.ErrorCode}). */
  private static final int H2_DATABASE_ALREADY_OPEN = 90_020;

  /** PostgreSQL's. */
  private static final String SOCKET_TIMEOUT = "socketTimeout";

  private static final String PROBE_TIMEOUT_SECONDS = "5";

  private static final Logger LOG = LoggerFactory.getLogger(Connections.class);

  private Connections() {}

  static Connection open(DatabaseSettings settings) throws DatabaseException {
    return open(settings, settings.driverProperties());
  }

  /** For short statements: gives up soon on a database that does not answer. */
  static Connection openProbe(DatabaseSettings settings) throws DatabaseException {
    Map<String, String> hasty = new TreeMap<>(settings.driverProperties());
    hasty.replace(SOCKET_TIMEOUT, PROBE_TIMEOUT_SECONDS);
    return open(settings, hasty);
  }

  /** Closes a connection that may be broken: there is nothing left that a failure could concern. */
  static void discard(Connection connection) {
    try {
      connection.close();
    } catch (SQLException broken) {
      LOG.debug("connection not closed cause=\"{}\"", broken.getMessage());
    }
  }

  private static Connection open(DatabaseSettings settings, Map<String, String> driverProperties)
      throws DatabaseException {
    Properties properties = new Properties();
    properties.putAll(driverProperties);
    properties.put("user", settings.user());
    properties.put("password", settings.password().secret());
    try {
      return DriverManager.getConnection(settings.url(), properties);
    } catch (SQLException refused) {
      throw unusable(settings, refused);
    }
  }

  static DatabaseException unusable(DatabaseSettings settings, SQLException refused) {
    return new DatabaseException(
        "database %s cannot be used: %s; %s"
            .formatted(settings.url(), refused.getMessage(), remedy(settings, refused)),
        refused);
  }

  private static String remedy(DatabaseSettings settings, SQLException refused) {
    return switch (settings) {
      case DatabaseSettings.EmbeddedH2 ignored
          when refused.getErrorCode() == H2_DATABASE_ALREADY_OPEN ->
          "an embedded database is for one controller: stop the other one, or give both a database"
              + " server";
      case DatabaseSettings.EmbeddedH2(var directory) ->
          "check that " + directory + " can be written and has space";
      case DatabaseSettings.Server ignored ->
          "check that it runs, and the database URL, user and password";
    };
  }
}
