package io.egressgateway.persistence.store;

/**
 * The database cannot be used as it is. The message says what is wrong and what a person can do,
 * and is fit for a command line as it stands.
 */
public final class DatabaseException extends Exception {
  private static final long serialVersionUID = 1;

  DatabaseException(String message) {
    super(message);
  }

  DatabaseException(String message, Throwable cause) {
    super(message, cause);
  }
}
