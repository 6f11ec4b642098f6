package io.egressgateway.node.lease;

import io.egressgateway.core.model.IpAddress;
import java.time.Duration;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.SortedSet;
import java.util.TreeSet;

/**
 * When which open address is announced. A frame can be lost, and neighbours may heed one only after
 * a second, so a fresh address is announced several times; later now and then, before switches
 * forget it. Fresh addresses come first, and all together keep a pace that a segment can bear.
 *
 * <p>Not thread-safe. Time is the caller's, in nanoseconds.
 */
final class Announcements {
  /** After the opening of the gate. */
  static final List<Duration> FRESH =
      List.of(
          Duration.ZERO, Duration.ofMillis(1100), Duration.ofMillis(2200), Duration.ofMillis(3300));

  /** Ever after. */
  static final Duration PERIOD = Duration.ofSeconds(60);

  /** Addresses per second. */
  static final int PACE = 500;

  /**
   * Addresses that need not wait for the pace after a pause: what a node takes over from another at
   * once is dark until it is announced, and this many small frames are nothing to a segment.
   */
  static final int BURST = 512;

  private static final long INTERVAL_NANOS = Duration.ofSeconds(1).toNanos() / PACE;

  /**
   * What is next for an address.
   *
   * @param round counted from 0; the first {@link #FRESH} ones are fresh
   */
  private record Turn(long dueNanos, IpAddress address, int round, long openedNanos)
      implements Comparable<Turn> {
    private static final Comparator<Turn> ORDER =
        Comparator.comparingLong(Turn::dueNanos).thenComparing(Turn::address);

    @Override
    public int compareTo(Turn other) {
      return ORDER.compare(this, other);
    }

    boolean isFresh() {
      return round < FRESH.size();
    }
  }

  private final Map<IpAddress, Turn> turns = new HashMap<>();
  private final SortedSet<Turn> fresh = new TreeSet<>();
  private final SortedSet<Turn> periodic = new TreeSet<>();
  private long freeAtNanos = Long.MIN_VALUE / 2;

  /** These addresses are open from now on; those that already were begin anew. */
  void opened(SortedSet<IpAddress> addresses, long nowNanos) {
    for (IpAddress address : addresses) {
      closed(address);
      add(new Turn(nowNanos, address, 0, nowNanos));
    }
  }

  /** This address is not announced any more. */
  void closed(IpAddress address) {
    Optional.ofNullable(turns.remove(address))
        .ifPresent(turn -> (turn.isFresh() ? fresh : periodic).remove(turn));
  }

  /** Only these addresses are announced any more. */
  void keep(SortedSet<IpAddress> open) {
    for (IpAddress address : List.copyOf(turns.keySet())) {
      if (!open.contains(address)) {
        closed(address);
      }
    }
  }

  private void add(Turn turn) {
    turns.put(turn.address(), turn);
    (turn.isFresh() ? fresh : periodic).add(turn);
  }

  /** An address to announce now. The caller does it before the next call. */
  Optional<IpAddress> next(long nowNanos) {
    if (freeAtNanos > nowNanos) {
      return Optional.empty();
    }
    Optional<Turn> turn = due(fresh, nowNanos).or(() -> due(periodic, nowNanos));
    if (turn.isEmpty()) {
      return Optional.empty();
    }
    freeAtNanos = Math.max(freeAtNanos, nowNanos - BURST * INTERVAL_NANOS) + INTERVAL_NANOS;
    follow(turn.get(), nowNanos);
    return Optional.of(turn.get().address());
  }

  /** When {@link #next} may have something. */
  OptionalLong nextNanos() {
    long due = Long.MAX_VALUE;
    if (!fresh.isEmpty()) {
      due = fresh.first().dueNanos();
    }
    if (!periodic.isEmpty()) {
      due = Math.min(due, periodic.first().dueNanos());
    }
    return due == Long.MAX_VALUE
        ? OptionalLong.empty()
        : OptionalLong.of(Math.max(due, freeAtNanos));
  }

  private static Optional<Turn> due(SortedSet<Turn> turns, long nowNanos) {
    return turns.isEmpty() || turns.first().dueNanos() > nowNanos
        ? Optional.empty()
        : Optional.of(turns.first());
  }

  private void follow(Turn turn, long nowNanos) {
    closed(turn.address());
    int round = turn.round() + 1;
    long due =
        round < FRESH.size()
            ? turn.openedNanos() + FRESH.get(round).toNanos()
            : nowNanos + PERIOD.toNanos();
    add(new Turn(due, turn.address(), round, turn.openedNanos()));
  }
}
