package io.egressgateway.persistence.store;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.typesafe.config.Config;
import com.typesafe.config.ConfigFactory;
import io.egressgateway.persistence.store.DatabaseSettings.EmbeddedH2;
import io.egressgateway.persistence.store.DatabaseSettings.Password;
import io.egressgateway.persistence.store.DatabaseSettings.Server;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class DatabaseTest {
  private static final Server POSTGRESQL =
      new Server("jdbc:postgresql://db:5432/egw", "egw", new Password("hidden"));

  @TempDir private Path directory = Path.of("unset");

  private static Config loaded(DatabaseSettings settings) {
    return Database.config(settings).withFallback(ConfigFactory.load()).resolve();
  }

  @Test
  void theSafetyNetsAreOn() {
    Config config = loaded(POSTGRESQL);

    assertThat(config.getBoolean("akka.actor.allow-java-serialization")).isFalse();
    assertThat(config.getBoolean("akka.log-config-on-start")).isFalse();
    assertThat(config.getInt("akka.persistence.typed.stash-capacity")).isEqualTo(256);
  }

  @Test
  void journalAndSnapshotsShareOneSmallPool() {
    Config config = loaded(POSTGRESQL);
    Config pool = config.getConfig("akka-persistence-jdbc.shared-databases.slick.db");

    assertThat(config.getString("akka.persistence.journal.plugin")).isEqualTo("jdbc-journal");
    assertThat(config.getString("akka.persistence.snapshot-store.plugin"))
        .isEqualTo("jdbc-snapshot-store");
    assertThat(config.getString("jdbc-journal.use-shared-db")).isEqualTo("slick");
    assertThat(config.getString("jdbc-snapshot-store.use-shared-db")).isEqualTo("slick");
    assertThat(pool.getInt("numThreads")).isEqualTo(10);
    assertThat(pool.getInt("maxConnections")).isEqualTo(10);
    assertThat(pool.getInt("minConnections")).isEqualTo(2);
    assertThat(pool.getInt("connectionTimeout")).isEqualTo(3_000);
  }

  @Test
  void aServerIsReachedAsItsSettingsSay() {
    Config slick = loaded(POSTGRESQL).getConfig("akka-persistence-jdbc.shared-databases.slick");

    assertThat(slick.getString("profile")).isEqualTo("slick.jdbc.PostgresProfile$");
    assertThat(slick.getString("db.url")).isEqualTo("jdbc:postgresql://db:5432/egw");
    assertThat(slick.getString("db.user")).isEqualTo("egw");
    assertThat(slick.getString("db.password")).isEqualTo("hidden");
    assertThat(slick.getString("db.driver")).isEqualTo("org.postgresql.Driver");
    assertThat(slick.getString("db.properties.socketTimeout")).isEqualTo("30");
  }

  @Test
  void anEmbeddedDatabaseWritesBeforeItAcknowledges() {
    Config slick =
        loaded(new EmbeddedH2(Path.of("/var/lib/egressgateway")))
            .getConfig("akka-persistence-jdbc.shared-databases.slick");

    assertThat(slick.getString("profile")).isEqualTo("slick.jdbc.H2Profile$");
    assertThat(slick.getString("db.url"))
        .startsWith("jdbc:h2:file:/var/lib/egressgateway/journal;")
        .contains("WRITE_DELAY=0");
  }

  @Test
  void noTextFormShowsThePassword() {
    assertThat(POSTGRESQL.toString()).contains("(secret)").doesNotContain("hidden");
  }

  @ParameterizedTest
  @ValueSource(strings = {"", "db:5432/egw", "jdbc:mysql://db/egw", "jdbc:h2:mem:x"})
  void aUrlOfNoUsableDatabaseIsRefused(String url) {
    assertThatThrownBy(() -> new Server(url, "egw", new Password("")))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("'" + url + "'")
        .hasMessageContaining("jdbc:postgresql://");
  }

  @Test
  void aDirectoryThatWouldEndTheUrlIsRefused() {
    assertThatThrownBy(() -> new EmbeddedH2(Path.of("/data;INIT=RUNSCRIPT")))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("';'");
  }

  @Test
  void aServerThatDoesNotAnswerIsNamed() {
    // Port 9 (discard) of loopback: nothing listens there, and the refusal is immediate.
    Server absent = new Server("jdbc:postgresql://127.0.0.1:9/egw", "egw", new Password("hidden"));

    assertThatExceptionOfType(DatabaseException.class)
        .isThrownBy(() -> Schema.prepare(absent))
        .withMessageContaining("jdbc:postgresql://127.0.0.1:9/egw")
        .withMessageContaining("check that it runs")
        .withMessageNotContaining("hidden");
    assertThatExceptionOfType(DatabaseException.class).isThrownBy(() -> Database.check(absent));
  }

  @Test
  void aDirectoryThatCannotBeWrittenIsNamed() throws IOException {
    Path file = Files.createFile(directory.resolve("file"));

    assertThatExceptionOfType(DatabaseException.class)
        .isThrownBy(() -> Schema.prepare(new EmbeddedH2(file.resolve("data"))))
        .withMessageContaining("check that " + file.resolve("data") + " can be written");
  }

  @Test
  void aDatabaseWithoutTablesIsNotReady() {
    EmbeddedH2 empty = new EmbeddedH2(directory);

    assertThatExceptionOfType(DatabaseException.class).isThrownBy(() -> Database.check(empty));
  }
}
