package io.egressgateway.policy.entity;

import io.egressgateway.core.event.NodeEvent;
import io.egressgateway.core.event.OwnershipProof;
import io.egressgateway.core.model.EipNumber;
import io.egressgateway.core.model.IpAddress;
import io.egressgateway.core.model.NodeSession;
import io.egressgateway.core.model.WitnessLoss;
import io.egressgateway.policy.domain.Decision;
import io.egressgateway.policy.domain.Node;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Optional;
import java.util.SortedMap;
import java.util.SortedSet;

/**
 * Grants, withdrawals and ends of sessions, from the ledgers of egress IPs to the agent and back.
 * What comes in a burst is one write to the journal; but for grants, nothing is passed on before it
 * is written.
 */
final class NodeMoves {

  /** Whom it talks to. */
  record Hands(NodeErrands errands, AgentSlot slot, NodeTimers timers) {}

  /** Something that may need the journal. */
  sealed interface Request {
    record Granted(NodeEntity.GrantEip grant) implements Request {}

    record Withdrawn(NodeEntity.WithdrawEip withdraw) implements Request {}

    record Released(NodeEntity.EipReleased released) implements Request {}

    /** The session of the proof is over. */
    record Ended(OwnershipProof proof) implements Request {}

    /** The session keeps its lease and was not heard of for too long. */
    record Denied(NodeSession session) implements Request {}
  }

  /**
   * What a request meant.
   *
   * @param before what was granted of its address before it
   * @param bound the addresses that hung on the session that it ends
   */
  record Settled(
      Request request,
      Node.Outcome outcome,
      Optional<Node.Grant> before,
      SortedSet<IpAddress> bound) {}

  /** What was decided together. */
  record Settlement(List<NodeEvent> events, List<Settled> settled) {
    Settlement {
      events = List.copyOf(events);
      settled = List.copyOf(settled);
    }

    boolean isEmpty() {
      return settled.isEmpty();
    }
  }

  private final NodeLease lease;
  private final Hands hands;
  private final NodeGrants grants = new NodeGrants();
  private final List<Request> docket = new ArrayList<>();

  NodeMoves(NodeLease lease, Hands hands) {
    this.lease = lease;
    this.hands = hands;
  }

  /** The node starts anew from its journal. */
  void recover() {
    docket.clear();
    grants.clear();
  }

  /** Notes a request; whether it is the first of those that will be settled together. */
  boolean note(Request request) {
    docket.add(request);
    return docket.size() == 1;
  }

  /** Decides on everything that was noted. */
  Settlement settle(Node.State state, Instant now) {
    List<NodeEvent> events = new ArrayList<>();
    List<Settled> settled = new ArrayList<>();
    Node.State next = state;
    for (Request request : docket) {
      Decision<NodeEvent, Node.Outcome> decision = Node.decide(next, command(next, request), now);
      settled.add(
          new Settled(request, decision.outcome(), before(next, request), bound(next, request)));
      for (NodeEvent event : decision.events()) {
        events.add(event);
        next = Node.evolve(next, event);
      }
    }
    docket.clear();
    return new Settlement(events, settled);
  }

  private Node.Command command(Node.State state, Request request) {
    return switch (request) {
      case Request.Granted(NodeEntity.GrantEip grant) -> {
        Node.Grant wanted =
            new Node.Grant(grant.number(), grant.epoch(), grant.session(), grant.onLoss());
        yield lease.refuses(grant.session())
            ? new Node.Command.RefuseEip(grant.address(), wanted)
            : new Node.Command.GrantEip(grant.address(), wanted);
      }
      case Request.Withdrawn(NodeEntity.WithdrawEip withdraw) ->
          new Node.Command.WithdrawEip(
              withdraw.address(), withdraw.epoch(), withdraw.session(), withdraw.onLoss());
      case Request.Released(NodeEntity.EipReleased released) ->
          new Node.Command.WithdrawEip(
              released.address(), released.epoch(), released.session(), onLoss(state, released));
      case Request.Ended(OwnershipProof proof) -> new Node.Command.Revoke(proof);
      case Request.Denied(NodeSession session) -> new Node.Command.Deny(session);
    };
  }

