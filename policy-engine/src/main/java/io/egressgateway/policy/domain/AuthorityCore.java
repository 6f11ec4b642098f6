package io.egressgateway.policy.domain;

import io.egressgateway.core.event.OwnershipProof.Certificate;
import io.egressgateway.core.event.OwnershipProof.EndOfSession;
import io.egressgateway.core.event.OwnershipProof.FenceAsserted;
import io.egressgateway.core.event.OwnershipProof.LaterIncarnation;
import io.egressgateway.core.lease.LeaseTerms;
import io.egressgateway.core.lease.Renewals;
import io.egressgateway.core.lease.Rule;
import io.egressgateway.core.lease.Rules;
import io.egressgateway.core.lease.Standing;
import io.egressgateway.core.model.NodeName;
import io.egressgateway.core.model.NodeSession;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.SortedMap;
import java.util.SortedSet;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.stream.Stream;

/**
 * The controllers' side of one node's lease: whether the node can be given addresses, and which of
 * its sessions are over for certain. Two of these for one node may be alive at once; each is right.
 *
 * <p>Not thread-safe. Time is any clock that never goes back, in nanoseconds.
 */
public final class AuthorityCore {

  /**
   * What holds for all nodes.
   *
   * @param witnesses how many there are; a majority of them decides
   * @param controlStaleTimeout for how long a session may keep its lease without being heard of
   *     here; empty means for ever
   */
  public record Settings(
      Rules rules, LeaseTerms terms, int witnesses, Optional<Duration> controlStaleTimeout) {
    /**
     * Checks the range.
     *
     * @throws IllegalArgumentException without witnesses
     */
    public Settings {
      if (witnesses < 1) {
        throw new IllegalArgumentException("leases need at least one witness");
      }
    }

    /** With nodes that hold on to what they have for as long as the witnesses hear them. */
    public Settings(Rules rules, LeaseTerms terms, int witnesses) {
      this(rules, terms, witnesses, Optional.empty());
    }

    int majority() {
      return witnesses / 2 + 1;
    }
  }

  /** What can happen. */
  public sealed interface Event {
    /** The node's agent speaks. */
    record Beat(NodeSession session, Standing standing) implements Event {}

    /**
     * Egress IPs are bound to exactly these sessions of the node now.
     *
     * @param holding those of them that hold something that the end of their lease does not free
     */
    record Bound(SortedSet<NodeSession> sessions, SortedSet<NodeSession> holding) implements Event {
      public Bound {
        sessions = Collections.unmodifiableSortedSet(new TreeSet<>(sessions));
        holding = Collections.unmodifiableSortedSet(new TreeSet<>(holding));
      }

      /** With nothing that outlives a lease. */
      public Bound(SortedSet<NodeSession> sessions) {
        this(sessions, Collections.emptySortedSet());
      }
    }

    /**
     * What exactly these sessions hold would go elsewhere if their leases ended: something that a
     * lease is needed for, and that another node could take now.
     */
    record Movable(SortedSet<NodeSession> sessions) implements Event {
      public Movable {
        sessions = Collections.unmodifiableSortedSet(new TreeSet<>(sessions));
      }
    }

    /** The journal has it that these sessions are denied renewals. */
    record Denied(SortedSet<NodeSession> sessions) implements Event {
      public Denied {
        sessions = Collections.unmodifiableSortedSet(new TreeSet<>(sessions));
      }
    }

    /**
     * A witness voted the session dead.
     *
     * @param witness index in the list of witnesses, from 0
     */
    record Voted(NodeSession session, long round, int witness) implements Event {}

    /**
     * A witness cannot vote yet. It proves nothing: it says when asking is worth while.
     *
     * @param remaining until its promise is over, unless the session renews it
     */
    record Held(NodeSession session, long round, int witness, Duration remaining)
        implements Event {}

    /**
     * An operator vouches that the machine is off; it ends what {@link AuthorityCore#fenceable}
     * names.
     */
    record Fenced(String by, String reason) implements Event {}

    /** The time of the last {@link Effect.WakeAt} has come. */
    record Woken() implements Event {}
  }

  /** What is to be done. */
  public sealed interface Effect {
    /**
     * Ask every witness.
     *
     * @param renewals what it is told to do about the session's renewals
     */
    record AskVotes(NodeSession session, long round, Renewals renewals) implements Effect {}

    /**
     * The session keeps its lease and was not heard of for too long. Journal that it is denied
     * renewals, and come back with {@link Event.Denied}; said again until then.
     */
    record Deny(NodeSession session) implements Effect {}

