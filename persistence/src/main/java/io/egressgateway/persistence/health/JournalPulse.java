package io.egressgateway.persistence.health;

import java.util.function.LongSupplier;

/**
 * Where everybody who writes to the journal says so, and everybody who wants to know asks whether
 * it takes writes. Thread-safe; no method waits for the database.
 */
public final class JournalPulse {
  private final LongSupplier nanoClock;
  private final JournalHealth health = new JournalHealth();
  private long attempts;

  /**
   * A pulse of which nothing is known.
   *
   * @param nanoClock never goes back; the origin does not matter
   */
  public JournalPulse(LongSupplier nanoClock) {
    this.nanoClock = nanoClock;
  }

  /** A write under way; to be told once how it ended. */
  final class Attempt {
    private final long number;

    private Attempt(long number) {
      this.number = number;
    }

    void end(WriteOutcome outcome) {
      synchronized (JournalPulse.this) {
        health.ended(number, outcome, nanoClock.getAsLong());
      }
    }
  }

  synchronized Attempt begin() {
    attempts++;
    health.began(attempts, nanoClock.getAsLong());
    return new Attempt(attempts);
  }

  synchronized boolean isIdle() {
    return health.isIdle(nanoClock.getAsLong());
  }

  /** Whether the journal takes writes, as far as this process knows. */
  public synchronized JournalState state() {
    return health.state(nanoClock.getAsLong());
  }
}
