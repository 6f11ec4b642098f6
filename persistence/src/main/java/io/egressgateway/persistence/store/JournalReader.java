package io.egressgateway.persistence.store;

import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;

/**
 * Reads what is journalled of one entity, for people who ask. It stands beside the entities: it
 * neither starts one nor writes anything. Stateless, so safe for any thread; it blocks.
 */
public final class JournalReader {
  private static final int QUERY_SECONDS_MAX = 5;

  /** One row more than was asked for tells whether there are more. */
  private static final String NEWEST =
      "SELECT \"event_payload\", \"event_ser_manifest\" FROM \"event_journal\""
          + " WHERE \"persistence_id\" = ? AND \"deleted\" = FALSE"
          + " ORDER BY \"sequence_number\" DESC LIMIT ?";

  private final DatabaseSettings settings;
  private final Decoder decoder;

  /** Connects when it is asked. */
  public JournalReader(DatabaseSettings settings, Decoder decoder) {
    this.settings = settings;
    this.decoder = decoder;
  }

  /** Makes an event of what a row holds. */
  @FunctionalInterface
  public interface Decoder {
    /** The event of these bytes. */
    Object decode(byte[] bytes, String manifest);
  }

  /** Whether a page begins with an entity's first event. */
  public enum Extent {
    WHOLE,
    /** There are older events. */
    NEWEST
  }

  /**
   * Events of one entity, the oldest first.
   *
   * @param events as the decoder made them
   */
  public record Page(List<Object> events, Extent extent) {
    public Page {
      events = List.copyOf(events);
    }
  }

  /**
   * The newest events of the entity, at most so many. Blocks for up to some seconds.
   *
   * @param limit at least 1
   * @throws DatabaseException saying why the journal cannot be read
   */
  public Page newest(String persistenceId, int limit) throws DatabaseException {
    try (Connection connection = Connections.open(settings);
        PreparedStatement query = connection.prepareStatement(NEWEST)) {
      query.setQueryTimeout(QUERY_SECONDS_MAX);
      query.setString(1, persistenceId);
      query.setInt(2, Math.addExact(limit, 1));
      List<Object> events = events(query);
      Extent extent = events.size() > limit ? Extent.NEWEST : Extent.WHOLE;
      List<Object> page = new ArrayList<>(events.subList(0, Math.min(events.size(), limit)));
      Collections.reverse(page);
      return new Page(page, extent);
    } catch (SQLException refused) {
      throw Connections.unusable(settings, refused);
    }
  }

  private List<Object> events(PreparedStatement query) throws SQLException {
    List<Object> events = new ArrayList<>();
    try (ResultSet rows = query.executeQuery()) {
      while (rows.next()) {
        events.add(decoder.decode(rows.getBytes(1), rows.getString(2)));
      }
    }
    return events;
  }
}
