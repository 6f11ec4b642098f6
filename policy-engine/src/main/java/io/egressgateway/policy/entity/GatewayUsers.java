package io.egressgateway.policy.entity;

import io.egressgateway.core.model.FailMode;
import io.egressgateway.core.model.GatewayName;
import io.egressgateway.core.model.IpAddress;
import io.egressgateway.core.model.PolicyKey;
import io.egressgateway.policy.domain.Gateway;
import java.util.Optional;
import java.util.SortedSet;
import java.util.TreeMap;
import java.util.TreeSet;

/** The policies of a gateway: what each claims, which were refused, and what they are told. */
final class GatewayUsers {
  /** Policies ask again, so that whoever does not fit is answered a little later. */
  private static final int PARKED_MAX = 10_000;

  private final GatewayName name;
  private final EntityDirectory entities;
  private final GatewayLedgers ledgers;
  private final TreeMap<PolicyKey, GatewayEntity.Allocate> claims = new TreeMap<>();
  // Refused, to be asked again when the gateway changes.
  private final TreeMap<PolicyKey, GatewayEntity.Allocate> parked = new TreeMap<>();

  GatewayUsers(GatewayName name, EntityDirectory entities, GatewayLedgers ledgers) {
    this.name = name;
    this.entities = entities;
    this.ledgers = ledgers;
  }

  /** The policy asks for this. */
  void claim(GatewayEntity.Allocate allocate) {
    claims.put(allocate.policy(), allocate);
  }

  /** What the policy asked for last. */
  Optional<GatewayEntity.Allocate> claim(PolicyKey policy) {
    return Optional.ofNullable(claims.get(policy));
  }

  /** The policy wants nothing any more. */
  void forget(PolicyKey policy) {
    claims.remove(policy);
    parked.remove(policy);
  }

  /** Tells the policy that it has given its addresses back. */
  void freed(PolicyKey policy) {
    entities.policy(policy).tell(new PolicyEntity.Freed(name));
  }

  /** Tells the policy what became of its wish. */
  void answer(
      GatewayEntity.Allocate allocate,
      Gateway.Outcome outcome,
      Gateway.State state,
      Gateway.Observed observed) {
    switch (outcome) {
      case Gateway.Outcome.Given ignored -> tell(allocate.policy(), state, observed);
      case Gateway.Outcome.Refused refused -> refuse(allocate, refused);
      case Gateway.Outcome.Current ignored -> {}
      case Gateway.Outcome.Declined ignored -> {}
    }
  }

  /** Tells the policy that it gets nothing for now. */
  private void refuse(GatewayEntity.Allocate allocate, Gateway.Outcome.Refused refused) {
    if (parked.size() < PARKED_MAX) {
      parked.put(allocate.policy(), allocate);
    }
    entities
        .policy(allocate.policy())
        .tell(
            new PolicyEntity.Refused(name, allocate.claim(), refused.reason(), refused.message()));
  }

  /** What the policy asked for when it was refused; it is asked once. */
  Optional<GatewayEntity.Allocate> unpark(PolicyKey policy) {
    return Optional.ofNullable(parked.remove(policy));
  }

  SortedSet<PolicyKey> parked() {
    return new TreeSet<>(parked.keySet());
  }

  /** Tells the policies that share the address who holds it. */
  void tellOf(IpAddress address, Gateway.State state, Gateway.Observed observed) {
    state.given().users(address).forEach(policy -> tell(policy, state, observed));
  }

  /** Tells the policy which addresses it has, and who holds them. */
  void tell(PolicyKey policy, Gateway.State state, Gateway.Observed observed) {
    GatewayEntity.Allocate claim = claims.get(policy);
    SortedSet<IpAddress> addresses = state.allocations().get(policy);
    if (claim != null && addresses != null) {
      entities
          .policy(policy)
          .tell(
              new PolicyEntity.Allocated(
                  name,
                  claim.claim(),
                  GatewayReports.holdings(state, ledgers.holdings(), addresses),
                  failMode(observed)));
    }
  }

  private static FailMode failMode(Gateway.Observed observed) {
    return observed instanceof Gateway.Observed.Present seen
        ? seen.spec().failMode()
        : FailMode.CLOSED;
  }
}
