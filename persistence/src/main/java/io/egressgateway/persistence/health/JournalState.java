package io.egressgateway.persistence.health;

/** Whether the journal takes writes, and what keeps it from doing so. */
public enum JournalState {
  /** It does, fast enough; nothing else is known of it either. */
  WRITABLE,
  /** It does, too late for a failover to be fast: {@link JournalHealth#SLOW_FROM} and more. */
  SLOW,
  /** It does not answer, or refuses for a reason that is not one of the others. */
  UNAVAILABLE,
  /** It answers questions alone, as a standby does. */
  READ_ONLY,
  /** Its disk is full. */
  FULL
}
