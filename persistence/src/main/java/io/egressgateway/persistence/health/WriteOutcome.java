package io.egressgateway.persistence.health;

import java.sql.SQLException;
import java.util.Optional;
import java.util.Set;

/** What an attempt to write says of the database. */
enum WriteOutcome {
  /** It takes writes. */
  WRITTEN,
  UNAVAILABLE,
  READ_ONLY,
  FULL,
  /** Nothing: what was to be written could not be, whatever the database does. */
  UNRELATED;

  /** SQLSTATE of a row that is there already: another writer was faster, and the database works. */
  private static final String UNIQUE_VIOLATION = "23505";

  /** SQLSTATE read_only_sql_transaction. */
  private static final String READ_ONLY_TRANSACTION = "25006";

  /** H2's "The database is read only" ({@code org.h2.api.ErrorCode}); it is its SQLSTATE, too. */
  private static final String H2_READ_ONLY = "90097";

  /** SQLSTATE disk_full, and H2's. */
  private static final Set<String> DISK_FULL = Set.of("53100", "90100");

  /** Causes that are looked at; a chain that is longer is a circle. */
  private static final int CAUSES_MAX = 20;

  static WriteOutcome of(Throwable failure) {
    Optional<SQLException> refused = refusal(failure);
    return refused.map(sql -> of(String.valueOf(sql.getSQLState()))).orElse(UNRELATED);
  }

  private static WriteOutcome of(String state) {
    if (state.equals(UNIQUE_VIOLATION)) {
      return WRITTEN;
    }
    if (state.equals(READ_ONLY_TRANSACTION) || state.equals(H2_READ_ONLY)) {
      return READ_ONLY;
    }
    return DISK_FULL.contains(state) ? FULL : UNAVAILABLE;
  }

  /** The innermost of the database's words: a batch's failure wraps that of its statement. */
  private static Optional<SQLException> refusal(Throwable failure) {
    Optional<SQLException> found = Optional.empty();
    Throwable cause = failure;
    for (int depth = 0; cause != null && depth < CAUSES_MAX; depth++) {
      if (cause instanceof SQLException sql && (found.isEmpty() || sql.getSQLState() != null)) {
        found = Optional.of(sql);
      }
      cause = cause.getCause();
    }
    return found;
  }
}
