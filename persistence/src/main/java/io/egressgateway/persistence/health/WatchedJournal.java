package io.egressgateway.persistence.health;

import akka.persistence.AtomicWrite;
import akka.persistence.jdbc.journal.JdbcAsyncWriteJournal;
import com.typesafe.config.Config;
import java.util.Optional;
import scala.collection.immutable.Seq;
import scala.concurrent.Future;
import scala.runtime.BoxedUnit;
import scala.util.Try;

/**
 * Akka's JDBC journal, whose writes are told to the actor system's {@link PulseSetup}, if it has
 * one. Akka makes it by its name.
 */
public final class WatchedJournal extends JdbcAsyncWriteJournal {
  private final Optional<JournalPulse> pulse;

  /**
   * To be called by Akka.
   *
   * @param config of the plugin
   */
  public WatchedJournal(Config config) {
    super(config);
    this.pulse = context().system().settings().setup().get(PulseSetup.class).map(PulseSetup::pulse);
  }

  @Override
  public Future<Seq<Try<BoxedUnit>>> asyncWriteMessages(Seq<AtomicWrite> messages) {
    Future<Seq<Try<BoxedUnit>>> writing = super.asyncWriteMessages(messages);
    pulse.map(JournalPulse::begin).ifPresent(attempt -> writing.onComplete(end(attempt), ec()));
    return writing;
  }

  private static scala.Function1<Try<Seq<Try<BoxedUnit>>>, BoxedUnit> end(
      JournalPulse.Attempt attempt) {
    return written -> {
      attempt.end(
          written.isSuccess() ? WriteOutcome.WRITTEN : WriteOutcome.of(written.failed().get()));
      return BoxedUnit.UNIT;
    };
  }
}
