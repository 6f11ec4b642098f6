package io.egressgateway.persistence.store;

/** The databases that this build can keep a journal in. */
enum Dialect {
  H2("h2", "slick.jdbc.H2Profile$", "org.h2.Driver"),
  POSTGRESQL("postgresql", "slick.jdbc.PostgresProfile$", "org.postgresql.Driver");

  private final String scripts;
  private final String slickProfile;
  private final String driver;

  Dialect(String scripts, String slickProfile, String driver) {
    this.scripts = scripts;
    this.slickProfile = slickProfile;
    this.driver = driver;
  }

  /** Folder of the schema scripts, beside this class. */
  String scripts() {
    return scripts;
  }

  String slickProfile() {
    return slickProfile;
  }

  String driver() {
    return driver;
  }
}
