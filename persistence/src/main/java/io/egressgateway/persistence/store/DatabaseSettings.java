package io.egressgateway.persistence.store;

import java.nio.file.Path;
import java.util.Map;
import java.util.TreeMap;

/** Which database holds the journal. */
public sealed interface DatabaseSettings {

  /**
   * A file of this process alone, for one controller: a second process is refused. Every commit is
   * written out before it is acknowledged, so a killed process loses nothing; a machine that loses
   * power may.
   *
   * @param directory is made if it is absent
   */
  record EmbeddedH2(Path directory) implements DatabaseSettings {
    private static final String FILE = "journal";

    /**
     * Settings for a file in this directory.
     *
     * @throws IllegalArgumentException when the path has a ';', which would end the path in the
     *     database URL
     */
    public EmbeddedH2 {
      directory = directory.toAbsolutePath().normalize();
      if (directory.toString().indexOf(';') >= 0) {
        throw new IllegalArgumentException(
            "data directory '" + directory + "' must not contain ';'; choose another");
      }
    }

    @Override
    public String url() {
      return H2_FILE_URL + directory.resolve(FILE) + ";WRITE_DELAY=0;DB_CLOSE_ON_EXIT=FALSE";
    }

    @Override
    public String user() {
      return "sa";
    }

    @Override
    public Password password() {
      return new Password("");
    }

    @Override
    public Dialect dialect() {
      return Dialect.H2;
    }
  }

  /**
   * A server that several controllers share.
   *
   * @param url {@code jdbc:postgresql://…}, or {@code jdbc:h2:tcp://…} for tests and demonstrations
   * @param user owner of the tables
   * @param password of the user
   */
  record Server(String url, String user, Password password) implements DatabaseSettings {

    /**
     * Settings for the server at this URL.
     *
     * @throws IllegalArgumentException naming the URL when it is of no database that this build can
     *     use
     */
    public Server {
      dialectOf(url);
    }

    @Override
    public Dialect dialect() {
      return dialectOf(url);
    }

    private static Dialect dialectOf(String url) {
      if (url.startsWith("jdbc:postgresql:")) {
        return Dialect.POSTGRESQL;
      }
      if (url.startsWith("jdbc:h2:tcp:")) {
        return Dialect.H2;
      }
      throw new IllegalArgumentException(
          "database URL '"
              + url
              + "' is not usable; write jdbc:postgresql://host:port/name or"
              + " jdbc:h2:tcp://host:port/name");
    }
  }

  /** A secret that no log line shows. */
  record Password(String secret) {
    @Override
    public String toString() {
      return "(secret)";
    }
  }

  /** Start of every embedded database's URL. */
  String H2_FILE_URL = "jdbc:h2:file:";

  /** For {@code DriverManager}, without user and password. */
  String url();

  String user();

  Password password();

  Dialect dialect();

  /**
   * Properties of the driver that bound how long a dead database can hold a thread. In the drivers'
   * own units: PostgreSQL counts seconds.
   */
  default Map<String, String> driverProperties() {
    TreeMap<String, String> properties = new TreeMap<>();
    switch (dialect()) {
      case H2 -> {}
      case POSTGRESQL -> {
        properties.put("connectTimeout", "3");
        properties.put("loginTimeout", "5");
        properties.put("socketTimeout", "30");
        properties.put("tcpKeepAlive", "true");
        properties.put("reWriteBatchedInserts", "true");
        properties.put("ApplicationName", "egressgateway");
      }
    }
    return Map.copyOf(properties);
  }
}
