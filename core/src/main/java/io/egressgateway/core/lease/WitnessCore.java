package io.egressgateway.core.lease;

import io.egressgateway.core.model.NodeName;
import io.egressgateway.core.model.NodeSession;
import java.time.Duration;
import java.util.Collections;
import java.util.Comparator;
import java.util.List;
import java.util.SortedMap;
import java.util.SortedSet;
import java.util.TreeMap;
import java.util.TreeSet;

/**
 * One witness: it promises a session to call it alive for some time, and once the time is over
 * votes it dead on request. All it knows is in memory; after a start it is mute until everything
 * that it may have promised before is over.
 *
 * <p>Not thread-safe. Time is any clock that never goes back, in nanoseconds, the same for every
 * call.
 */
public final class WitnessCore {

  /** What can happen to a witness. */
  public sealed interface Event {
    /**
     * An agent asks for a promise.
     *
     * @param sequence numbers the requests of a session
     * @param lease how long it wants to rely on it
     */
    record Renew(NodeSession session, long sequence, Duration lease) implements Event {}

    /**
     * A controller asks whether the session is dead, and if so to let it stay dead.
     *
     * @param renewals whether the session may have further promises if it is not
     */
    record Revoke(NodeSession session, long round, Renewals renewals) implements Event {

      /** Asks, and changes nothing for a session that is alive. */
      public Revoke(NodeSession session, long round) {
        this(session, round, Renewals.ALLOWED);
      }
    }

    /** A peer told which sessions it voted dead. */
    record Tombstones(SortedSet<NodeSession> sessions) implements Event {
      public Tombstones {
        sessions = Collections.unmodifiableSortedSet(new TreeSet<>(sessions));
      }
    }

    /** A peer asks which sessions were voted dead here. */
    record Pull() implements Event {}
  }

  /** What a witness answers to whoever asked. No effect is silence. */
  public sealed interface Effect {
    /** For the lease asked for, from now on, this witness will not vote the session dead. */
    record Promise(NodeSession session, long sequence) implements Effect {}

    /** The session is dead. */
    record Nack(NodeSession session) implements Effect {}

    /** The session is dead: no promise to it is open here, and there will be none. */
    record Vote(NodeSession session, long round) implements Effect {}

    /**
     * The session has a promise that is not over.
     *
     * @param remaining until it is, unless it is renewed: whoever asked knows when to ask again
     */
    record Held(NodeSession session, long round, Duration remaining) implements Effect {}

    /** This witness does not know yet; ask the others. */
    record Mute(NodeSession session, long round) implements Effect {}

    /** The request cannot be served; the reason is for the log of whoever asked. */
    record Refused(NodeSession session, String reason) implements Effect {}

    /** The sessions that were voted dead; with each, all earlier ones of the same boot are. */
    record TombstoneList(SortedSet<NodeSession> sessions) implements Effect {
      public TombstoneList {
        sessions = Collections.unmodifiableSortedSet(new TreeSet<>(sessions));
      }
    }
  }

  /** Promises that may be open at a time; there is one per gateway node, and some late ones. */
  public static final int PROMISES_MAX = 65_536;

  /** Tombstones, one per node and boot, and as many denials. */
  public static final int TOMBSTONES_MAX = 65_536;

  /**
   * How long a tombstone is kept. Agents that work as they should need none after the first lease;
   * this is for those that were frozen with their whole machine.
   */
  public static final Duration TOMBSTONE_KEPT = Duration.ofHours(1);

  // A2: clocks run at rates that differ by at most 0.1 %; four times that, and a tick.
  private static final int MARGIN_DIVISOR = 250;
  private static final long MARGIN_NANOS = 1_000_000;

  private record Boot(NodeName node, String bootId) implements Comparable<Boot> {
    private static final Comparator<Boot> ORDER =
        Comparator.comparing(Boot::node).thenComparing(Boot::bootId);

    static Boot of(NodeSession session) {
      return new Boot(session.node(), session.bootId());
    }

    @Override
    public int compareTo(Boot other) {
      return ORDER.compare(this, other);
    }
  }

  private record Tombstone(NodeSession highest, long sinceNanos) {}

  private final Rules rules;
  private final long muteUntilNanos;
  private final SortedMap<NodeSession, Long> expiries = new TreeMap<>();
  private final SortedMap<Boot, Tombstone> tombstones = new TreeMap<>();
  // Sessions that get no promise any more though they may have one that is not over.
  private final SortedMap<Boot, Tombstone> denials = new TreeMap<>();

  /** A witness that knows nothing. */
  public WitnessCore(Rules rules, long startedAtNanos) {
    this.rules = rules;
    this.muteUntilNanos =
        rules.obeys(Rule.R3_MUTE_AFTER_START)
            ? startedAtNanos + promised(LeaseTerms.LEASE_MAX)
            : startedAtNanos;
  }

  /** When this witness begins to speak. It pulls its peers' tombstones before (R3). */
  public long muteUntilNanos() {
    return muteUntilNanos;
  }