    /**
     * The session is over: journal it, and move what is bound to it, as far as the proof frees it.
     * Said once per session, and once more if an operator's word frees the rest.
     */
    record Revoked(EndOfSession proof) implements Effect {}

    /** Tell the agent that the session is over (R10). */
    record Fence(NodeSession session) implements Effect {}

    /** Tell the gateways. */
    record StandingChanged(NodeStanding standing) implements Effect {}

    /** Come back with {@link Event.Woken} at this time; it replaces the one said before. */
    record WakeAt(long nanos) implements Effect {}
  }

  /** Pause before the witnesses are asked again within a round, at most: an answer may get lost. */
  public static final Duration ASK_AGAIN = Duration.ofMillis(50);

  /** Pause before a witness that says that its promise is about to end is asked again. */
  private static final Duration HELD_MIN = Duration.ofMillis(1);

  private final Settings settings;
  private final NodeName node;
  private final RevokedSessions revoked;
  private final Denials denials;
  private final Damping damping = new Damping();
  private final SortedMap<NodeSession, VoteRound> rounds = new TreeMap<>();
  private Optional<Heard> heard = Optional.empty();
  private Optional<NodeSession> leaving = Optional.empty();
  private SortedSet<NodeSession> bound = Collections.emptySortedSet();
  private SortedSet<NodeSession> holding = Collections.emptySortedSet();
  private NodeStanding standing = NodeStanding.unknown();
  private OptionalLong started = OptionalLong.empty();
  private OptionalLong wake = OptionalLong.empty();
  private long lastRound;

  /**
   * An authority that has heard nothing yet.
   *
   * @param revoked sessions of the node that are over according to the journal
   */
  public AuthorityCore(Settings settings, NodeName node, SortedSet<NodeSession> revoked) {
    this.settings = settings;
    this.node = node;
    this.revoked = new RevokedSessions(revoked);
    this.denials = new Denials(settings.controlStaleTimeout());
  }

  /** What the node can be used for now. */
  public NodeStanding standing() {
    return standing;
  }

  /** Whether the session is over for certain. */
  public boolean isRevoked(NodeSession session) {
    return revoked.covers(session);
  }

  /**
   * The sessions that a word of an operator can end: those that may hold addresses. None of a boot
   * whose agent speaks: that machine is not off, whatever anybody says. What an earlier boot holds
   * on nobody else can speak of.
   */
  public SortedSet<NodeSession> fenceable(long nowNanos) {
    TreeSet<NodeSession> sessions = new TreeSet<>();
    Optional<NodeSession> speaking =
        heard.map(Heard::session).filter(session -> nowNanos < silentAt(session));
    if (speaking.isEmpty()) {
      sessions.addAll(bound);
      heard.map(Heard::session).ifPresent(sessions::add);
      sessions.removeIf(session -> !isWorthVotes(session));
    }
    holding.stream()
        .filter(session -> speaking.filter(session::isSameBootAs).isEmpty())
        .forEach(sessions::add);
    return sessions;
  }

  /** Takes one event; the effects are in the order in which they are to happen. */
  public List<Effect> on(Event event, long nowNanos) {
    if (started.isEmpty()) {
      started = OptionalLong.of(nowNanos);
    }
    List<Effect> effects = new ArrayList<>();
    switch (event) {
      case Event.Beat beat -> beat(beat, nowNanos, effects);
      case Event.Bound bound -> bound(bound);
      case Event.Movable(SortedSet<NodeSession> sessions) -> denials.movable(sessions);
      case Event.Denied(SortedSet<NodeSession> sessions) -> sessions.forEach(this::denied);
      case Event.Voted voted -> voted(voted, nowNanos, effects);
      case Event.Held held -> held(held, nowNanos);
      case Event.Fenced fenced ->
          fenceable(nowNanos)
              .forEach(
                  session ->
                      end(
                          new FenceAsserted(session, fenced.by(), fenced.reason()),
                          nowNanos,
                          effects));
      case Event.Woken ignored -> {}
    }
    endByLaterIncarnation(nowNanos, effects);
    deny(nowNanos, effects);
    pursue(nowNanos, effects);
    tell(nowNanos, effects);
    wake(event, nowNanos, effects);
    return effects;
  }

