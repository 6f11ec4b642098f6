package io.egressgateway.persistence.store;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import akka.actor.testkit.typed.javadsl.ActorTestKit;
import akka.actor.testkit.typed.javadsl.TestProbe;
import com.typesafe.config.ConfigFactory;
import io.egressgateway.persistence.testing.EventLog;
import io.egressgateway.persistence.testing.JournalWriter;
import java.io.BufferedReader;
import java.io.InputStreamReader;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.RepeatedTest;
import org.junit.jupiter.api.io.TempDir;

class KilledWriterIT {
  private static final int ACKNOWLEDGED_BEFORE_KILL = 200;
  private static final Duration ANSWER_MAX = Duration.ofSeconds(30);

  @TempDir private Path directory = Path.of("unset");

  @RepeatedTest(2)
  void aKilledProcessLosesNothingThatItAcknowledged() throws Exception {
    DatabaseSettings settings = new DatabaseSettings.EmbeddedH2(directory);

    long acknowledged = writeAndKill();

    Schema.prepare(settings);
    ActorTestKit system =
        ActorTestKit.create(
            "after-kill", Database.config(settings).withFallback(ConfigFactory.load()));
    try {
      TestProbe<List<Object>> reply = system.createTestProbe();
      system
          .spawn(EventLog.create(JournalWriter.PERSISTENCE_ID))
          .tell(new EventLog.Read(reply.ref()));
      assertThat((long) reply.receiveMessage(ANSWER_MAX).size())
          .isGreaterThanOrEqualTo(acknowledged);
    } finally {
      system.shutdownTestKit();
    }
  }

  /** The number of the last event that the other process said was in the journal. */
  private long writeAndKill() throws Exception {
    Process writer = JournalWriter.fork(directory);
    try (BufferedReader output =
        new BufferedReader(new InputStreamReader(writer.getInputStream(), UTF_8))) {
      long acknowledged = 0;
      for (String line = output.readLine(); line != null; line = output.readLine()) {
        assertThat(line).startsWith(JournalWriter.ACKNOWLEDGED);
        acknowledged = Long.parseLong(line.substring(JournalWriter.ACKNOWLEDGED.length()));
        if (acknowledged == ACKNOWLEDGED_BEFORE_KILL) {
          // Through its handle: the process itself would close the stream with lines still in it.
          writer.toHandle().destroyForcibly();
        }
      }
      assertThat(writer.waitFor(ANSWER_MAX.toSeconds(), TimeUnit.SECONDS)).isTrue();
      assertThat(acknowledged).isGreaterThanOrEqualTo(ACKNOWLEDGED_BEFORE_KILL);
      return acknowledged;
    }
  }
}
