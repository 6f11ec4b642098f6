package io.egressgateway.persistence.store;

import static org.assertj.core.api.Assertions.assertThat;

import akka.actor.testkit.typed.javadsl.ActorTestKit;
import akka.actor.testkit.typed.javadsl.TestProbe;
import akka.actor.typed.ActorRef;
import com.typesafe.config.ConfigFactory;
import io.egressgateway.persistence.journal.SampleEvents;
import io.egressgateway.persistence.testing.EventLog;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * Many commands that persist nothing, waiting for one busy entity, once ended the process
 * (akka/akka#29933): the stash is kept too small for that. What does not fit is dropped; senders
 * repeat.
 */
class FloodedEntityIT {
  private static final int FLOOD = 20_000;
  private static final Duration ANSWER_MAX = Duration.ofSeconds(30);

  @TempDir private Path directory = Path.of("unset");

  private ActorTestKit system = ActorTestKit.create();

  @BeforeEach
  void start() throws DatabaseException {
    system.shutdownTestKit();
    DatabaseSettings settings = new DatabaseSettings.EmbeddedH2(directory);
    Schema.prepare(settings);
    system =
        ActorTestKit.create(
            "flooded",
            Database.config(settings)
                .withFallback(ConfigFactory.parseString("akka.jvm-exit-on-fatal-error = off"))
                .withFallback(ConfigFactory.load()));
  }

  @AfterEach
  void stop() {
    system.shutdownTestKit();
  }

  @Test
  void aFloodDuringRecoveryIsSurvived() {
    ActorRef<EventLog.Command> log = system.spawn(EventLog.create("log|flooded"));

    flood(log);

    assertAnswers(log);
  }

  @Test
  void aFloodDuringAPersistIsSurvived() {
    ActorRef<EventLog.Command> log = system.spawn(EventLog.create("log|flooded"));
    assertAnswers(log);

    log.tell(
        new EventLog.Append(
            List.copyOf(SampleEvents.all().values()).getFirst(),
            system.<List<Object>>createTestProbe().ref()));
    flood(log);

    assertAnswers(log);
  }

  private void flood(ActorRef<EventLog.Command> log) {
    EventLog.Read read = new EventLog.Read(system.<List<Object>>createTestProbe().ref());
    for (int i = 0; i < FLOOD; i++) {
      log.tell(read);
    }
  }

  /** Repeats, as every sender does: an answer may be dropped while the stash is full. */
  private void assertAnswers(ActorRef<EventLog.Command> log) {
    TestProbe<List<Object>> reply = system.createTestProbe();
    reply.awaitAssert(
        ANSWER_MAX,
        () -> {
          log.tell(new EventLog.Read(reply.ref()));
          return reply.receiveMessage();
        });
    assertThat(system.system().whenTerminated().isCompleted()).isFalse();
  }
}
