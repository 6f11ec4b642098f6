package io.egressgateway.k8s.app;

import com.typesafe.config.Config;
import com.typesafe.config.ConfigValueType;
import io.egressgateway.core.lease.LeaseProfile;
import java.time.Duration;
import java.util.Arrays;
import java.util.Comparator;

/**
 * The values {@code feature.gatewayFailover.*} of spidernet-io/egressgateway, whose times are whole
 * seconds of heartbeats through the Kubernetes API. Here they choose the profile whose lease is
 * nearest to what they ask for, and where two are as near, the longer:
 *
 * <table>
 * <caption>From the time after which a silent node is evicted to the profile</caption>
 * <tr><th>eipEvictionTimeout</th><th>profile</th><th>lease</th></tr>
 * <tr><td>2.5 s and above, the ancestor's 15 s too</td><td>conservative</td><td>3 s</td></tr>
 * <tr><td>1.75 s to 2.5 s</td><td>default</td><td>2 s</td></tr>
 * <tr><td>1.15 s to 1.75 s</td><td>fast</td><td>1.5 s</td></tr>
 * <tr><td>below 1.15 s</td><td>express</td><td>0.8 s</td></tr>
 * </table>
 *
 * <p>The periods choose nothing, since each profile has its own, but are checked as the ancestor
 * checks them.
 *
 * @param monitorPeriod how often the ancestor's controller looked
 * @param updatePeriod how often its agents said that they live
 * @param evictionTimeout how long a node could be silent before it lost its egress IPs
 */
record AncestorFailover(Duration monitorPeriod, Duration updatePeriod, Duration evictionTimeout) {
  private static final Duration PERIOD_DEFAULT = Duration.ofSeconds(5);
  private static final Duration EVICTION_DEFAULT = Duration.ofSeconds(15);

  /**
   * Checks as the ancestor did.
   *
   * @throws IllegalArgumentException when nodes would be evicted before they can be heard of
   */
  AncestorFailover {
    if (!monitorPeriod.isPositive() || !updatePeriod.isPositive()) {
      throw new IllegalArgumentException(
          "gateway-failover.tunnelMonitorPeriod and tunnelUpdatePeriod must be above 0");
    }
    if (evictionTimeout.compareTo(monitorPeriod.plus(updatePeriod)) < 0) {
      throw new IllegalArgumentException(
          "gateway-failover.eipEvictionTimeout of "
              + seconds(evictionTimeout)
              + " is below tunnelMonitorPeriod and tunnelUpdatePeriod together, "
              + seconds(monitorPeriod.plus(updatePeriod))
              + ": raise it, or remove gateway-failover and choose a --lease-profile");
    }
  }

  /**
   * Reads the ancestor's keys; those that are missing have the ancestor's defaults.
   *
   * @throws IllegalArgumentException for values that ask for what there is not
   */
  static AncestorFailover from(Config failover) {
    if (failover.hasPath("enable") && !failover.getBoolean("enable")) {
      throw new IllegalArgumentException(
          "gateway-failover.enable = false is not possible: a node that is cut off gives its egress"
              + " IPs up by itself, and without failover nobody would ever have them. Remove the"
              + " key; --lease-profile conservative moves them last");
    }
    return new AncestorFailover(
        duration(failover, "tunnelMonitorPeriod", PERIOD_DEFAULT),
        duration(failover, "tunnelUpdatePeriod", PERIOD_DEFAULT),
        duration(failover, "eipEvictionTimeout", EVICTION_DEFAULT));
  }

  /** A bare number is in seconds, as the ancestor has it. */
  private static Duration duration(Config failover, String key, Duration missing) {
    if (!failover.hasPath(key)) {
      return missing;
    }
    return failover.getValue(key).valueType() == ConfigValueType.NUMBER
        ? Duration.ofSeconds(failover.getLong(key))
        : failover.getDuration(key);
  }

  /** The profile of the table. */
  LeaseProfile profile() {
    return Arrays.stream(LeaseProfile.values())
        .min(
            Comparator.<LeaseProfile, Duration>comparing(
                    profile -> profile.terms().lease().minus(evictionTimeout).abs())
                .thenComparing(profile -> profile.terms().lease(), Comparator.reverseOrder()))
        .orElseThrow();
  }

  private static String seconds(Duration duration) {
    return duration.toMillis() / 1000.0 + " s";
  }
}
