package io.egressgateway.load.sim;

import io.egressgateway.core.lease.LeaseProfile;
import io.egressgateway.core.lease.LeaseTerms;
import io.egressgateway.core.lease.Rules;
import java.time.Duration;

/**
 * What kind of run it is.
 *
 * @param eips egress IPs there are
 * @param held how many of them, the last, nodes hold without a lease
 * @param staleness whether nodes that are not heard of are dismissed
 * @param troubles what goes wrong; nothing at all when there are none
 */
record Scenario(
    Rules rules,
    LeaseTerms terms,
    Physics physics,
    Weather weather,
    Troubles troubles,
    int eips,
    int held,
    Staleness staleness) {

  private static final int EIPS = 4;
  private static final int HELD = 1;
  private static final Staleness SOMETIMES = new Staleness(Duration.ofMillis(1_500), 3);

  /** The product as it is, with everything against it. */
  static Scenario product(LeaseProfile profile) {
    return new Scenario(
        Rules.ALL,
        profile.terms(),
        Physics.real(),
        Weather.rough(),
        Troubles.all(),
        EIPS,
        HELD,
        SOMETIMES);
  }

  /** The product as it is, with nothing against it. */
  static Scenario calm(LeaseProfile profile) {
    return new Scenario(
        Rules.ALL,
        profile.terms(),
        Physics.real(),
        Weather.calm(),
        Troubles.none(),
        1,
        0,
        Staleness.never());
  }

  boolean isHostile() {
    return !troubles.isEmpty();
  }

  Scenario with(Rules other) {
    return new Scenario(other, terms, physics, weather, troubles, eips, held, staleness);
  }

  Scenario with(Physics other) {
    return new Scenario(rules, terms, other, weather, troubles, eips, held, staleness);
  }

  Scenario with(Weather other) {
    return new Scenario(rules, terms, physics, other, troubles, eips, held, staleness);
  }

  Scenario with(Troubles other) {
    return new Scenario(rules, terms, physics, weather, other, eips, held, staleness);
  }

  Scenario with(Staleness other) {
    return new Scenario(rules, terms, physics, weather, troubles, eips, held, other);
  }
}
