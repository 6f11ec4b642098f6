package io.egressgateway.policy.entity;

import io.egressgateway.core.lease.Rules;
import io.egressgateway.core.lease.Standing;
import io.egressgateway.core.model.GatewayName;
import io.egressgateway.core.model.NodeName;
import io.egressgateway.core.model.NodeSession;
import io.egressgateway.policy.domain.AuthorityCore;
import io.egressgateway.policy.domain.Node;
import io.egressgateway.policy.domain.NodeStanding;
import java.time.Duration;
import java.util.Collections;
import java.util.List;
import java.util.Optional;
import java.util.SortedMap;
import java.util.SortedSet;
import java.util.TreeMap;
import java.util.TreeSet;

/** The authority over a node's lease, and who wants to know how the node stands. */
final class NodeLease {
  /** A gateway watches every retry interval; one that has not for these many renewals is gone. */
  private static final int RENEWALS_MAX = 3;

  /** A node that has just started has not been told yet who watches it. */
  private static final int RENEWALS_BEFORE_DISMISSAL = 4;

  private final NodeName node;
  private final EntityEnvironment environment;
  private final SortedMap<GatewayName, Watcher> watchers = new TreeMap<>();
  private AuthorityCore core;
  private SortedSet<NodeSession> bound = Collections.emptySortedSet();
  private SortedSet<NodeSession> holding = Collections.emptySortedSet();
  private SortedSet<NodeSession> movable = Collections.emptySortedSet();
  private SortedSet<NodeSession> denied = Collections.emptySortedSet();
  private int renewals;
  // Nothing is said of a node before it was heard, or could have been.
  private boolean spoken;
  // The last that is known of it is that its session ended: no agent has come since.
  private boolean ended;

  /**
   * A gateway that wants to know how the node stands.
   *
   * @param missed renewals since it last said so
   */
  private record Watcher(int missed, NodeEntity.Relief relief) {}

  NodeLease(NodeName node, EntityEnvironment environment) {
    this.node = node;
    this.environment = environment;
    this.core = core(Collections.emptySortedSet());
  }

  private AuthorityCore core(SortedSet<NodeSession> revoked) {
    return new AuthorityCore(
        new AuthorityCore.Settings(
            Rules.ALL,
            environment.leaseTerms(),
            environment.witnesses().size(),
            environment.leases().controlStaleTimeout()),
        node,
        revoked);
  }

  /** Begins from what the journal has. */
  void recover(Node.State state) {
    TreeSet<NodeSession> revoked = new TreeSet<>();
    state.revoked().forEach(revocation -> revoked.add(revocation.session()));
    core = core(revoked);
    bound = Collections.emptySortedSet();
    holding = Collections.emptySortedSet();
    movable = Collections.emptySortedSet();
    denied = Collections.emptySortedSet();
    spoken = false;
    ended = false;
  }

  private long now() {
    return environment.nanoClock().getAsLong();
  }

  /** How long until the authority wants to be woken. */
  Duration until(AuthorityCore.Effect.WakeAt wake) {
    return Duration.ofNanos(wake.nanos() - now());
  }

  List<AuthorityCore.Effect> beat(NodeSession session, Standing standing) {
    // An agent that was just enlisted has its lease in a moment.
    spoken |= standing != Standing.UNLEASED;
    ended = false;
    return core.on(new AuthorityCore.Event.Beat(session, standing), now());
  }

  List<AuthorityCore.Effect> voted(NodeEntity.Voted vote) {
    return core.on(
        new AuthorityCore.Event.Voted(vote.session(), vote.round(), vote.witness()), now());
  }

  List<AuthorityCore.Effect> held(NodeEntity.VoteHeld held) {
    return core.on(
        new AuthorityCore.Event.Held(
            held.session(), held.round(), held.witness(), held.remaining()),
        now());
  }

  List<AuthorityCore.Effect> woken() {
    return core.on(new AuthorityCore.Event.Woken(), now());
  }

