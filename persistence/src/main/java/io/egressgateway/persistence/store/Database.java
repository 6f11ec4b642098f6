package io.egressgateway.persistence.store;

import com.typesafe.config.Config;
import com.typesafe.config.ConfigFactory;
import com.typesafe.config.ConfigValueFactory;
import java.sql.Connection;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.Map;

/** How Akka reaches the database, and whether it can be reached at all. */
public final class Database {
  /**
   * Commands that wait for one entity. More than about 450 at once overflow the stack of Akka 2.8.5
   * when they are taken up again, which ends the process (akka/akka#29933).
   */
  static final int STASH_CAPACITY = 256;

  /** Entities that wait for the database. */
  private static final int WRITES_MAX = 20_000;

  private static final int CONNECTIONS_MAX = 10;
  private static final int CONNECTIONS_IDLE = 2;
  private static final int CONNECTION_TIMEOUT_MILLIS = 3_000;

  private static final String PLUGINS =
      """
      akka.persistence {
        journal.plugin = jdbc-journal
        snapshot-store.plugin = jdbc-snapshot-store
        typed.stash-capacity = %d
        # A database that hangs must stop entities soon, so that they start again when it is back.
        journal-plugin-fallback {
          circuit-breaker { max-failures = 5, call-timeout = 5s, reset-timeout = 3s }
          recovery-event-timeout = 10s
        }
        snapshot-store-plugin-fallback {
          circuit-breaker { max-failures = 5, call-timeout = 5s, reset-timeout = 3s }
        }
      }
      jdbc-journal.class = "io.egressgateway.persistence.health.WatchedJournal"
      jdbc-journal.use-shared-db = slick
      # Every egress IP of a dead node is written at once; more than this fail, and start anew.
      jdbc-journal.bufferSize = %d
      jdbc-snapshot-store.use-shared-db = slick
      jdbc-read-journal.use-shared-db = slick
      jdbc-durable-state-store.use-shared-db = slick
      """
          .formatted(STASH_CAPACITY, WRITES_MAX);

  private Database() {}

  /**
   * Configuration of journal and snapshot store, to be laid over the defaults. It holds the
   * password: never log it.
   */
  public static Config config(DatabaseSettings settings) {
    Map<String, Object> pool =
        Map.of(
            "url", settings.url(),
            "user", settings.user(),
            "password", settings.password().secret(),
            "driver", settings.dialect().driver(),
            "properties", settings.driverProperties(),
            "numThreads", CONNECTIONS_MAX,
            "maxConnections", CONNECTIONS_MAX,
            "minConnections", CONNECTIONS_IDLE,
            "connectionTimeout", CONNECTION_TIMEOUT_MILLIS);
    return ConfigFactory.parseString(PLUGINS)
        .withValue(
            "akka-persistence-jdbc.shared-databases.slick",
            ConfigValueFactory.fromMap(
                Map.of("profile", settings.dialect().slickProfile(), "db", pool)));
  }

  /**
   * Returns if the journal can be reached now. Blocks for up to some seconds: not for actors.
   *
   * @throws DatabaseException saying why it cannot
   */
  public static void check(DatabaseSettings settings) throws DatabaseException {
    try (Connection connection = Connections.open(settings);
        Statement statement = connection.createStatement()) {
      statement.executeQuery("SELECT 1 FROM \"event_journal\" WHERE 1 = 0").close();
    } catch (SQLException refused) {
      throw Connections.unusable(settings, refused);
    }
  }
}
