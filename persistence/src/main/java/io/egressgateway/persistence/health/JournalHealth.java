package io.egressgateway.persistence.health;

import java.time.Duration;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;

/**
 * From attempts to write, and what became of them, to whether the journal takes writes. One failure
 * is no news: a connection may break while the database is well. Times are of any clock that never
 * goes back. Not thread-safe.
 */
final class JournalHealth {
  /** A write that takes as long or longer is slow: a lease of the usual profile lasts two. */
  static final Duration SLOW_FROM = Duration.ofSeconds(1);

  /** A write that has taken as long is given up by whoever wants it. */
  static final Duration DEAD_FROM = Duration.ofSeconds(5);

  /** What is wrong is said once it has lasted as long. */
  static final Duration ONSET = Duration.ofSeconds(1);

  /** It is taken back once writes have been well for as long. */
  static final Duration CALM = Duration.ofSeconds(2);

  /** Without an attempt for as long it is time to make one. */
  static final Duration IDLE_FROM = Duration.ofSeconds(1);

  /** Since when those have been under way that nothing later has overtaken; the oldest first. */
  private final TreeMap<Long, Long> open = new TreeMap<>();

  private JournalState last = JournalState.WRITABLE;
  private Optional<Long> lastEnd = Optional.empty();

  /** Since when it looks ill, or well. */
  private Optional<Long> illSince = Optional.empty();

  private Optional<Long> wellSince = Optional.empty();
  private JournalState told = JournalState.WRITABLE;

  /**
   * An attempt is made.
   *
   * @param attempt a number that is larger than those before
   */
  void began(long attempt, long now) {
    open.put(attempt, now);
    look(now);
  }

  /** An attempt has ended. */
  void ended(long attempt, WriteOutcome outcome, long now) {
    Long began = open.remove(attempt);
    if (began == null) {
      // A later one has been written: what became of this one says nothing of now.
      return;
    }
    lastEnd = Optional.of(now);
    switch (outcome) {
      case WRITTEN -> {
        last = now - began >= SLOW_FROM.toNanos() ? JournalState.SLOW : JournalState.WRITABLE;
        // A connection that hangs for ever must not outweigh those that work.
        open.headMap(attempt).clear();
      }
      case UNAVAILABLE -> last = JournalState.UNAVAILABLE;
      case READ_ONLY -> last = JournalState.READ_ONLY;
      case FULL -> last = JournalState.FULL;
      case UNRELATED -> {}
    }
    look(now);
  }

  /** Whether nothing has been written or tried of late, so that nothing is known. */
  boolean isIdle(long now) {
    return open.isEmpty() && lastEnd.filter(end -> now - end < IDLE_FROM.toNanos()).isEmpty();
  }

  /** What there is to say now. */
  JournalState state(long now) {
    look(now);
    return told;
  }

  private void look(long now) {
    JournalState seen = seen(now);
    if (seen == JournalState.WRITABLE) {
      illSince = Optional.empty();
      wellSince = Optional.of(wellSince.orElse(now));
      if (isPast(wellSince, CALM, now)) {
        told = seen;
      }
      return;
    }
    wellSince = Optional.empty();
    illSince = Optional.of(illSince.orElse(now));
    if (told != JournalState.WRITABLE || isPast(illSince, ONSET, now)) {
      told = seen;
    }
  }

  private static boolean isPast(Optional<Long> since, Duration time, long now) {
    return since.filter(from -> now - from >= time.toNanos()).isPresent();
  }

  private JournalState seen(long now) {
    Map.Entry<Long, Long> oldest = open.firstEntry();
    long waiting = oldest == null ? 0 : now - oldest.getValue();
    if (waiting >= DEAD_FROM.toNanos()) {
      return JournalState.UNAVAILABLE;
    }
    if (last == JournalState.WRITABLE && waiting >= SLOW_FROM.toNanos()) {
      return JournalState.SLOW;
    }
    return last;
  }
}
