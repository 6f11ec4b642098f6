package io.egressgateway.policy.domain;

import io.egressgateway.core.event.EipEvent;
import io.egressgateway.core.event.EipEvent.EipAssigned;
import io.egressgateway.core.event.EipEvent.EipMoveDecided;
import io.egressgateway.core.event.EipEvent.EipMoved;
import io.egressgateway.core.event.EipEvent.EipNumbered;
import io.egressgateway.core.event.EipEvent.EipReleaseRequested;
import io.egressgateway.core.event.EipEvent.EipReleased;
import io.egressgateway.core.event.OwnershipProof;
import io.egressgateway.core.model.EipNumber;
import io.egressgateway.core.model.Epoch;
import io.egressgateway.core.model.GatewayName;
import io.egressgateway.core.model.NodeSession;
import io.egressgateway.core.model.WitnessLoss;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * The ownership ledger of one egress IP. An address is given to a session only with a proof that no
 * other session can hold it; a move therefore waits for the former holder, or for the end of its
 * session. Who holds the address after a planned move is journalled before the holder is asked to
 * stop, and does not change any more: with the proof, that is the assignment (R8).
 */
public final class Eip {
  private Eip() {}

  /** Where an egress IP stands. */
  public sealed interface State {
    /** It has no number in the tunnel header yet, and never had a holder. */
    record Unnumbered() implements State {}

    /**
     * Nobody holds it.
     *
     * @param last epoch of the last assignment, zero if there was none
     * @param proof why it is certain that nobody holds it
     */
    record Unowned(EipNumber number, Epoch last, OwnershipProof proof) implements State {}

    /** The session may hold it. */
    record Owned(EipNumber number, Ownership ownership) implements State {}

    /** The session was asked to stop; it may still hold it. */
    record Releasing(EipNumber number, Ownership ownership) implements State {}

    /**
     * The session was asked to stop; it may still hold it. Whatever proves that it does not any
     * more makes the next one the owner.
     *
     * @param next in the epoch after the owner's
     */
    record Moving(EipNumber number, Ownership ownership, Ownership next) implements State {}
  }

  /**
   * Which session was given the address, when in the order of its holders, for which gateway.
   *
   * @param onLoss what the session does with it when it loses the witnesses
   */
  public record Ownership(
      Epoch epoch, NodeSession session, GatewayName gateway, WitnessLoss onLoss) {

    /** An address that ends with the session's lease. */
    public Ownership(Epoch epoch, NodeSession session, GatewayName gateway) {
      this(epoch, session, gateway, WitnessLoss.CLOSE);
    }

    /** Whether a node whose session is this one now has the address already. */
    boolean servesIn(NodeSession present) {
      return onLoss.serves(session, present);
    }
  }

  /** What the gateway wants of the address. It is not journalled: the gateway repeats it. */
  public sealed interface Intent {
    /** No gateway has spoken since the start: everything stays as it is. */
    record Unknown() implements Intent {}

    /** Nobody shall hold the address. */
    record Nowhere() implements Intent {}

    /** The session shall hold it. */
    record At(GatewayName gateway, NodeSession session, WitnessLoss onLoss) implements Intent {

      /** Until its lease ends. */
      public At(GatewayName gateway, NodeSession session) {
        this(gateway, session, WitnessLoss.CLOSE);
      }
    }
  }

  /** What can be asked. */
  public sealed interface Command {
    /** Do what the intent needs, as far as no traffic stops for it: see {@link #target}. */
    record Steer() implements Command {}

    /** The target is ready for the address, or was waited for long enough: do what is needed. */
    record Move() implements Command {}

    /** The address has this number. */
    record Numbered(EipNumber number) implements Command {}

    /** The address is not held in this epoch, and will not be again. */
    record Stopped(Epoch epoch, OwnershipProof proof) implements Command {}

    /** The session of the proof is over: it holds no address any more. */
    record SessionOver(OwnershipProof proof) implements Command {}
  }

  /** What the command meant. */
  public enum Outcome {
    CURRENT,
    /** It is about an assignment that is over, or proves nothing. */
    STALE
  }

  public static Optional<EipNumber> number(State state) {
    return switch (state) {
      case State.Unnumbered ignored -> Optional.empty();
      case State.Unowned unowned -> Optional.of(unowned.number());
      case State.Owned owned -> Optional.of(owned.number());
      case State.Releasing releasing -> Optional.of(releasing.number());
      case State.Moving moving -> Optional.of(moving.number());
    };
  }

  /** Who may hold the address. */
  public static Optional<Ownership> ownership(State state) {
    return switch (state) {
      case State.Unnumbered ignored -> Optional.empty();
      case State.Unowned ignored -> Optional.empty();
      case State.Owned owned -> Optional.of(owned.ownership());
      case State.Releasing releasing -> Optional.of(releasing.ownership());
      case State.Moving moving -> Optional.of(moving.ownership());
    };
  }

