package io.egressgateway.persistence.health;

import io.egressgateway.persistence.store.DatabaseException;
import io.egressgateway.persistence.store.DatabaseSettings;
import io.egressgateway.persistence.store.ProbeLine;
import java.time.Duration;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Writes a row to the database when nobody else has for a second, so that it is known before a
 * failover whether one could be. Has a thread and a connection of its own.
 */
public final class JournalProbe implements AutoCloseable {
  private static final Logger LOG = LoggerFactory.getLogger(JournalProbe.class);

  /** Of looking whether a write is due. */
  private static final Duration LOOK_INTERVAL = Duration.ofMillis(250);

  /** Of {@link #close}: the embedded database is open as long as its last connection is. */
  private static final Duration CLOSE_PATIENCE = Duration.ofSeconds(3);

  private final ProbeLine line;
  private final JournalPulse pulse;
  private final Thread thread;
  private final CountDownLatch closed = new CountDownLatch(1);
  private String complaint = "";

  private JournalProbe(ProbeLine line, JournalPulse pulse) {
    this.line = line;
    this.pulse = pulse;
    this.thread = Thread.ofPlatform().name("journal-probe").daemon().unstarted(this::run);
  }

  /** Starts to probe a database whose schema is there, until closed. */
  public static JournalProbe start(DatabaseSettings settings, JournalPulse pulse) {
    JournalProbe probe = new JournalProbe(new ProbeLine(settings), pulse);
    probe.thread.start();
    return probe;
  }

  private void run() {
    try {
      while (!closed.await(LOOK_INTERVAL.toNanos(), TimeUnit.NANOSECONDS)) {
        if (pulse.isIdle()) {
          probe();
        }
      }
    } catch (InterruptedException unexpected) {
      throw new IllegalStateException("nobody interrupts this thread", unexpected);
    } finally {
      line.close();
    }
  }

  private void probe() {
    JournalPulse.Attempt attempt = pulse.begin();
    try {
      line.write();
      attempt.end(WriteOutcome.WRITTEN);
      complain("");
    } catch (DatabaseException refused) {
      attempt.end(WriteOutcome.of(refused));
      complain(String.valueOf(refused.getMessage()));
    }
  }

  /** One line for each new cause. */
  private void complain(String cause) {
    if (cause.equals(complaint)) {
      return;
    }
    complaint = cause;
    if (cause.isEmpty()) {
      LOG.info("journal probe succeeds again");
    } else {
      LOG.warn("journal probe failed cause=\"{}\"", cause);
    }
  }

  /**
   * Ends it and its connection, after a write that is under way; waits for that, but not longer
   * than 3 s, since a database may not answer. The thread is not interrupted: an embedded database
   * whose file is just written would be closed to everybody by that.
   */
  @Override
  public void close() {
    closed.countDown();
    try {
      if (!thread.join(CLOSE_PATIENCE)) {
        LOG.warn("journal probe still waits for its database");
      }
    } catch (InterruptedException interrupted) {
      Thread.currentThread().interrupt();
    }
  }
}
