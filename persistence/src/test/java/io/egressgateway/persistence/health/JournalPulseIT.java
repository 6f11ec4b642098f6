package io.egressgateway.persistence.health;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import akka.actor.BootstrapSetup;
import akka.actor.setup.ActorSystemSetup;
import akka.actor.testkit.typed.javadsl.ActorTestKit;
import akka.actor.testkit.typed.javadsl.TestProbe;
import akka.actor.typed.ActorRef;
import akka.actor.typed.ActorSystem;
import akka.actor.typed.javadsl.Behaviors;
import com.typesafe.config.ConfigFactory;
import io.egressgateway.core.event.NumberingEvent;
import io.egressgateway.persistence.store.Database;
import io.egressgateway.persistence.store.DatabaseSettings;
import io.egressgateway.persistence.store.Schema;
import io.egressgateway.persistence.testing.DatabaseWire;
import io.egressgateway.persistence.testing.DatabaseWire.Passage;
import io.egressgateway.persistence.testing.EventLog;
import io.egressgateway.persistence.testing.PostgresServer;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.ResultSet;
import java.sql.Statement;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.LongStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** Faults of a real PostgreSQL and of the network before it. */
class JournalPulseIT {
  private static final Duration ANSWER_MAX = Duration.ofSeconds(20);
  private static final String LOG = "log|watched";

  private final PostgresServer server = PostgresServer.start();
  private final JournalPulse pulse = new JournalPulse(System::nanoTime);
  private DatabaseWire wire;
  private DatabaseSettings settings;
  private ActorTestKit kit;

  @BeforeEach
  void start() throws Exception {
    wire = DatabaseWire.start(server.port());
    settings = server.newDatabase(wire);
    Schema.prepare(settings);
    kit =
        ActorTestKit.create(
            ActorSystem.create(
                Behaviors.empty(),
                "pulse-it",
                ActorSystemSetup.create(
                        BootstrapSetup.create(
                            Database.config(settings).withFallback(ConfigFactory.load())))
                    .and(new PulseSetup(pulse))));
  }

  @AfterEach
  void stop() {
    kit.shutdownTestKit();
    wire.close();
    server.close();
  }

  private void awaitState(JournalState state) {
    await().atMost(ANSWER_MAX).until(pulse::state, state::equals);
  }

  private static Object event(int number) {
    return new NumberingEvent.NumberAssigned("name", number, Instant.EPOCH);
  }

  private ActorRef<EventLog.Command> entity() {
    return kit.spawn(EventLog.create(LOG));
  }

  private List<Object> append(ActorRef<EventLog.Command> log, Object event) {
    TestProbe<List<Object>> reply = kit.createTestProbe();
    log.tell(new EventLog.Append(event, reply.ref()));
    return reply.receiveMessage(ANSWER_MAX);
  }

  private List<Object> read(ActorRef<EventLog.Command> log) {
    TestProbe<List<Object>> reply = kit.createTestProbe();
    log.tell(new EventLog.Read(reply.ref()));
    return reply.receiveMessage(ANSWER_MAX);
  }

  private List<Long> sequenceNumbers() throws Exception {
    List<Long> numbers = new ArrayList<>();
    try (Connection connection =
            DriverManager.getConnection(settings.url(), settings.user(), "unused");
        Statement statement = connection.createStatement();
        ResultSet rows =
            statement.executeQuery(
                "SELECT sequence_number FROM event_journal WHERE persistence_id = '%s' ORDER BY 1"
                    .formatted(LOG))) {
      while (rows.next()) {
        numbers.add(rows.getLong(1));
      }
    }
    return numbers;
  }

  @Test
  void withoutAnyWriteTheProbeFindsADatabaseThatIsAwayAndOneThatIsBack() {
    try (JournalProbe probe = JournalProbe.start(settings, pulse)) {
      await().atMost(ANSWER_MAX).until(() -> !pulse.isIdle());
      wire.set(new Passage.Shut());
      awaitState(JournalState.UNAVAILABLE);
      wire.set(new Passage.Open());
      awaitState(JournalState.WRITABLE);
      assertThat(probe).isNotNull();
    }
  }

  @Test
  void aDatabaseThatOnlyAnswersQuestionsIsReadOnly() {
    try (JournalProbe probe = JournalProbe.start(settings, pulse)) {
      server.execute("ALTER SYSTEM SET default_transaction_read_only = on");
      server.execute("SELECT pg_reload_conf()");
      awaitState(JournalState.READ_ONLY);
      server.execute("ALTER SYSTEM RESET default_transaction_read_only");
      server.execute("SELECT pg_reload_conf()");
      awaitState(JournalState.WRITABLE);
      assertThat(probe).isNotNull();
    }
  }

  @Test
  void theWritesThemselvesTellOfASlowDatabaseAndStayInOrder() throws Exception {
    ActorRef<EventLog.Command> log = entity();
    append(log, event(0));
    wire.set(new Passage.SlowCommits(JournalHealth.SLOW_FROM.plus(Duration.ofMillis(500))));
    append(log, event(1));
    append(log, event(2));
    assertThat(pulse.state()).isEqualTo(JournalState.SLOW);

    wire.set(new Passage.Open());
    append(log, event(3));
    awaitState(JournalState.WRITABLE);
    assertThat(read(log)).containsExactly(event(0), event(1), event(2), event(3));
    assertThat(sequenceNumbers()).containsExactly(1L, 2L, 3L, 4L);
  }

  /** Whoever appends the second event ends without an answer; this is the next one. */
  private ActorRef<EventLog.Command> afterCommitIsCut(Passage cut) throws Exception {
    ActorRef<EventLog.Command> log = entity();
    append(log, event(0));
    wire.set(cut);
    TestProbe<List<Object>> reply = kit.createTestProbe();
    log.tell(new EventLog.Append(event(1), reply.ref()));
    kit.createTestProbe().expectTerminated(log, ANSWER_MAX);
    assertThat(wire.cuts()).isEqualTo(1);
    reply.expectNoMessage(Duration.ZERO);
    return entity();
  }

  @Test
  void aCommitWhoseAnswerIsLostIsFoundByReadingAgain() throws Exception {
    ActorRef<EventLog.Command> again = afterCommitIsCut(new Passage.CutAfterCommit());
    assertThat(read(again)).as("it was written").containsExactly(event(0), event(1));
    append(again, event(2));
    assertThat(sequenceNumbers()).isEqualTo(LongStream.rangeClosed(1, 3).boxed().toList());
  }

  @Test
  void aCommitThatNeverArrivedIsNotThere() throws Exception {
    ActorRef<EventLog.Command> again = afterCommitIsCut(new Passage.CutBeforeCommit());
    assertThat(read(again)).as("it was not written").containsExactly(event(0));
    append(again, event(2));
    assertThat(sequenceNumbers()).containsExactly(1L, 2L);
  }
}