  /** The epoch of the last assignment, zero if there was none. */
  public static Epoch epoch(State state) {
    return state instanceof State.Unowned unowned
        ? unowned.last()
        : ownership(state).map(Ownership::epoch).orElse(Epoch.ZERO);
  }

  /** The gateway, other than this one, that the address belongs to for now. */
  public static Optional<GatewayName> occupant(State state, GatewayName gateway) {
    return ownership(state).map(Ownership::gateway).filter(owner -> !owner.equals(gateway));
  }

  /** The session that is to be ready for the address before its holder is asked to stop. */
  public static Optional<NodeSession> target(State state, Intent intent) {
    return state instanceof State.Owned owned
            && intent instanceof Intent.At at
            && !stays(owned.ownership(), intent)
        ? Optional.of(at.session())
        : Optional.empty();
  }

  /** Decides; see {@link Decision}. */
  public static Decision<EipEvent, Outcome> decide(
      State state, Intent intent, Command command, Instant now) {
    return switch (command) {
      case Command.Steer ignored -> new Decision<>(steer(state, intent, now), Outcome.CURRENT);
      case Command.Move ignored -> new Decision<>(move(state, intent, now), Outcome.CURRENT);
      case Command.Numbered(EipNumber number) ->
          state instanceof State.Unnumbered
              ? andSteer(state, intent, new EipNumbered(number, now))
              : Decision.nothing(Outcome.STALE);
      case Command.Stopped stopped ->
          ownership(state)
              .filter(owner -> owner.epoch().equals(stopped.epoch()))
              .filter(owner -> !stopped.proof().endsSession())
              .filter(owner -> isAbout(stopped.proof(), owner))
              .map(owner -> released(state, intent, stopped.proof(), now))
              .orElseGet(() -> Decision.nothing(Outcome.STALE));
      case Command.SessionOver over ->
          ownership(state)
              .filter(owner -> over.proof().endsSession())
              .filter(owner -> over.proof().frees(owner.onLoss()))
              .filter(owner -> isAbout(over.proof(), owner))
              .map(owner -> released(state, intent, over.proof(), now))
              .orElseGet(() -> Decision.nothing(Outcome.STALE));
    };
  }

  /** R7: a proof is good for the very session that owns the address, and for no other. */
  private static boolean isAbout(OwnershipProof proof, Ownership owner) {
    return proof.session().filter(owner.session()::equals).isPresent();
  }

  private static Decision<EipEvent, Outcome> released(
      State state, Intent intent, OwnershipProof proof, Instant now) {
    EipEvent stopped =
        state instanceof State.Moving moving
            ? new EipMoved(moving.next().epoch(), proof, now)
            : new EipReleased(epoch(state), proof, now);
    return andSteer(state, intent, stopped);
  }

  /**
   * Whom an address in this state belongs to by the decision, before it is journalled: the owner
   * was named in the journal, and what has come is the proof. Empty if the journal has to say it.
   */
  public static Optional<State.Owned> entrusted(State state, List<EipEvent> decided) {
    return state instanceof State.Moving moving
            && !decided.isEmpty()
            && decided.getFirst() instanceof EipMoved moved
        ? Optional.of(moved(moving, moved))
        : Optional.empty();
  }

  /** The assignments among events that follow on a state; a move that is completed is one. */
  public static List<EipAssigned> assignments(State before, List<EipEvent> events) {
    List<EipAssigned> assignments = new ArrayList<>();
    State state = before;
    for (EipEvent event : events) {
      if (event instanceof EipAssigned assigned) {
        assignments.add(assigned);
      } else if (event instanceof EipMoved moved && state instanceof State.Moving moving) {
        Ownership next = moving.next();
        assignments.add(
            new EipAssigned(
                moved.epoch(),
                next.session(),
                next.gateway(),
                moved.proof(),
                next.onLoss(),
                moved.at()));
      }
      state = evolve(state, event);
    }
    return assignments;
  }

  private static Decision<EipEvent, Outcome> andSteer(State state, Intent intent, EipEvent first) {
    List<EipEvent> events = new ArrayList<>();
    events.add(first);
    events.addAll(steer(evolve(state, first), intent, first.at()));
    return new Decision<>(events, Outcome.CURRENT);
  }

  private static List<EipEvent> steer(State state, Intent intent, Instant now) {
    return target(state, intent).isPresent() ? List.of() : move(state, intent, now);
  }

