package io.egressgateway.core.lease;

import java.time.Duration;

/**
 * The times of a lease. All parties use the same; an agent gets them from its controllers.
 *
 * @param lease how long a majority's promise is good, counted from the sending of the request; at
 *     most {@link #LEASE_MAX}
 * @param renewal pause between two renewals, below half the lease
 * @param guard what the agent gives up of the lease, so that its end comes before the witnesses'
 *     even if the clocks' rates differ
 * @param suspicion silence after which the controllers begin to ask for votes; harmless when wrong
 */
public record LeaseTerms(Duration lease, Duration renewal, Duration guard, Duration suspicion) {

  /**
   * The longest lease there may be. A witness that starts is silent for this long, whatever the
   * leases are, because it does not know what it promised in its former life.
   */
  public static final Duration LEASE_MAX = Duration.ofSeconds(3);

  /** The shortest lease that a machine under load can be expected to renew. */
  public static final Duration LEASE_MIN = Duration.ofMillis(200);

  /**
   * Checks the ranges.
   *
   * @throws IllegalArgumentException naming the time that does not fit the others
   */
  public LeaseTerms {
    require(
        lease.compareTo(LEASE_MIN) >= 0 && lease.compareTo(LEASE_MAX) <= 0,
        "lease " + lease + " is outside " + LEASE_MIN + ".." + LEASE_MAX);
    require(
        renewal.isPositive() && renewal.multipliedBy(2).compareTo(lease) < 0,
        "renewal " + renewal + " is not between zero and half the lease");
    require(
        !guard.isNegative() && guard.plus(renewal).compareTo(lease) < 0,
        "guard " + guard + " leaves no time between a renewal and the end of the lease");
    require(
        suspicion.compareTo(renewal) > 0,
        "suspicion " + suspicion + " is not above the renewal of " + renewal);
  }

  private static void require(boolean condition, String complaint) {
    if (!condition) {
      throw new IllegalArgumentException(complaint);
    }
  }
}