  private void beat(Event.Beat beat, long now, List<Effect> effects) {
    NodeSession session = beat.session();
    if (!session.node().equals(node)) {
      return;
    }
    if (revoked.covers(session) || denials.covers(session)) {
      if (settings.rules().obeys(Rule.R10_FENCE_REVOKED)) {
        effects.add(new Effect.Fence(session));
      }
      if (settings.rules().obeys(Rule.R10_NEVER_GRANT_REVOKED)) {
        return;
      }
    }
    if (beat.standing() == Standing.LEAVING) {
      leaving = Optional.of(session);
    }
    hear(beat, now, effects);
  }

  private void hear(Event.Beat beat, long now, List<Effect> effects) {
    NodeSession session = beat.session();
    if (heard.isEmpty()) {
      heard = Optional.of(Heard.first(beat, now));
      return;
    }
    Heard former = heard.get();
    if (session.equals(former.session())) {
      heard = Optional.of(former.again(beat, now));
    } else if (session.isLaterThan(former.session())) {
      heard = Optional.of(Heard.first(beat, now));
      if (former.wasLeased()) {
        end(new LaterIncarnation(former.session(), session), now, effects);
      }
    } else if (!session.isSameBootAs(former.session()) && now >= silentAt(former.session())) {
      // Boots are not ordered: while one speaks, the other is a message that came late.
      heard = Optional.of(Heard.first(beat, now));
    }
  }

  private void bound(Event.Bound now) {
    bound = now.sessions();
    holding = now.holding();
    revoked.retain(bound);
    rounds.keySet().removeIf(session -> !isWorthVotes(session));
    heard = heard.filter(last -> bound.stream().noneMatch(one -> one.isLaterThan(last.session())));
  }

  private void denied(NodeSession session) {
    if (!revoked.covers(session)) {
      denials.add(session);
    }
  }

  private void voted(Event.Voted voted, long now, List<Effect> effects) {
    VoteRound round = rounds.get(voted.session());
    Rules rules = settings.rules();
    if (round == null
        || round.isOver(rules, settings.terms(), now)
        || (rules.obeys(Rule.R6_VOTES_OF_ONE_ROUND) && round.number() != voted.round())
        || !isWitness(voted.witness())) {
      return;
    }
    round.vote(voted.witness());
    if (round.votes().size() >= settings.majority()) {
      end(new Certificate(voted.session(), round.number(), round.votes()), now, effects);
    }
  }

  private boolean isWitness(int index) {
    return index >= 0 && index < settings.witnesses();
  }

  private void held(Event.Held held, long now) {
    VoteRound round = rounds.get(held.session());
    if (round != null && round.number() == held.round() && isWitness(held.witness())) {
      round.held(held.witness(), now + Math.max(held.remaining().toNanos(), HELD_MIN.toNanos()));
    }
  }

  /** R7: a later session of the same boot is proof enough. */
  private void endByLaterIncarnation(long now, List<Effect> effects) {
    for (NodeSession session : bound) {
      if (!revoked.isTold(session)) {
        Optional<NodeSession> later =
            Stream.of(
                    revoked.laterThan(session),
                    heard.map(Heard::session).filter(last -> last.isLaterThan(session)),
                    bound.stream().filter(other -> other.isLaterThan(session)).findFirst())
                .flatMap(Optional::stream)
                .findFirst();
        later.ifPresent(other -> end(new LaterIncarnation(session, other), now, effects));
      }
    }
  }

  private void end(EndOfSession end, long now, List<Effect> effects) {
    NodeSession session = end.of();
    rounds.remove(session);
    denials.over(session);
    if (!revoked.add(session)) {
      if (end instanceof FenceAsserted && holding.contains(session)) {
        effects.add(new Effect.Revoked(end));
      }
      return;
    }
    effects.add(new Effect.Revoked(end));
    boolean orderly = leaving.filter(session::equals).isPresent();
    switch (end) {
      case Certificate ignored when !orderly -> damping.lost(now);
      case FenceAsserted ignored when !orderly -> damping.lost(now);
      case LaterIncarnation ignored when !orderly -> damping.restarted(now);
      case Certificate ignored -> {}
      case FenceAsserted ignored -> {}
      case LaterIncarnation ignored -> {}
    }
    if (settings.rules().obeys(Rule.R10_NEVER_GRANT_REVOKED)) {
      heard = heard.filter(last -> !last.session().equals(session));
    }
  }

  /** Says which sessions are to be denied: those that are unheard for too long. */
  private void deny(long now, List<Effect> effects) {
    for (NodeSession session : bound) {
      if (denialNanos(session).filter(due -> now >= due).isPresent()) {
        denials.said(session, now);
        effects.add(new Effect.Deny(session));
      }
    }
  }

