package io.egressgateway.persistence.store;

import java.sql.Connection;
import java.sql.SQLException;

/**
 * Keeps other controllers out while the schema changes. The lock lives as long as the transaction
 * of the connection it was made on, so that a killed process leaves none behind.
 */
sealed interface SchemaLock {

  /** A look at the database that may refuse it. */
  interface Inspection {
    void inspect(Connection connection) throws DatabaseException, SQLException;
  }

  /** Locks the database and marks it as ours, after the inspection of one that is not yet. */
  void takeDatabase(Inspection inspection) throws DatabaseException, SQLException;

  /** Takes one step and notes that it was taken; it stays once the transaction is committed. */
  void run(SchemaVersion version) throws SQLException;

  /**
   * A lock that is not yet taken.
   *
   * @param locked whose transaction will hold the lock
   * @param working for steps that would end that transaction
   */
  static SchemaLock of(Dialect dialect, Connection locked, Connection working) {
    return switch (dialect) {
      case H2 -> new H2(locked, working);
      case POSTGRESQL -> new PostgreSql(locked);
    };
  }

  /** Whether another controller came first, so that a second try finds its work done. */
  static boolean isLostRace(SQLException refused) {
    String state = String.valueOf(refused.getSQLState());
    return state.equals(UNIQUE_VIOLATION) || refused.getErrorCode() == H2.LOCK_TIMEOUT;
  }

  /** SQLSTATE, the same in both databases. */
  String UNIQUE_VIOLATION = "23505";

  String MAKE_MARKER =
      "CREATE TABLE IF NOT EXISTS \"%s\" (\"version\" INT PRIMARY KEY)"
          .formatted(SchemaTables.MARKER);

  /** Everything in one transaction: PostgreSQL takes back changes of tables too. */
  record PostgreSql(Connection locked) implements SchemaLock {
    /** Any number that no other program uses in this database: "egwschem" in ASCII. */
    private static final long ADVISORY_LOCK = 0x65677773_6368656dL;

    @Override
    public void takeDatabase(Inspection inspection) throws DatabaseException, SQLException {
      SchemaTables.execute(locked, "SELECT pg_advisory_xact_lock(" + ADVISORY_LOCK + ")");
      if (!SchemaTables.tables(locked).contains(SchemaTables.MARKER)) {
        inspection.inspect(locked);
        SchemaTables.execute(locked, MAKE_MARKER);
        SchemaTables.setReached(locked, 0);
      }
    }

    @Override
    public void run(SchemaVersion version) throws SQLException {
      for (String statement : version.statements()) {
        SchemaTables.execute(locked, statement);
      }
      SchemaTables.setReached(locked, version.number());
    }
  }

  /**
   * H2 commits at each change of a table, so the lock is the marker's row 0 on one connection while
   * the steps run on another.
   */
  record H2(Connection locked, Connection working) implements SchemaLock {
    /** H2's "Timeout trying to lock table" ({@code org.h2.api.ErrorCode}). */
    static final int LOCK_TIMEOUT = 50_200;

    private static final int LOCK_TIMEOUT_MILLIS = 30_000;

    @Override
    public void takeDatabase(Inspection inspection) throws DatabaseException, SQLException {
      SchemaTables.execute(locked, "SET LOCK_TIMEOUT " + LOCK_TIMEOUT_MILLIS);
      if (!SchemaTables.tables(locked).contains(SchemaTables.MARKER)) {
        inspection.inspect(locked);
        SchemaTables.execute(locked, MAKE_MARKER);
      }
      String marker = "\"" + SchemaTables.MARKER + "\"";
      SchemaTables.execute(
          locked, "MERGE INTO " + marker + " (\"version\") KEY (\"version\") VALUES (0)");
      SchemaTables.execute(
          locked, "SELECT \"version\" FROM " + marker + " WHERE \"version\" = 0 FOR UPDATE");
    }

    @Override
    public void run(SchemaVersion version) throws SQLException {
      for (String statement : version.statements()) {
        SchemaTables.execute(working, statement);
      }
      SchemaTables.setReached(locked, version.number());
    }
  }
}
