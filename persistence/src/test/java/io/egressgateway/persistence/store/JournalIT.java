package io.egressgateway.persistence.store;

import static org.assertj.core.api.Assertions.assertThat;

import akka.actor.testkit.typed.javadsl.ActorTestKit;
import akka.actor.testkit.typed.javadsl.LoggingTestKit;
import akka.actor.testkit.typed.javadsl.TestProbe;
import akka.actor.typed.ActorRef;
import com.typesafe.config.ConfigFactory;
import io.egressgateway.persistence.journal.JournalSerializer;
import io.egressgateway.persistence.journal.SampleEvents;
import io.egressgateway.persistence.testing.DatabaseKind;
import io.egressgateway.persistence.testing.EventLog;
import io.egressgateway.persistence.testing.TestDatabases;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class JournalIT {
  private static final Duration ANSWER_MAX = Duration.ofSeconds(30);

  @TempDir private static Path directory;

  private final List<ActorTestKit> systems = new ArrayList<>();
  private TestDatabases databases = new TestDatabases(Path.of("unset"));

  @BeforeAll
  void open() {
    databases = new TestDatabases(directory);
  }

  @AfterEach
  void stopSystems() {
    systems.forEach(ActorTestKit::shutdownTestKit);
    systems.clear();
  }

  @AfterAll
  void close() {
    databases.close();
  }

  @ParameterizedTest
  @EnumSource(DatabaseKind.class)
  void everyEventComesBackInAnotherProcess(DatabaseKind kind) throws Exception {
    DatabaseSettings settings = prepared(kind);
    List<Object> events = List.copyOf(SampleEvents.all().values());
    ActorTestKit first = system(settings);
    ActorRef<EventLog.Command> written = first.spawn(EventLog.create("log|all"));
    events.forEach(event -> append(first, written, event));
    first.shutdownTestKit();

    ActorTestKit second = system(settings);

    assertThat(read(second, second.spawn(EventLog.create("log|all")))).isEqualTo(events);
  }

  @ParameterizedTest
  @EnumSource(DatabaseKind.class)
  void ofTwoWritersWithTheSameHistoryOneIsRefused(DatabaseKind kind) throws Exception {
    DatabaseSettings settings = prepared(kind);
    ActorTestKit one = system(settings);
    ActorTestKit other = system(settings);
    ActorRef<EventLog.Command> winner = one.spawn(EventLog.create("log|fenced"));
    ActorRef<EventLog.Command> loser = other.spawn(EventLog.create("log|fenced"));
    assertThat(read(one, winner)).isEmpty();
    assertThat(read(other, loser)).isEmpty();

    append(one, winner, event(0));
    TestProbe<List<Object>> reply = other.createTestProbe();
    loser.tell(new EventLog.Append(event(1), reply.ref()));

    other.createTestProbe().expectTerminated(loser, ANSWER_MAX);
    reply.expectNoMessage(Duration.ZERO);
    assertThat(read(other, other.spawn(EventLog.create("log|fenced")))).containsExactly(event(0));
  }

  @ParameterizedTest
  @EnumSource(DatabaseKind.class)
  void aCorruptRowStopsItsEntityLoudlyAndNoOther(DatabaseKind kind) throws Exception {
    DatabaseSettings settings = prepared(kind);
    ActorTestKit first = system(settings);
    append(first, first.spawn(EventLog.create("log|corrupt")), event(0));
    append(first, first.spawn(EventLog.create("log|healthy")), event(1));
    first.shutdownTestKit();
    corrupt(settings, "log|corrupt");

    ActorTestKit second = system(settings);
    LoggingTestKit.error("log|corrupt")
        .withMessageContains("is corrupt in field '$'")
        .expect(
            second.system(),
            () -> {
              ActorRef<EventLog.Command> entity = second.spawn(EventLog.create("log|corrupt"));
              second.createTestProbe().expectTerminated(entity, ANSWER_MAX);
              return entity;
            });

    ActorRef<EventLog.Command> healthy = second.spawn(EventLog.create("log|healthy"));
    assertThat(read(second, healthy)).containsExactly(event(1));
    append(second, healthy, event(2));
  }

  @ParameterizedTest
  @EnumSource(DatabaseKind.class)
  void whoeverAsksReadsTheNewestOfOneEntityBesideIt(DatabaseKind kind) throws Exception {
    DatabaseSettings settings = prepared(kind);
    ActorTestKit writing = system(settings);
    ActorRef<EventLog.Command> log = writing.spawn(EventLog.create("log|asked"));
    ActorRef<EventLog.Command> other = writing.spawn(EventLog.create("log|asked-not"));
    for (int i = 0; i < 3; i++) {
      append(writing, log, event(i));
      append(writing, other, event(3));
    }
    JournalReader reader = new JournalReader(settings, new JournalSerializer()::fromBinary);

    assertThat(reader.newest("log|asked", 2))
        .isEqualTo(
            new JournalReader.Page(List.of(event(1), event(2)), JournalReader.Extent.NEWEST));
    assertThat(reader.newest("log|asked", 3))
        .isEqualTo(
            new JournalReader.Page(
                List.of(event(0), event(1), event(2)), JournalReader.Extent.WHOLE));
    assertThat(reader.newest("log|unheard-of", 3).events()).isEmpty();
    append(writing, log, event(3));
  }

  private static void corrupt(DatabaseSettings settings, String persistenceId) throws Exception {
    try (Connection connection = Connections.open(settings);
        PreparedStatement update =
            connection.prepareStatement(
                "UPDATE \"event_journal\" SET \"event_payload\" = ? WHERE \"persistence_id\" = ?")) {
      update.setBytes(1, "not an event".getBytes(StandardCharsets.UTF_8));
      update.setString(2, persistenceId);
      assertThat(update.executeUpdate()).isEqualTo(1);
    }
  }

  private DatabaseSettings prepared(DatabaseKind kind) throws DatabaseException {
    DatabaseSettings settings = databases.fresh(kind);
    Schema.prepare(settings);
    return settings;
  }

  private ActorTestKit system(DatabaseSettings settings) {
    ActorTestKit system =
        ActorTestKit.create(
            "journal-it", Database.config(settings).withFallback(ConfigFactory.load()));
    systems.add(system);
    return system;
  }

  private static Object event(int index) {
    return List.copyOf(SampleEvents.all().values()).get(index);
  }

  private static void append(ActorTestKit kit, ActorRef<EventLog.Command> log, Object event) {
    TestProbe<List<Object>> reply = kit.createTestProbe();
    log.tell(new EventLog.Append(event, reply.ref()));
    assertThat(reply.receiveMessage(ANSWER_MAX)).endsWith(event);
  }

  private static List<Object> read(ActorTestKit kit, ActorRef<EventLog.Command> log) {
    TestProbe<List<Object>> reply = kit.createTestProbe();
    log.tell(new EventLog.Read(reply.ref()));
    return reply.receiveMessage(ANSWER_MAX);
  }
}