  /**
   * When the session is to be denied. While another one of the node speaks the controllers are not
   * cut off from it, and the witnesses will let go of this one.
   */
  private Optional<Long> denialNanos(NodeSession session) {
    if (!isWorthVotes(session)
        || heard.filter(last -> !last.session().equals(session)).isPresent()) {
      return Optional.empty();
    }
    return denials.dueNanos(session, heard.map(Heard::atNanos).orElse(started.orElse(0)));
  }

  /** Asks for votes about every session that matters and is silent. */
  private void pursue(long now, List<Effect> effects) {
    for (NodeSession session : suspects(now)) {
      if (!settings.rules().obeys(Rule.R7_PROOF)) {
        SortedSet<Integer> nobody = new TreeSet<>();
        end(new Certificate(session, nextRound(now), nobody), now, effects);
        continue;
      }
      VoteRound round = rounds.get(session);
      if (round == null || round.isOver(settings.rules(), settings.terms(), now)) {
        rounds.put(session, new VoteRound(nextRound(now), now));
        effects.add(new Effect.AskVotes(session, lastRound, renewals(session)));
      } else if (now >= round.askAgainNanos(settings.majority())) {
        round.askedAgain(now);
        effects.add(new Effect.AskVotes(session, round.number(), renewals(session)));
      }
    }
  }

  private Renewals renewals(NodeSession session) {
    return denials.covers(session) ? Renewals.DENIED : Renewals.ALLOWED;
  }

  private SortedSet<NodeSession> suspects(long now) {
    SortedSet<NodeSession> suspects = new TreeSet<>(bound);
    heard.map(Heard::session).ifPresent(suspects::add);
    suspects.removeIf(session -> !isWorthVotes(session) || now < silentAt(session));
    rounds.keySet().retainAll(suspects);
    return suspects;
  }

  /** Whether something hangs on the end of the session. */
  private boolean isWorthVotes(NodeSession session) {
    boolean wasUsed =
        heard.filter(last -> last.session().equals(session)).filter(Heard::wasLeased).isPresent();
    return !revoked.isTold(session) && (bound.contains(session) || wasUsed);
  }

  /**
   * When the session has been silent for too long. Nobody knows how long one was silent before this
   * authority started, perhaps because of the same crash: it is asked about at once.
   */
  private long silentAt(NodeSession session) {
    if (heard.isEmpty()) {
      return started.orElse(0);
    }
    Heard last = heard.get();
    return last.session().equals(session) && !denials.covers(session)
        ? last.atNanos() + settings.terms().suspicion().toNanos()
        : last.atNanos();
  }

  /** Numbers that no former life of this authority has used. */
  private long nextRound(long now) {
    lastRound = Math.max(lastRound + 1, now);
    return lastRound;
  }

  private void tell(long now, List<Effect> effects) {
    NodeStanding next =
        heard
            .map(last -> new NodeStanding(Optional.of(last.session()), kind(last, now)))
            .orElseGet(NodeStanding::unknown);
    if (!next.equals(standing)) {
      standing = next;
      effects.add(new Effect.StandingChanged(next));
    }
  }

  private NodeStanding.Kind kind(Heard last, long now) {
    if (now >= silentAt(last.session())) {
      return last.wasLeased() ? NodeStanding.Kind.SILENT : NodeStanding.Kind.UNLEASED;
    }
    return switch (last.standing()) {
      case UNLEASED -> NodeStanding.Kind.UNLEASED;
      case LEASED ->
          damping.isHolding(now) ? NodeStanding.Kind.HELD_DOWN : NodeStanding.Kind.LEASED;
      case HOLDING -> NodeStanding.Kind.HOLDING;
      case LEAVING -> NodeStanding.Kind.LEAVING;
      case UPLINK_DOWN -> NodeStanding.Kind.UPLINK_DOWN;
    };
  }

  private void wake(Event event, long now, List<Effect> effects) {
    OptionalLong next =
        Stream.of(
                heard.stream().map(last -> silentAt(last.session())),
                bound.stream().filter(this::isWorthVotes).map(this::silentAt),
                bound.stream().map(this::denialNanos).flatMap(Optional::stream),
                rounds.values().stream().map(round -> round.askAgainNanos(settings.majority())),
                Stream.of(damping.heldUntilNanos()))
            .flatMap(times -> times)
            .filter(time -> time > now)
            .mapToLong(time -> time)
            .min();
    if (next.isPresent() && (event instanceof Event.Woken || !next.equals(wake))) {
      effects.add(new Effect.WakeAt(next.getAsLong()));
    }
    wake = next;
  }
}
