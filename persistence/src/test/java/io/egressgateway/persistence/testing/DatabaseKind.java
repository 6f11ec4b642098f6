package io.egressgateway.persistence.testing;

/** The databases that every journal test runs on. */
public enum DatabaseKind {
  H2_FILE,
  H2_SERVER,
  POSTGRESQL
}
