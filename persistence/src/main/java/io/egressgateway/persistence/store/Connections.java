package io.egressgateway.persistence.store;

import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.SQLException;
import java.util.Properties;

/** Single connections, outside the plugin's pool. */
final class Connections {
  /** H2's "Database may be already in use" ({@code org.h2.api.ErrorCode}). */
  private static final int H2_DATABASE_ALREADY_OPEN = 90_020;

  private Connections() {}

  static Connection open(DatabaseSettings settings) throws DatabaseException {
    Properties properties = new Properties();
    properties.putAll(settings.driverProperties());
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
