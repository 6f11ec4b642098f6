package io.egressgateway.k8s.app;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.typesafe.config.ConfigFactory;
import io.egressgateway.core.lease.LeaseProfile;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class AncestorFailoverTest {

  private static AncestorFailover failover(String values) {
    return AncestorFailover.from(ConfigFactory.parseString(values));
  }

  /** The table in the class's description. */
  @ParameterizedTest
  @CsvSource({
    "15s, CONSERVATIVE",
    "2500ms, CONSERVATIVE",
    "2499ms, DEFAULT",
    "1750ms, DEFAULT",
    "1749ms, FAST",
    "1150ms, FAST",
    "1149ms, EXPRESS",
    "200ms, EXPRESS",
  })
  void theProfileIsTheNearestToTheEviction(String eviction, LeaseProfile profile) {
    assertThat(
            failover(
                    "tunnelMonitorPeriod = 100ms, tunnelUpdatePeriod = 100ms, eipEvictionTimeout = "
                        + eviction)
                .profile())
        .isEqualTo(profile);
  }

  @Test
  void aBareNumberIsInSeconds() {
    assertThat(
            failover("tunnelMonitorPeriod = 1, tunnelUpdatePeriod = 1, eipEvictionTimeout = 2")
                .profile())
        .isEqualTo(LeaseProfile.DEFAULT);
  }

  @Test
  void whatIsMissingIsAsTheAncestorHasIt() {
    assertThat(failover("enable = true"))
        .isEqualTo(
            failover("tunnelMonitorPeriod = 5, tunnelUpdatePeriod = 5, eipEvictionTimeout = 15"));
  }

  @Test
  void switchingOffIsRefusedWithAWayOut() {
    assertThatThrownBy(() -> failover("enable = false"))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContainingAll("enable = false", "Remove the key", "--lease-profile");
  }

  @Test
  void evictingBeforeANodeCanBeHeardIsRefused() {
    assertThatThrownBy(
            () ->
                failover("tunnelMonitorPeriod = 5, tunnelUpdatePeriod = 5, eipEvictionTimeout = 9"))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContainingAll("9.0 s", "10.0 s", "--lease-profile");
  }

  @ParameterizedTest
  @CsvSource({"tunnelMonitorPeriod = 0", "tunnelUpdatePeriod = -1"})
  void periodsAreAboveZero(String line) {
    assertThatThrownBy(() -> failover(line)).isInstanceOf(IllegalArgumentException.class);
  }
}
