package io.egressgateway.load.bench.failover;

import io.egressgateway.core.lease.LeaseProfile;
import java.time.Duration;
import java.util.EnumSet;
import java.util.Set;

/**
 * What to measure.
 *
 * @param times runs of each part
 * @param profile the leases, but for the part that has its own
 * @param outage how long the control plane is away
 */
public record FailoverPlan(int times, LeaseProfile profile, Duration outage, Set<Part> parts) {
  /** As many runs as the bars ask for, all parts. */
  public static FailoverPlan usual() {
    return new FailoverPlan(
        100, LeaseProfile.DEFAULT, Duration.ofMinutes(10), EnumSet.allOf(Part.class));
  }
}
