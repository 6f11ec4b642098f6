package io.egressgateway.persistence.health;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.egressgateway.persistence.store.DatabaseSettings;
import io.egressgateway.persistence.store.Schema;
import java.nio.channels.FileChannel;
import java.nio.channels.FileLock;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.time.Duration;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class JournalProbeTest {

  /** An embedded database locks its file as long as a connection is open. */
  @Test
  void aClosedProbeHasGivenItsDatabaseBack(@TempDir Path folder) throws Exception {
    DatabaseSettings settings = new DatabaseSettings.EmbeddedH2(folder);
    Schema.prepare(settings);
    JournalPulse pulse = new JournalPulse(System::nanoTime);

    JournalProbe probe = JournalProbe.start(settings, pulse);
    await().atMost(Duration.ofSeconds(20)).until(() -> !pulse.isIdle());

    probe.close();

    try (FileChannel file =
            FileChannel.open(folder.resolve("journal.mv.db"), StandardOpenOption.WRITE);
        FileLock lock = file.tryLock()) {
      assertThat(lock).isNotNull();
    }
  }
}
