package io.egressgateway.persistence.store;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import io.egressgateway.persistence.testing.DatabaseKind;
import io.egressgateway.persistence.testing.TestDatabases;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.CyclicBarrier;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class SchemaIT {
  private static final int CONTROLLERS = 3;
  private static final int RACES = 5;

  @TempDir private static Path directory;

  private TestDatabases databases = new TestDatabases(Path.of("unset"));

  @BeforeAll
  void open() {
    databases = new TestDatabases(directory);
  }

  @AfterAll
  void close() {
    databases.close();
  }

  @ParameterizedTest
  @EnumSource(DatabaseKind.class)
  void anEmptyDatabaseGetsTheTablesOnce(DatabaseKind kind) throws Exception {
    DatabaseSettings settings = databases.fresh(kind);

    Schema.prepare(settings);
    Schema.prepare(settings);

    try (Connection connection = Connections.open(settings)) {
      assertThat(SchemaTables.tables(connection))
          .contains(
              "durable_state", "egressgateway_schema", "event_journal", "event_tag", "snapshot");
      assertThat(SchemaTables.reachedVersion(connection)).isEqualTo(Schema.VERSION);
    }
    Database.check(settings);
  }

  @ParameterizedTest
  @EnumSource(DatabaseKind.class)
  void controllersThatStartAtOnceDoNotDisturbEachOther(DatabaseKind kind) throws Exception {
    for (int race = 0; race < RACES; race++) {
      DatabaseSettings settings = databases.fresh(kind);

      prepareAtOnce(settings);

      try (Connection connection = Connections.open(settings)) {
        assertThat(SchemaTables.reachedVersion(connection)).isEqualTo(Schema.VERSION);
      }
    }
  }

  private static void prepareAtOnce(DatabaseSettings settings) throws Exception {
    CyclicBarrier start = new CyclicBarrier(CONTROLLERS);
    Callable<Boolean> controller =
        () -> {
          start.await();
          Schema.prepare(settings);
          return true;
        };
    try (ExecutorService threads = Executors.newFixedThreadPool(CONTROLLERS)) {
      List<Future<Boolean>> controllers = new ArrayList<>();
      for (int i = 0; i < CONTROLLERS; i++) {
        controllers.add(threads.submit(controller));
      }
      for (Future<Boolean> prepared : controllers) {
        assertThat(prepared.get()).isTrue();
      }
    }
  }

  @ParameterizedTest
  @EnumSource(DatabaseKind.class)
  void anOlderSchemaIsBroughtUpInOrder(DatabaseKind kind) throws Exception {
    DatabaseSettings settings = databases.fresh(kind);
    Schema.prepare(settings);
    SchemaVersion second =
        new SchemaVersion(
            2, List.of("CREATE TABLE IF NOT EXISTS \"second\" (\"id\" INT PRIMARY KEY)"));
    SchemaVersion third =
        new SchemaVersion(3, List.of("INSERT INTO \"second\" (\"id\") VALUES (3)"));

    new Schema(settings, List.of(first(settings), second, third)).bringUp();

    try (Connection connection = Connections.open(settings)) {
      assertThat(SchemaTables.reachedVersion(connection)).isEqualTo(3);
      assertThat(SchemaTables.tables(connection)).contains("second");
    }
  }

  @ParameterizedTest
  @EnumSource(DatabaseKind.class)
  void aNewerSchemaIsRefused(DatabaseKind kind) throws Exception {
    DatabaseSettings settings = databases.fresh(kind);
    new Schema(settings, List.of(first(settings), new SchemaVersion(2, List.of()))).bringUp();

    assertThatExceptionOfType(DatabaseException.class)
        .isThrownBy(() -> Schema.prepare(settings))
        .withMessage("database schema is version 2, this build knows 1: upgrade the controllers");
  }

  @ParameterizedTest
  @EnumSource(DatabaseKind.class)
  void anotherProgramsTablesAreRefusedAndUntouched(DatabaseKind kind) throws Exception {
    DatabaseSettings settings = databases.fresh(kind);
    execute(settings, "CREATE TABLE \"event_journal\" (\"id\" INT PRIMARY KEY)");

    assertThatExceptionOfType(DatabaseException.class)
        .isThrownBy(() -> Schema.prepare(settings))
        .withMessageContaining("[event_journal] that another program made");

    try (Connection connection = Connections.open(settings)) {
      assertThat(SchemaTables.tables(connection)).doesNotContain("egressgateway_schema");
      assertThat(SchemaTables.columns(connection, "event_journal")).containsExactly("id");
    }
  }

  @ParameterizedTest
  @EnumSource(DatabaseKind.class)
  void aTableThatLostItsColumnsIsRefused(DatabaseKind kind) throws Exception {
    DatabaseSettings settings = databases.fresh(kind);
    Schema.prepare(settings);
    execute(settings, "ALTER TABLE \"event_journal\" DROP COLUMN \"event_payload\"");

    assertThatExceptionOfType(DatabaseException.class)
        .isThrownBy(() -> Schema.prepare(settings))
        .withMessageContaining("event_journal lacks columns [event_payload]");
  }

  @ParameterizedTest
  @EnumSource(DatabaseKind.class)
  void aSchemaHalfMadeByAKilledControllerIsFinished(DatabaseKind kind) throws Exception {
    DatabaseSettings settings = databases.fresh(kind);
    execute(settings, SchemaLock.MAKE_MARKER);
    execute(settings, first(settings).statements().getFirst());

    Schema.prepare(settings);

    assertThatCode(() -> Database.check(settings)).doesNotThrowAnyException();
  }

  private static SchemaVersion first(DatabaseSettings settings) {
    return SchemaVersion.load(settings.dialect(), 1);
  }

  private static void execute(DatabaseSettings settings, String sql) throws Exception {
    try (Connection connection = Connections.open(settings)) {
      SchemaTables.execute(connection, sql);
    } catch (SQLException refused) {
      throw new IllegalStateException(sql, refused);
    }
  }
}
