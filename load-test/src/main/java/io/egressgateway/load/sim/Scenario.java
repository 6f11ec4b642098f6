package io.egressgateway.load.sim;

import io.egressgateway.core.lease.LeaseProfile;
import io.egressgateway.core.lease.LeaseTerms;
import io.egressgateway.core.lease.Rules;

/**
 * What kind of run it is.
 *
 * @param eips egress IPs there are
 * @param troubles what goes wrong; nothing at all when there are none
 */
record Scenario(
    Rules rules, LeaseTerms terms, Physics physics, Weather weather, Troubles troubles, int eips) {

  private static final int EIPS = 3;

  /** The product as it is, with everything against it. */
  static Scenario product(LeaseProfile profile) {
    return new Scenario(
        Rules.ALL, profile.terms(), Physics.real(), Weather.rough(), Troubles.all(), EIPS);
  }

  /** The product as it is, with nothing against it. */
  static Scenario calm(LeaseProfile profile) {
    return new Scenario(
        Rules.ALL, profile.terms(), Physics.real(), Weather.calm(), Troubles.none(), 1);
  }

  boolean isHostile() {
    return !troubles.isEmpty();
  }

  Scenario with(Rules other) {
    return new Scenario(other, terms, physics, weather, troubles, eips);
  }

  Scenario with(Physics other) {
    return new Scenario(rules, terms, other, weather, troubles, eips);
  }

  Scenario with(Weather other) {
    return new Scenario(rules, terms, physics, other, troubles, eips);
  }

  Scenario with(Troubles other) {
    return new Scenario(rules, terms, physics, weather, other, eips);
  }
}
