package io.egressgateway.k8s.app;

import io.egressgateway.persistence.health.JournalState;
import io.egressgateway.policy.entity.FailoverObstacle;
import io.egressgateway.policy.witness.WitnessPanel;
import java.time.Duration;
import java.util.Optional;
import java.util.SortedSet;
import java.util.TreeSet;
import java.util.function.LongSupplier;
import java.util.function.Supplier;

/** What keeps this controller from failing over, as far as it can tell itself. Thread-safe. */
final class FailoverOutlook {
  /** A controller that has just started has yet to connect. */
  static final Duration WITNESSES_PATIENCE = Duration.ofSeconds(5);

  private final Supplier<JournalState> journal;
  private final WitnessPanel witnesses;
  private final LongSupplier nanoClock;
  private Optional<Long> fewWitnessesSince = Optional.empty();

  FailoverOutlook(Supplier<JournalState> journal, WitnessPanel witnesses, LongSupplier nanoClock) {
    this.journal = journal;
    this.witnesses = witnesses;
    this.nanoClock = nanoClock;
  }

  /** What is in the way now. */
  synchronized SortedSet<FailoverObstacle> obstacles() {
    TreeSet<FailoverObstacle> obstacles = new TreeSet<>();
    of(journal.get()).ifPresent(obstacles::add);
    if (lacksWitnesses(nanoClock.getAsLong())) {
      obstacles.add(FailoverObstacle.WITNESSES_UNREACHABLE);
    }
    return obstacles;
  }

  private static Optional<FailoverObstacle> of(JournalState state) {
    return switch (state) {
      case WRITABLE -> Optional.empty();
      case SLOW -> Optional.of(FailoverObstacle.JOURNAL_SLOW);
      case UNAVAILABLE -> Optional.of(FailoverObstacle.JOURNAL_UNAVAILABLE);
      case READ_ONLY -> Optional.of(FailoverObstacle.JOURNAL_READ_ONLY);
      case FULL -> Optional.of(FailoverObstacle.JOURNAL_FULL);
    };
  }

  private boolean lacksWitnesses(long now) {
    boolean majority = 2 * witnesses.reached() > witnesses.size();
    fewWitnessesSince = majority ? Optional.empty() : Optional.of(fewWitnessesSince.orElse(now));
    return fewWitnessesSince
        .filter(since -> now - since >= WITNESSES_PATIENCE.toNanos())
        .isPresent();
  }
}
