package io.egressgateway.load.bench.failover;

import io.egressgateway.core.lease.LeaseProfile;
import java.time.Duration;
import java.util.Set;

/**
 * What to measure.
 *
 * @param times runs of each part
 * @param profile the leases, but for the part that has its own
 * @param outage how long the control plane is away
 * @param controllers members of the control plane
 */
public record FailoverPlan(
    int times, LeaseProfile profile, Duration outage, int controllers, Set<Part> parts) {
  /** Makes the set immutable. */
  public FailoverPlan {
    parts = Set.copyOf(parts);
  }
}