  /** Promises that are not over. */
  public int openPromises(long nowNanos) {
    return (int) expiries.values().stream().filter(expiry -> nowNanos < expiry).count();
  }

  /** Nodes' boots of which a session is denied renewals and was not voted dead yet. */
  public int denials() {
    return denials.size();
  }

  /** Nodes' boots of which a session was voted dead. */
  public int tombstones() {
    return tombstones.size();
  }

  /** Takes one event; the effects are in the order in which they are to happen. */
  public List<Effect> on(Event event, long nowNanos) {
    return switch (event) {
      case Event.Renew renew -> renew(renew, nowNanos);
      case Event.Revoke revoke -> revoke(revoke, nowNanos);
      case Event.Tombstones(SortedSet<NodeSession> sessions) -> {
        sessions.forEach(session -> bury(session, nowNanos));
        yield List.of();
      }
      case Event.Pull ignored -> List.of(new Effect.TombstoneList(buried()));
    };
  }

  private List<Effect> renew(Event.Renew renew, long now) {
    NodeSession session = renew.session();
    if (isMute(now)) {
      return List.of();
    }
    // Not capped in silence: the agent would rely on more than was promised.
    if (!renew.lease().isPositive() || renew.lease().compareTo(LeaseTerms.LEASE_MAX) > 0) {
      return List.of(
          new Effect.Refused(
              session, "a lease of " + renew.lease() + " is not 0 to " + LeaseTerms.LEASE_MAX));
    }
    if (rules.obeys(Rule.R2_TOMBSTONE) && isIn(tombstones, session)) {
      return List.of(new Effect.Nack(session));
    }
    if (isIn(denials, session)) {
      // Told so, the agent would close its gates now, a lease before anybody else can open one.
      return List.of();
    }
    if (!expiries.containsKey(session) && !hasRoom(now)) {
      return List.of(new Effect.Refused(session, PROMISES_MAX + " promises are open"));
    }
    // Never shorter than before: the agent may rely on an earlier request for a longer lease.
    expiries.merge(session, now + promised(renew.lease()), Math::max);
    return List.of(new Effect.Promise(session, renew.sequence()));
  }

  private List<Effect> revoke(Event.Revoke revoke, long now) {
    NodeSession session = revoke.session();
    long round = revoke.round();
    if (revoke.renewals() == Renewals.DENIED) {
      // Also while mute: it only takes away. Without room it is not remembered; who wants it asks
      // again.
      note(denials, session, now);
    }
    if (isMute(now)) {
      return List.of(new Effect.Mute(session, round));
    }
    // Of this very session: a tombstone of a later one says nothing about promises to this one.
    Long expiry = expiries.get(session);
    boolean runsOut = rules.obeys(Rule.R6_DENIED_RUNS_OUT) || !isIn(denials, session);
    if (expiry != null && now < expiry && runsOut) {
      return List.of(new Effect.Held(session, round, Duration.ofNanos(expiry - now)));
    }
    expiries.remove(session);
    return bury(session, now)
        ? List.of(new Effect.Vote(session, round))
        : List.of(new Effect.Refused(session, TOMBSTONES_MAX + " tombstones are kept"));
  }

  private boolean isMute(long now) {
    return now < muteUntilNanos;
  }

  private boolean hasRoom(long now) {
    if (expiries.size() >= PROMISES_MAX) {
      expiries.values().removeIf(expiry -> now >= expiry);
    }
    return expiries.size() < PROMISES_MAX;
  }

  private static boolean isIn(SortedMap<Boot, Tombstone> stones, NodeSession session) {
    Tombstone stone = stones.get(Boot.of(session));
    return stone != null && stone.highest().covers(session);
  }

  private boolean bury(NodeSession session, long now) {
    boolean buried = note(tombstones, session, now);
    Tombstone denial = denials.get(Boot.of(session));
    if (buried && denial != null && isIn(tombstones, denial.highest())) {
      denials.remove(Boot.of(session));
    }
    return buried;
  }

  private static boolean note(SortedMap<Boot, Tombstone> stones, NodeSession session, long now) {
    if (isIn(stones, session)) {
      return true;
    }
    Boot boot = Boot.of(session);
    if (!stones.containsKey(boot) && stones.size() >= TOMBSTONES_MAX) {
      stones.values().removeIf(stone -> now - stone.sinceNanos() >= TOMBSTONE_KEPT.toNanos());
      if (stones.size() >= TOMBSTONES_MAX) {
        return false;
      }
    }
    stones.put(boot, new Tombstone(session, now));
    return true;
  }

  private SortedSet<NodeSession> buried() {
    SortedSet<NodeSession> sessions = new TreeSet<>();
    tombstones.values().forEach(tombstone -> sessions.add(tombstone.highest()));
    return sessions;
  }

  private long promised(Duration lease) {
    long nanos = lease.toNanos();
    return rules.obeys(Rule.R2_MARGIN) ? nanos + nanos / MARGIN_DIVISOR + MARGIN_NANOS : nanos;
  }
}