  private static WitnessLoss onLoss(Node.State state, NodeEntity.EipReleased released) {
    return Optional.ofNullable(state.held().get(released.address()))
        .filter(grant -> grant.session().equals(released.session()))
        .map(Node.Grant::onLoss)
        .orElse(WitnessLoss.CLOSE);
  }

  private static Optional<Node.Grant> before(Node.State state, Request request) {
    Optional<IpAddress> address =
        switch (request) {
          case Request.Granted granted -> Optional.of(granted.grant().address());
          case Request.Withdrawn withdrawn -> Optional.of(withdrawn.withdraw().address());
          case Request.Released released -> Optional.of(released.released().address());
          case Request.Ended ignored -> Optional.empty();
          case Request.Denied ignored -> Optional.empty();
        };
    return address.flatMap(of -> Optional.ofNullable(state.held().get(of)));
  }

  private SortedSet<IpAddress> bound(Node.State state, Request request) {
    return request instanceof Request.Ended(OwnershipProof proof)
        ? proof
            .session()
            .map(session -> grants.boundTo(state, session, proof))
            .orElseGet(Collections::emptySortedSet)
        : Collections.emptySortedSet();
  }

  /**
   * Passes the grants on, before they are journalled here: each is committed in its egress IP's
   * ledger, and the agent judges it by itself (R9). This journal is for who has to be proved to
   * have stopped, and that an agent opened a gate counts only once the grant is in it.
   */
  void passOn(Node.State state, Settlement settlement) {
    for (Settled settled : settlement.settled()) {
      if (settled.request() instanceof Request.Granted(NodeEntity.GrantEip grant)
          && settled.outcome() == Node.Outcome.CURRENT
          && !state.isDenied(grant.session())
          && !grants.isOpen(grant.address(), grant.session(), grant.epoch())) {
        hands
            .slot()
            .say(
                new AgentOffer.Grant(
                    grant.address(), grant.epoch(), grant.session(), grant.onLoss()));
      }
    }
  }

  /** Acts on what is journalled by now. */
  void follow(Node.State state, Settlement settlement) {
    settlement.settled().forEach(settled -> follow(state, settled));
  }

  private void follow(Node.State state, Settled settled) {
    switch (settled.request()) {
      case Request.Granted(NodeEntity.GrantEip grant) ->
          followGrant(state, grant, settled.outcome());
      case Request.Withdrawn(NodeEntity.WithdrawEip withdraw) ->
          followWithdrawal(state, withdraw, settled);
      case Request.Released(NodeEntity.EipReleased released) ->
          grants.released(released.address(), released.session());
      case Request.Ended(OwnershipProof proof) -> followEnd(proof, settled);
      // The authority over the lease is told what the journal has.
      case Request.Denied ignored -> {}
    }
  }

  /** Tells whatever hangs on the session that it is over; told again once that is journalled. */
  void end(Node.State state, OwnershipProof proof) {
    proof
        .session()
        .ifPresent(
            session ->
                grants
                    .boundTo(state, session, proof)
                    .forEach(address -> hands.errands().sessionOver(address, proof)));
  }

  private void followEnd(OwnershipProof proof, Settled settled) {
    proof
        .session()
        .ifPresent(
            session ->
                settled
                    .bound()
                    .forEach(
                        address -> {
                          grants.released(address, session);
                          hands.errands().sessionOver(address, proof);
                        }));
  }

  private void followGrant(Node.State state, NodeEntity.GrantEip grant, Node.Outcome outcome) {
    switch (outcome) {
      case CURRENT -> {
        if (grants.isOpen(grant.address(), grant.session(), grant.epoch())) {
          hands.errands().opened(grant.address(), grant.session(), grant.epoch());
        } else {
          hands.timers().insistLater();
        }
      }
      case STALE -> {}
      case WITHDRAWN ->
          release(
              grant.address(),
              new NodeGrants.Releasing(grant.epoch(), grant.session(), grant.onLoss()),
              Optional.of(
                  new Node.Grant(grant.number(), grant.epoch(), grant.session(), grant.onLoss())));
      case SESSION_OVER ->
          state
              .end(grant.session(), grant.onLoss())
              .ifPresent(proof -> hands.errands().sessionOver(grant.address(), proof));
    }
  }

