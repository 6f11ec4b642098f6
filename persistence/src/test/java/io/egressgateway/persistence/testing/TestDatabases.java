package io.egressgateway.persistence.testing;

import io.egressgateway.persistence.store.DatabaseSettings;
import java.nio.file.Path;
import java.sql.SQLException;
import java.util.Optional;
import org.h2.tools.Server;

/** Empty databases of every kind. Servers start when the first of their kind is asked for. */
public final class TestDatabases implements AutoCloseable {
  private final Path directory;
  private int count;
  private Optional<PostgresServer> postgres = Optional.empty();
  private Optional<Server> h2 = Optional.empty();

  public TestDatabases(Path directory) {
    this.directory = directory;
  }

  /** Settings of a database that nobody else has, and that has no tables. */
  public DatabaseSettings fresh(DatabaseKind kind) {
    count++;
    return switch (kind) {
      case H2_FILE -> new DatabaseSettings.EmbeddedH2(directory.resolve("h2-" + count));
      case H2_SERVER ->
          new DatabaseSettings.Server(
              "jdbc:h2:tcp://127.0.0.1:" + h2Port() + "/./server-" + count,
              "sa",
              new DatabaseSettings.Password(""));
      case POSTGRESQL -> postgres().newDatabase();
    };
  }

  private PostgresServer postgres() {
    PostgresServer server = postgres.orElseGet(PostgresServer::start);
    postgres = Optional.of(server);
    return server;
  }

  private int h2Port() {
    try {
      Server server =
          h2.isPresent()
              ? h2.get()
              : Server.createTcpServer(
                      "-tcpPort", "0", "-ifNotExists", "-baseDir", directory.toString())
                  .start();
      h2 = Optional.of(server);
      return server.getPort();
    } catch (SQLException refused) {
      throw new IllegalStateException("H2's server did not start", refused);
    }
  }

  @Override
  public void close() {
    postgres.ifPresent(PostgresServer::close);
    h2.ifPresent(Server::stop);
  }
}
