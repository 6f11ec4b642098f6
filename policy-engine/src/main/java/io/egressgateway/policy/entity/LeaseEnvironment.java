package io.egressgateway.policy.entity;

import io.egressgateway.core.lease.LeaseTerms;
import io.egressgateway.policy.witness.WitnessPanel;
import java.time.Duration;
import java.util.Optional;
import java.util.function.LongSupplier;

/**
 * What ownership by leases needs from outside.
 *
 * @param terms of every gateway node's lease, the same on all controllers
 * @param witnesses who knows whether a lease still runs
 * @param nanoClock never goes back; the origin does not matter
 * @param controlStaleTimeout for how long a node that renews its lease may be unheard by the
 *     controllers before it is dismissed, if another can take what it holds; empty means for ever
 */
public record LeaseEnvironment(
    LeaseTerms terms,
    WitnessPanel witnesses,
    LongSupplier nanoClock,
    Optional<Duration> controlStaleTimeout) {}
