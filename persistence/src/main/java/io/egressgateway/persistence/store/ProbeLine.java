package io.egressgateway.persistence.store;

import java.sql.Connection;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.Optional;

/**
 * A connection of its own that writes, commits and changes nothing: what a database that is away,
 * read-only or full cannot. For one thread.
 */
public final class ProbeLine implements AutoCloseable {
  /**
   * In a transaction of its own, so that nothing is locked while the network is waited for. The
   * schema's preparation locks row 0.
   */
  private static final String WRITE =
      "UPDATE \"%s\" SET \"version\" = \"version\" WHERE \"version\" = %d"
          .formatted(SchemaTables.MARKER, Schema.VERSION);

  private final DatabaseSettings settings;
  private Optional<Connection> open = Optional.empty();

  /** Not connected yet. */
  public ProbeLine(DatabaseSettings settings) {
    this.settings = settings;
  }

  /**
   * Returns once the write is committed. Blocks as long as the driver does. A connection on which
   * it failed is not used again.
   *
   * @throws DatabaseException saying why the database took no write
   */
  public void write() throws DatabaseException {
    Connection connection = open.isPresent() ? open.get() : Connections.openProbe(settings);
    open = Optional.empty();
    try (Statement statement = connection.createStatement()) {
      statement.executeUpdate(WRITE);
      open = Optional.of(connection);
    } catch (SQLException refused) {
      throw Connections.unusable(settings, refused);
    } finally {
      if (open.isEmpty()) {
        Connections.discard(connection);
      }
    }
  }

  /** Closes the connection, if there is one. */
  @Override
  public void close() {
    open.ifPresent(Connections::discard);
    open = Optional.empty();
  }
}
