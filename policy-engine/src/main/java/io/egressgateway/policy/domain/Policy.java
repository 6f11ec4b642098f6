package io.egressgateway.policy.domain;

import io.egressgateway.core.event.PolicyEvent;
import io.egressgateway.core.event.PolicyEvent.EgressIpBound;
import io.egressgateway.core.event.PolicyEvent.EgressIpUnbound;
import io.egressgateway.core.event.PolicyEvent.PolicyAccepted;
import io.egressgateway.core.event.PolicyEvent.PolicyWithdrawn;
import io.egressgateway.core.model.EgressIpRequest;
import io.egressgateway.core.model.GatewayName;
import io.egressgateway.core.model.IpAddress;
import java.time.Instant;
import java.util.Collections;
import java.util.List;
import java.util.Optional;
import java.util.SortedSet;
import java.util.TreeSet;

/**
 * A policy and its claim on a gateway. Whatever was once claimed is given back before anything else
 * is claimed, so that a policy never uses up addresses of two gateways or of two requests.
 */
public final class Policy {
  private Policy() {}

  /**
   * A claim: which spec asks which gateway for what.
   *
   * @param version the spec that first asked this; later generations may ask the same
   */
  public record Claim(SpecVersion version, GatewayName gateway, EgressIpRequest request) {
    /** Whether both ask the same for the same object. */
    boolean sameAs(Claim other) {
      return version.uid().equals(other.version.uid())
          && gateway.equals(other.gateway)
          && request.equals(other.request);
    }

    /** Whether the other is an older spec of the same object. */
    boolean newerThan(Claim other) {
      return version.uid().equals(other.version.uid())
          && version.generation().compareTo(other.version.generation()) > 0;
    }
  }

  /** Where a policy stands. */
  public sealed interface State {
    /** There is no such policy, and no gateway holds anything for it. */
    record Absent() implements State {}

    /** The claim is made; the gateway may or may not have granted it already. */
    record Seeking(Claim claim) implements State {}

    /** The gateway has given these addresses. */
    record Bound(Claim claim, SortedSet<IpAddress> addresses) implements State {
      public Bound {
        addresses = Collections.unmodifiableSortedSet(new TreeSet<>(addresses));
      }
    }

    /** The former claim is being given back; after that the next is made, if there is one. */
    record Leaving(GatewayName former, Optional<Claim> next) implements State {}
  }

  /** What can be asked. */
  public sealed interface Command {
    /** The object exists and makes this claim. */
    record Apply(Claim claim) implements Command {}

    /** The object does not exist. */
    record Withdraw() implements Command {}

    /** The gateway has given these addresses for the claim of this version. */
    record Allocated(GatewayName gateway, SpecVersion version, SortedSet<IpAddress> addresses)
        implements Command {
      public Allocated {
        addresses = Collections.unmodifiableSortedSet(new TreeSet<>(addresses));
      }
    }

    /** The gateway gives nothing for the claim of this version. */
    record Refused(GatewayName gateway, SpecVersion version) implements Command {}

    /** The gateway holds nothing for this policy. */
    record Freed(GatewayName gateway) implements Command {}
  }

  /** What the command meant. */
  public enum Outcome {
    /** It was taken up, or had been before. */
    CURRENT,
    /** It is about something that is no more: an older spec, an older claim. */
    STALE,
    /** A gateway holds something that nobody claims; it must be told to free it. */
    STRAY
  }

  /** What must be repeated until the gateway has answered. */
  public sealed interface Pursuit {
    /** Nothing is open. */
    record Nothing() implements Pursuit {}

    /** Ask the gateway for what the claim says. */
    record Ask(Claim claim) implements Pursuit {}

    /** Tell the gateway that nothing is needed any more. */
    record GiveBack(GatewayName gateway) implements Pursuit {}
  }

  /** What a policy in this state has to repeat. */
  public static Pursuit pursuit(State state) {
    return switch (state) {
      case State.Absent ignored -> new Pursuit.Nothing();
      case State.Seeking(Claim claim) -> new Pursuit.Ask(claim);
      case State.Bound ignored -> new Pursuit.Nothing();
      case State.Leaving leaving -> new Pursuit.GiveBack(leaving.former());
    };
  }

  /** The claim that holds or will be made next. */
  public static Optional<Claim> claim(State state) {
    return switch (state) {
      case State.Absent ignored -> Optional.empty();
      case State.Seeking(Claim claim) -> Optional.of(claim);
      case State.Bound bound -> Optional.of(bound.claim());
      case State.Leaving leaving -> leaving.next();
    };
  }

  /** Decides; see {@link Decision}. */
  public static Decision<PolicyEvent, Outcome> decide(State state, Command command, Instant now) {
    return switch (command) {
      case Command.Apply(Claim claim) -> apply(state, claim, now);
      case Command.Withdraw ignored -> withdraw(state, now);
      case Command.Allocated allocated -> allocated(state, allocated, now);
      case Command.Refused refused -> refused(state, refused, now);
      case Command.Freed(GatewayName gateway) -> freed(state, gateway, now);
    };
  }

  private static Decision<PolicyEvent, Outcome> apply(State state, Claim claim, Instant now) {
    Optional<Claim> present = claim(state);
    if (present.filter(other -> other.newerThan(claim)).isPresent()) {
      return Decision.nothing(Outcome.STALE);
    }
    if (present.filter(claim::sameAs).isPresent()) {
      return Decision.nothing(Outcome.CURRENT);
    }
    return decided(
        new PolicyAccepted(
            claim.version().uid(),
            claim.version().generation(),
            claim.gateway(),
            claim.request(),
            now));
  }

