package io.egressgateway.policy.entity;

import io.egressgateway.core.lease.LeaseTerms;
import io.egressgateway.policy.witness.WitnessPanel;
import java.util.function.LongSupplier;

/**
 * What ownership by leases needs from outside.
 *
 * @param terms of every gateway node's lease, the same on all controllers
 * @param witnesses who knows whether a lease still runs
 * @param nanoClock never goes back; the origin does not matter
 */
public record LeaseEnvironment(LeaseTerms terms, WitnessPanel witnesses, LongSupplier nanoClock) {}