  private void followWithdrawal(
      Node.State state, NodeEntity.WithdrawEip withdraw, Settled settled) {
    switch (settled.outcome()) {
      case CURRENT, STALE -> {}
      case WITHDRAWN ->
          release(
              withdraw.address(),
              new NodeGrants.Releasing(withdraw.epoch(), withdraw.session(), withdraw.onLoss()),
              settled.before());
      case SESSION_OVER ->
          state
              .end(withdraw.session(), withdraw.onLoss())
              .ifPresent(proof -> hands.errands().sessionOver(withdraw.address(), proof));
    }
  }

  private void release(
      IpAddress address, NodeGrants.Releasing release, Optional<Node.Grant> taken) {
    grants.release(address, release, taken);
    hands.slot().say(new AgentOffer.Release(address, release.epoch(), release.session()));
    hands.timers().insistLater();
  }

  /** The agent has a gate open. */
  void opened(Node.State state, NodeEntity.EipOpened opened) {
    boolean current =
        Optional.ofNullable(state.held().get(opened.address()))
            .filter(grant -> grant.epoch().equals(opened.epoch()))
            .filter(grant -> grant.session().equals(opened.session()))
            .isPresent();
    if (current) {
      grants.opened(opened.address(), opened.session(), opened.epoch());
      hands.errands().opened(opened.address(), opened.session(), opened.epoch());
    } else if (isOver(state, opened)) {
      hands.slot().say(new AgentOffer.Release(opened.address(), opened.epoch(), opened.session()));
    }
  }

  /** Whether the grant was journalled here and is over: who still holds it has to hear of it. */
  private static boolean isOver(Node.State state, NodeEntity.EipOpened opened) {
    int told = state.grants().told(opened.address()).epoch().compareTo(opened.epoch());
    return told > 0 || (told == 0 && !state.held().containsKey(opened.address()));
  }

  /**
   * Another life of the agent speaks, or the same again. It begins with which gates are open; that
   * it has closed one unasked it may have said to nobody.
   */
  void attached(Node.State state) {
    grants.doubtHeldOn(state);
    insist(state);
    grants.doubt();
    insistIfNeeded(state);
  }

  /** Says again what the agent has not confirmed. */
  void insist(Node.State state) {
    grants
        .unopened(state)
        .forEach(
            (address, grant) -> {
              if (!state.isDenied(grant.session())) {
                hands
                    .slot()
                    .say(
                        new AgentOffer.Grant(
                            address, grant.epoch(), grant.session(), grant.onLoss()));
              }
            });
    grants
        .releasing()
        .forEach(
            (address, release) ->
                hands
                    .slot()
                    .say(new AgentOffer.Release(address, release.epoch(), release.session())));
    insistIfNeeded(state);
  }

  /** Sees to it that what the agent has not confirmed is said again. */
  void insistIfNeeded(Node.State state) {
    if (hands.slot().isAttached() && grants.awaitsAgent(state)) {
      hands.timers().insistLater();
    }
  }

  /** The agent's kernel should have the address; whether the plan changes by it. */
  boolean prepare(NodeEntity.PrepareEip prepare, long nowNanos) {
    boolean changes = grants.prepare(prepare.address(), prepare.number(), nowNanos);
    if (!changes) {
      // Nobody looks at the plan because of it.
      tellReady();
    }
    return changes;
  }

  /** Tells of what the agent's kernel has by now. */
  void tellReady() {
    grants.ready(hands.slot().appliedPlan()).forEach(hands.errands()::prepared);
  }

  /** Forgets what was made ready in vain; whether the plan changes by it. */
  boolean sweep(long nowNanos) {
    return grants.sweep(nowNanos);
  }

  /** What the agent's kernel should have, whether or not a gate is open for it. */
  SortedMap<EipNumber, IpAddress> inPlan(Node.State state) {
    return grants.inPlan(state);
  }

  /** The sessions that may have a gate open without a lease. */
  SortedSet<NodeSession> holding(Node.State state) {
    return grants.holding(state);
  }

  /** The sessions that may have a gate open that ends with their lease. */
  SortedSet<NodeSession> ending(Node.State state) {
    return grants.ending(state);
  }

  /** The sessions that may have a gate open. */
  SortedSet<NodeSession> bound(Node.State state) {
    return grants.bound(state);
  }
}
