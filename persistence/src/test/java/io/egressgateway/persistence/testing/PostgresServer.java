package io.egressgateway.persistence.testing;

import io.egressgateway.persistence.store.DatabaseSettings;
import io.zonky.test.db.postgres.embedded.EmbeddedPostgres;
import java.io.File;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.sql.Connection;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.util.concurrent.atomic.AtomicInteger;

/**
 * A real PostgreSQL on an ephemeral loopback port. Its binaries come from Maven Central. It refuses
 * to run as root; for root it runs in a user namespace, where it is nobody.
 */
public final class PostgresServer implements AutoCloseable {
  private static final String SUPERUSER = "postgres";
  private static final Duration STARTUP_MAX = Duration.ofSeconds(60);

  private final EmbeddedPostgres server;
  private final AtomicInteger databases = new AtomicInteger();

  private PostgresServer(EmbeddedPostgres server) {
    this.server = server;
  }

  /**
   * A running server.
   *
   * @throws IllegalStateException saying what the machine lacks
   */
  public static PostgresServer start() {
    try {
      return new PostgresServer(
          EmbeddedPostgres.builder()
              .setOverrideWorkingDirectory(binaries())
              .setPGStartupWait(STARTUP_MAX)
              .setServerConfig("listen_addresses", "127.0.0.1")
              .start());
    } catch (IOException | IllegalStateException failed) {
      throw new IllegalStateException(
          "PostgreSQL did not start: "
              + failed.getMessage()
              + "; as root it needs user namespaces, so that 'unshare -U id -u' prints 65534,"
              + " and otherwise run the tests as another user",
          failed);
    }
  }

  /** Where the binaries are unpacked once: one user could not use what another unpacked. */
  private static File binaries() {
    return new File(
        System.getProperty("java.io.tmpdir", "/tmp"),
        "egressgateway-postgresql-" + System.getProperty("user.name", "unknown"));
  }

  /** An empty database of its own on this server. */
  public DatabaseSettings newDatabase() {
    String name = newName();
    return new DatabaseSettings.Server(url(server.getPort(), name), SUPERUSER, unused());
  }

  /** The same, reached through a wire to {@link #port} whose statements are sent as text. */
  public DatabaseSettings newDatabase(DatabaseWire wire) {
    return new DatabaseSettings.Server(
        url(wire.port(), newName()) + "?prepareThreshold=0", SUPERUSER, unused());
  }

  private static String url(int port, String name) {
    return "jdbc:postgresql://127.0.0.1:" + port + "/" + name;
  }

  private static DatabaseSettings.Password unused() {
    return new DatabaseSettings.Password("unused");
  }

  private String newName() {
    String name = "test" + databases.incrementAndGet();
    execute("CREATE DATABASE " + name);
    return name;
  }

  /** Where it listens on the loopback. */
  public int port() {
    return server.getPort();
  }

  /** Runs a statement as the server's owner, whatever the wires do. */
  public void execute(String sql) {
    try (Connection connection = server.getPostgresDatabase().getConnection();
        Statement statement = connection.createStatement()) {
      statement.execute(sql);
    } catch (SQLException refused) {
      throw new IllegalStateException("refused: " + sql, refused);
    }
  }

  @Override
  public void close() {
    try {
      server.close();
    } catch (IOException failed) {
      throw new UncheckedIOException("PostgreSQL did not stop", failed);
    }
  }
}