  private static Decision<PolicyEvent, Outcome> withdraw(State state, Instant now) {
    return claim(state).isPresent()
        ? decided(new PolicyWithdrawn(now))
        : Decision.nothing(Outcome.CURRENT);
  }

  private static Decision<PolicyEvent, Outcome> allocated(
      State state, Command.Allocated allocated, Instant now) {
    return switch (state) {
      case State.Absent ignored -> Decision.nothing(Outcome.STRAY);
      case State.Leaving leaving ->
          Decision.nothing(
              leaving.former().equals(allocated.gateway()) ? Outcome.STALE : Outcome.STRAY);
      case State.Seeking(Claim claim) ->
          answers(claim, allocated.gateway(), allocated.version())
              ? decided(new EgressIpBound(allocated.addresses(), now))
              : Decision.nothing(strayUnless(claim, allocated.gateway()));
      case State.Bound bound
          when !answers(bound.claim(), allocated.gateway(), allocated.version()) ->
          Decision.nothing(strayUnless(bound.claim(), allocated.gateway()));
      case State.Bound bound ->
          bound.addresses().equals(allocated.addresses())
              ? Decision.nothing(Outcome.CURRENT)
              : decided(new EgressIpBound(allocated.addresses(), now));
    };
  }

  private static Outcome strayUnless(Claim claim, GatewayName gateway) {
    return claim.gateway().equals(gateway) ? Outcome.STALE : Outcome.STRAY;
  }

  private static Decision<PolicyEvent, Outcome> refused(
      State state, Command.Refused refused, Instant now) {
    Optional<Claim> open =
        switch (state) {
          case State.Absent ignored -> Optional.empty();
          case State.Leaving ignored -> Optional.empty();
          case State.Seeking(Claim claim) -> Optional.of(claim);
          case State.Bound bound -> Optional.of(bound.claim());
        };
    if (open.filter(claim -> answers(claim, refused.gateway(), refused.version())).isEmpty()) {
      return Decision.nothing(Outcome.STALE);
    }
    return state instanceof State.Bound
        ? decided(new EgressIpUnbound(now))
        : Decision.nothing(Outcome.CURRENT);
  }

  private static Decision<PolicyEvent, Outcome> freed(
      State state, GatewayName gateway, Instant now) {
    return state instanceof State.Leaving leaving && leaving.former().equals(gateway)
        ? decided(new EgressIpUnbound(now))
        : Decision.nothing(Outcome.STALE);
  }

  private static boolean answers(Claim claim, GatewayName gateway, SpecVersion version) {
    return claim.gateway().equals(gateway) && claim.version().equals(version);
  }

  private static Decision<PolicyEvent, Outcome> decided(PolicyEvent event) {
    return new Decision<>(List.of(event), Outcome.CURRENT);
  }

  /**
   * The state after a fact.
   *
   * @throws IllegalStateException when the fact cannot follow on the state: the journal is damaged
   */
  public static State evolve(State state, PolicyEvent event) {
    return switch (event) {
      case PolicyAccepted accepted -> accept(state, claimOf(accepted));
      case EgressIpBound bound -> bind(state, bound);
      case EgressIpUnbound unbound -> unbind(state, unbound);
      case PolicyWithdrawn withdrawn ->
          former(state)
              .<State>map(gateway -> new State.Leaving(gateway, Optional.empty()))
              .orElseThrow(() -> misfit(state, withdrawn));
    };
  }

  private static Claim claimOf(PolicyAccepted accepted) {
    return new Claim(
        new SpecVersion(accepted.uid(), accepted.generation()),
        accepted.gateway(),
        accepted.request());
  }

  private static State accept(State state, Claim claim) {
    return former(state)
        .<State>map(gateway -> new State.Leaving(gateway, Optional.of(claim)))
        .orElseGet(() -> new State.Seeking(claim));
  }

  private static Optional<GatewayName> former(State state) {
    return switch (state) {
      case State.Absent ignored -> Optional.empty();
      case State.Seeking(Claim claim) -> Optional.of(claim.gateway());
      case State.Bound bound -> Optional.of(bound.claim().gateway());
      case State.Leaving leaving -> Optional.of(leaving.former());
    };
  }

  private static State bind(State state, EgressIpBound event) {
    return switch (state) {
      case State.Seeking(Claim claim) -> new State.Bound(claim, event.addresses());
      case State.Bound bound -> new State.Bound(bound.claim(), event.addresses());
      case State.Absent ignored -> throw misfit(state, event);
      case State.Leaving ignored -> throw misfit(state, event);
    };
  }

  private static State unbind(State state, EgressIpUnbound event) {
    return switch (state) {
      case State.Bound bound -> new State.Seeking(bound.claim());
      case State.Leaving leaving ->
          leaving.next().<State>map(State.Seeking::new).orElseGet(State.Absent::new);
      case State.Absent ignored -> throw misfit(state, event);
      case State.Seeking ignored -> throw misfit(state, event);
    };
  }

  private static IllegalStateException misfit(State state, PolicyEvent event) {
    return new IllegalStateException(event + " cannot follow on " + state);
  }
}
