package io.egressgateway.persistence.store;

import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.Set;
import java.util.TreeSet;

/** What tables the connection's schema has. */
final class SchemaTables {
  static final String MARKER = "egressgateway_schema";

  private static final String SAME_SCHEMA = " WHERE table_schema = CURRENT_SCHEMA";

  private SchemaTables() {}

  static Set<String> tables(Connection connection) throws SQLException {
    try (PreparedStatement query =
        connection.prepareStatement(
            "SELECT table_name FROM information_schema.tables" + SAME_SCHEMA)) {
      return names(query);
    }
  }

  static Set<String> columns(Connection connection, String table) throws SQLException {
    try (PreparedStatement query =
        connection.prepareStatement(
            "SELECT column_name FROM information_schema.columns"
                + SAME_SCHEMA
                + " AND table_name = ?")) {
      query.setString(1, table);
      return names(query);
    }
  }

  private static Set<String> names(PreparedStatement query) throws SQLException {
    Set<String> names = new TreeSet<>();
    try (ResultSet rows = query.executeQuery()) {
      while (rows.next()) {
        names.add(rows.getString(1));
      }
    }
    return names;
  }

  static int reachedVersion(Connection connection) throws SQLException {
    try (Statement statement = connection.createStatement();
        ResultSet row = statement.executeQuery("SELECT MAX(\"version\") FROM \"" + MARKER + "\"")) {
      row.next();
      return row.getInt(1);
    }
  }

  static void setReached(Connection connection, int version) throws SQLException {
    try (PreparedStatement insert =
        connection.prepareStatement("INSERT INTO \"" + MARKER + "\" VALUES (?)")) {
      insert.setInt(1, version);
      insert.executeUpdate();
    }
  }

  static void execute(Connection connection, String sql) throws SQLException {
    try (Statement statement = connection.createStatement()) {
      statement.execute(sql);
    }
  }
}