  /**
   * Takes up which sessions may have a gate open.
   *
   * @param holdingOn those of them that may have one open without a lease
   */
  List<AuthorityCore.Effect> bind(
      SortedSet<NodeSession> sessions, SortedSet<NodeSession> holdingOn) {
    if (sessions.equals(bound) && holdingOn.equals(holding)) {
      return List.of();
    }
    bound = sessions;
    holding = holdingOn;
    return core.on(new AuthorityCore.Event.Bound(sessions, holdingOn), now());
  }

  /**
   * Takes up which sessions have something that ends with their lease, and that would go elsewhere
   * as far as the gateways have told.
   */
  List<AuthorityCore.Effect> offload(SortedSet<NodeSession> ending) {
    boolean relieved =
        !watchers.isEmpty()
            && watchers.values().stream()
                .allMatch(watcher -> watcher.relief() == NodeEntity.Relief.READY);
    SortedSet<NodeSession> now = relieved ? ending : Collections.emptySortedSet();
    if (now.equals(movable)) {
      return List.of();
    }
    movable = now;
    return core.on(new AuthorityCore.Event.Movable(movable), now());
  }

  /** Takes up which sessions the journal has as denied. */
  List<AuthorityCore.Effect> deny(SortedSet<NodeSession> sessions) {
    if (sessions.equals(denied)) {
      return List.of();
    }
    denied = sessions;
    return core.on(new AuthorityCore.Event.Denied(denied), now());
  }

  /** Whether the word of an operator that the machine is off would end anything. */
  boolean isFenceable() {
    return !core.fenceable(now()).isEmpty();
  }

  /** Takes an operator's word that the machine is off. */
  List<AuthorityCore.Effect> fence(String by, String reason) {
    return core.on(new AuthorityCore.Event.Fenced(by, reason), now());
  }

  /** It is known how the node stands: something was heard, or could have been. */
  void settle() {
    spoken = true;
  }

  /** It is certified that the node's session has ended. */
  void end() {
    spoken = true;
    ended = true;
  }

  /** An agent is there, which may have a lease in a moment. */
  void attached() {
    ended = false;
  }

  /** How the node stands, unless it is too early to say. */
  Optional<NodeStanding> told() {
    return spoken ? Optional.of(standing()) : Optional.empty();
  }

  /** A session that was never heard here may carry what it holds until its end is certified. */
  private NodeStanding standing() {
    NodeStanding standing = core.standing();
    return standing.session().isPresent()
        ? standing
        : bound.stream()
            .filter(session -> !core.isRevoked(session))
            .map(session -> new NodeStanding(Optional.of(session), NodeStanding.Kind.SILENT))
            .findFirst()
            .orElse(standing);
  }

  /** Whether nothing may be granted to the session: it is not the one that can hold addresses. */
  boolean refuses(NodeSession session) {
    NodeStanding standing = core.standing();
    return switch (standing.kind()) {
      case LEASED, HELD_DOWN, SILENT -> !standing.session().equals(Optional.of(session));
      case HOLDING, LEAVING, UPLINK_DOWN -> true;
      case UNLEASED -> standing.session().isPresent();
    };
  }

  /** The gateway watches; whether the node has to be enlisted for it. */
  boolean watch(GatewayName gateway, NodeEntity.Relief relief) {
    boolean first = watchers.isEmpty();
    watchers.put(gateway, new Watcher(0, relief));
    if (first && !ended && core.standing().session().isEmpty()) {
      spoken = false;
    }
    return first;
  }

  SortedSet<GatewayName> watchers() {
    return Collections.unmodifiableSortedSet(new TreeSet<>(watchers.keySet()));
  }

  boolean isWatched() {
    return !watchers.isEmpty();
  }

  /** One renewal interval has gone by. */
  void renew() {
    renewals++;
    watchers.replaceAll((gateway, watcher) -> new Watcher(watcher.missed() + 1, watcher.relief()));
    watchers.values().removeIf(watcher -> watcher.missed() > RENEWALS_MAX);
  }

  /** Whether nobody needs the node's lease. */
  boolean isIdle() {
    return watchers.isEmpty() && bound.isEmpty() && renewals > RENEWALS_BEFORE_DISMISSAL;
  }

  AgentOffer enlistment() {
    return new AgentOffer.Enlist(
        environment.leaseTerms(),
        environment.witnesses().addresses(),
        environment.witnesses().membership());
  }
}
