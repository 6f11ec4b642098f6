package io.egressgateway.policy.entity;

import akka.actor.typed.BackoffSupervisorStrategy;
import akka.actor.typed.SupervisorStrategy;
import java.time.Duration;

/**
 * What an entity does when a write or its recovery fails: another copy of it wrote first, or the
 * database is away. It starts anew from the journal, so that nothing is decided on a state that the
 * journal does not have, and nothing is tried again blindly (R8).
 */
final class JournalFailures {
  private static final Duration BACKOFF_MIN = Duration.ofMillis(50);
  private static final Duration BACKOFF_MAX = Duration.ofSeconds(1);

  /** Spreads the restarts of many entities, when the database is back. */
  private static final double JITTER = 0.3;

  static final BackoffSupervisorStrategy RESTART =
      SupervisorStrategy.restartWithBackoff(BACKOFF_MIN, BACKOFF_MAX, JITTER);

  private JournalFailures() {}
}
