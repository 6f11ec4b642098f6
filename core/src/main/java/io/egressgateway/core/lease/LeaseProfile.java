package io.egressgateway.core.lease;

import java.time.Duration;

/** The four sets of terms that are offered, from the most patient to the quickest. */
public enum LeaseProfile {
  /** For networks that lose a lot, and virtual machines that are paused. */
  CONSERVATIVE(3_000, 500, 100, 900),
  /** Moves within two seconds. */
  DEFAULT(2_000, 500, 50, 700),
  /** Moves within a second and a half. */
  FAST(1_500, 300, 50, 500),
  /** Moves within a second; needs a quiet network and machines that do not pause. */
  EXPRESS(800, 200, 40, 350);

  private final long leaseMillis;
  private final long renewalMillis;
  private final long guardMillis;
  private final long suspicionMillis;

  LeaseProfile(long lease, long renewal, long guard, long suspicion) {
    this.leaseMillis = lease;
    this.renewalMillis = renewal;
    this.guardMillis = guard;
    this.suspicionMillis = suspicion;
  }

  public LeaseTerms terms() {
    return new LeaseTerms(
        Duration.ofMillis(leaseMillis),
        Duration.ofMillis(renewalMillis),
        Duration.ofMillis(guardMillis),
        Duration.ofMillis(suspicionMillis));
  }
}