  private static List<EipEvent> move(State state, Intent intent, Instant now) {
    return switch (state) {
      case State.Unnumbered ignored -> List.of();
      case State.Releasing ignored -> List.of();
      case State.Moving ignored -> List.of();
      case State.Unowned unowned ->
          intent instanceof Intent.At at && !isOver(at.session(), unowned.proof())
              ? List.of(
                  new EipAssigned(
                      unowned.last().next(),
                      at.session(),
                      at.gateway(),
                      unowned.proof(),
                      at.onLoss(),
                      now))
              : List.of();
      case State.Owned owned ->
          stays(owned.ownership(), intent)
              ? List.of()
              : List.of(leave(owned.ownership().epoch(), intent, now));
    };
  }

  private static EipEvent leave(Epoch epoch, Intent intent, Instant now) {
    return intent instanceof Intent.At(var gateway, var successor, var onLoss)
        ? new EipMoveDecided(epoch, successor, gateway, onLoss, now)
        : new EipReleaseRequested(epoch, now);
  }

  /**
   * R10: an intent that was formed before the session ended must not bring it back, nor an earlier
   * one of the same boot.
   */
  private static boolean isOver(NodeSession session, OwnershipProof proof) {
    return proof.endsSession() && proof.session().filter(over -> over.covers(session)).isPresent();
  }

  private static boolean stays(Ownership ownership, Intent intent) {
    return switch (intent) {
      case Intent.Unknown ignored -> true;
      case Intent.Nowhere ignored -> false;
      case Intent.At at ->
          ownership.servesIn(at.session())
              && at.gateway().equals(ownership.gateway())
              && at.onLoss() == ownership.onLoss();
    };
  }

  /**
   * The state after a fact.
   *
   * @throws IllegalStateException when the fact cannot follow on the state: the journal is damaged
   */
  public static State evolve(State state, EipEvent event) {
    return switch (event) {
      case EipNumbered numbered when state instanceof State.Unnumbered ->
          new State.Unowned(numbered.number(), Epoch.ZERO, new OwnershipProof.NeverHeld());
      case EipAssigned assigned when state instanceof State.Unowned unowned ->
          assign(unowned, assigned);
      case EipReleaseRequested requested when state instanceof State.Owned owned ->
          new State.Releasing(owned.number(), checked(owned.ownership(), requested.epoch(), event));
      case EipMoveDecided decided when state instanceof State.Owned owned ->
          decided(owned, decided);
      case EipMoved moved when state instanceof State.Moving moving -> moved(moving, moved);
      case EipReleased released when state instanceof State.Owned owned ->
          release(owned.number(), owned.ownership(), released);
      case EipReleased released when state instanceof State.Releasing releasing ->
          release(releasing.number(), releasing.ownership(), released);
      case EipNumbered ignored -> throw misfit(state, event);
      case EipAssigned ignored -> throw misfit(state, event);
      case EipReleaseRequested ignored -> throw misfit(state, event);
      case EipMoveDecided ignored -> throw misfit(state, event);
      case EipMoved ignored -> throw misfit(state, event);
      case EipReleased ignored -> throw misfit(state, event);
    };
  }

  private static State assign(State.Unowned unowned, EipAssigned assigned) {
    if (!assigned.epoch().equals(unowned.last().next())
        || !assigned.proof().equals(unowned.proof())) {
      throw misfit(unowned, assigned);
    }
    return new State.Owned(
        unowned.number(),
        new Ownership(assigned.epoch(), assigned.session(), assigned.gateway(), assigned.onLoss()));
  }

  private static State.Moving decided(State.Owned owned, EipMoveDecided decided) {
    Ownership owner = checked(owned.ownership(), decided.epoch(), decided);
    return new State.Moving(
        owned.number(),
        owner,
        new Ownership(
            owner.epoch().next(), decided.successor(), decided.gateway(), decided.onLoss()));
  }

  private static State.Owned moved(State.Moving moving, EipMoved moved) {
    Ownership former = moving.ownership();
    if (!isAbout(moved.proof(), former) || !moved.proof().frees(former.onLoss())) {
      throw misfit(moving, moved);
    }
    return new State.Owned(moving.number(), checked(moving.next(), moved.epoch(), moved));
  }

  private static State release(EipNumber number, Ownership ownership, EipReleased released) {
    if (!isAbout(released.proof(), ownership) || !released.proof().frees(ownership.onLoss())) {
      throw new IllegalStateException(released + " cannot follow on " + ownership);
    }
    return new State.Unowned(
        number, checked(ownership, released.epoch(), released).epoch(), released.proof());
  }

  private static Ownership checked(Ownership ownership, Epoch epoch, EipEvent event) {
    if (!ownership.epoch().equals(epoch)) {
      throw new IllegalStateException(event + " cannot follow on " + ownership);
    }
    return ownership;
  }

  private static IllegalStateException misfit(State state, EipEvent event) {
    return new IllegalStateException(event + " cannot follow on " + state);
  }
}
