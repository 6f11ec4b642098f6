package io.egressgateway.persistence.store;

import java.sql.Connection;
import java.sql.SQLException;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.stream.IntStream;

/**
 * The tables of Akka's JDBC plugin, which this build makes and checks itself. {@code
 * egressgateway_schema} has a row for each version that was reached, and row 0 from the moment at
 * which the database was taken as ours.
 *
 * <p>Any number of controllers may prepare the same database at once: one works, the others wait.
 */
public final class Schema {
  /** The version that this build makes and needs. */
  public static final int VERSION = 1;

  private static final int ATTEMPTS_MAX = 5;

  private static final Map<String, Set<String>> COLUMNS =
      Map.of(
          "event_journal",
          Set.of(
              "ordering",
              "persistence_id",
              "sequence_number",
              "deleted",
              "writer",
              "write_timestamp",
              "adapter_manifest",
              "event_ser_id",
              "event_ser_manifest",
              "event_payload",
              "meta_ser_id",
              "meta_ser_manifest",
              "meta_payload"),
          "event_tag",
          Set.of("event_id", "tag"),
          "snapshot",
          Set.of(
              "persistence_id",
              "sequence_number",
              "created",
              "snapshot_ser_id",
              "snapshot_ser_manifest",
              "snapshot_payload",
              "meta_ser_id",
              "meta_ser_manifest",
              "meta_payload"),
          "durable_state",
          Set.of(
              "global_offset",
              "persistence_id",
              "revision",
              "state_payload",
              "state_serial_id",
              "state_serial_manifest",
              "tag",
              "state_timestamp"));

  private final DatabaseSettings settings;
  private final List<SchemaVersion> versions;

  Schema(DatabaseSettings settings, List<SchemaVersion> versions) {
    this.settings = settings;
    this.versions = List.copyOf(versions);
  }

  /**
   * Returns when the database has exactly the tables that this build needs: makes them in an empty
   * database, brings older ones up, touches nothing that is not ours. Blocks; for start-up.
   *
   * @throws DatabaseException when the database cannot be reached, is newer than this build, or
   *     holds tables that this build did not make
   */
  public static void prepare(DatabaseSettings settings) throws DatabaseException {
    List<SchemaVersion> versions =
        IntStream.rangeClosed(1, VERSION)
            .mapToObj(number -> SchemaVersion.load(settings.dialect(), number))
            .toList();
    new Schema(settings, versions).bringUp();
  }

  void bringUp() throws DatabaseException {
    for (int attempt = 1; ; attempt++) {
      try {
        bringUpOnce();
        return;
      } catch (SQLException refused) {
        // Two that claim an empty H2 database at once: the loser's row 0 is a duplicate.
        if (attempt == ATTEMPTS_MAX || !SchemaLock.isLostRace(refused)) {
          throw Connections.unusable(settings, refused);
        }
      }
    }
  }

  private void bringUpOnce() throws DatabaseException, SQLException {
    try (Connection locked = Connections.open(settings);
        Connection working = Connections.open(settings)) {
      locked.setAutoCommit(false);
      SchemaLock lock = SchemaLock.of(settings.dialect(), locked, working);
      lock.takeDatabase(this::refuseForeignTables);
      int reached = SchemaTables.reachedVersion(locked);
      if (reached > newest()) {
        throw new DatabaseException(
            "database schema is version %d, this build knows %d: upgrade the controllers"
                .formatted(reached, newest()));
      }
      for (SchemaVersion version : versions.subList(reached, versions.size())) {
        lock.run(version);
      }
      checkColumns(locked);
      locked.commit();
    }
  }

  private int newest() {
    return versions.size();
  }

  private void refuseForeignTables(Connection connection) throws DatabaseException, SQLException {
    Set<String> taken = new TreeSet<>(COLUMNS.keySet());
    taken.retainAll(SchemaTables.tables(connection));
    // Read last: whoever makes our tables makes this one first.
    if (!taken.isEmpty() && !SchemaTables.tables(connection).contains(SchemaTables.MARKER)) {
      throw new DatabaseException(
          """
          database %s has tables %s that another program made (there is no table %s); \
          give the egress gateway a database of its own, or drop them if they are left over"""
              .formatted(settings.url(), taken, SchemaTables.MARKER));
    }
  }

  private void checkColumns(Connection connection) throws DatabaseException, SQLException {
    for (Map.Entry<String, Set<String>> table : new TreeMap<>(COLUMNS).entrySet()) {
      Set<String> missing = new TreeSet<>(table.getValue());
      missing.removeAll(SchemaTables.columns(connection, table.getKey()));
      if (!missing.isEmpty()) {
        throw new DatabaseException(
            """
            database %s says that it is at schema version %d, but table %s lacks columns %s; \
            restore the database from a backup"""
                .formatted(settings.url(), newest(), table.getKey(), missing));
      }
    }
  }
}
