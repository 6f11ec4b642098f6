package io.egressgateway.load.sim;

import static org.assertj.core.api.Assertions.assertThat;

import io.egressgateway.core.lease.LeaseProfile;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

class SimulationTest {
  private static final long TROUBLED = Duration.ofSeconds(20).toNanos();
  private static final long SEEDS = 2_000;
  private static final long SEEDS_OTHER_PROFILES = 200;
  private static final long SEEDS_OF_MUTANT = 600;

  @Test
  void noInvariantBreaksInAnyRun() {
    assertThat(failures(LeaseProfile.DEFAULT, SEEDS)).isEmpty();
  }

  @ParameterizedTest
  @EnumSource(mode = EnumSource.Mode.EXCLUDE, names = "DEFAULT")
  void norWithOtherTerms(LeaseProfile profile) {
    assertThat(failures(profile, SEEDS_OTHER_PROFILES)).isEmpty();
  }

  // The kernel is told nine tenths of the time that is left: enough for timers that a time server
  // slows down by a tenth, which is more than is assumed.
  @Test
  void norWithKernelsWhoseTimersAreWrongByATenth() {
    Scenario product = Scenario.product(LeaseProfile.DEFAULT);
    Physics.Clocks assumed = product.physics().clocks();
    Physics.Clocks slewed = new Physics.Clocks(assumed.drift(), 0.1, assumed.kernelShare());

    assertThat(failures(product.with(product.physics().with(slewed)), SEEDS_OTHER_PROFILES))
        .isEmpty();
  }

  // The checker must see what it is there for: two holders, not some side effect.
  @ParameterizedTest
  @EnumSource(mode = EnumSource.Mode.EXCLUDE, names = "M10")
  void aProtocolWithoutOneRuleEndsWithTwoHolders(Mutant mutant) {
    assertThat(caughtAfter(mutant, Invariant.I1))
        .as("%s: %s", mutant, mutant.meaning())
        .isPresent();
  }

  // Here the dead session's gate opens again; other rules keep a second holder away.
  @Test
  void aLapseThatForgetsNothingOpensGatesAfterTheCertificate() {
    assertThat(caughtAfter(Mutant.M10, Invariant.I3)).isPresent();
  }

  // Why a renewal needs a ticket: an agent that is stopped between computing a time-out and writing
  // it opens the gates of a lease that is over when it goes on, until the check after the write.
  @Test
  void withoutTicketALateWriteReopensGatesUntilItIsChecked() {
    Scenario product = Scenario.product(LeaseProfile.DEFAULT);
    Scenario checkedAfterwards =
        product.with(product.physics().with(Physics.Fence.RECHECKED_TIMEOUT));

    Tally tally =
        new Campaign(new Simulation(checkedAfterwards, TROUBLED))
            .run(new Campaign.Seeds(1, SEEDS_OF_MUTANT), ignored -> {});

    assertThat(tally.broken(Invariant.I1)).isPositive();
    assertThat(tally.longestOverlapNanos()).isLessThan(Duration.ofMillis(1).toNanos());
  }

  @Test
  void aSeedIsTheSameRunEachTime() {
    for (long seed = 1; seed <= 3; seed++) {
      assertThat(steps(seed)).isNotEmpty().isEqualTo(steps(seed));
    }
  }

  @Test
  void aHolderThatCrashesIsReplacedWithinTheLeaseAndALittle() {
    for (LeaseProfile profile : LeaseProfile.values()) {
      FailoverStudy.Times times = FailoverStudy.measure(profile, new Campaign.Seeds(1, 50));

      assertThat(times.max())
          .as("%s", profile)
          .isLessThan(profile.terms().lease().toMillis() / 1_000.0 + 0.2);
    }
  }

  @Test
  void aHolderThatNoAuthorityHearsIsReplacedAfterTheTimeoutAndItsLease() {
    Duration timeout = Duration.ofSeconds(10);
    LeaseProfile profile = LeaseProfile.DEFAULT;
    Simulation simulation =
        new Simulation(Scenario.calm(profile).with(new Staleness(timeout, 1)), 0);
    Duration most = timeout.plus(profile.terms().lease()).plusMillis(300);

    for (long seed = 1; seed <= 50; seed++) {
      Simulation.Dismissal seen = simulation.dismissal(seed).orElseThrow();
      assertThat(seen.afterNanos())
          .as("seed %d", seed)
          .isBetween(timeout.toNanos(), most.toNanos());
      assertThat(seen.darkNanos())
          .as("seed %d: it goes on until its lease ends", seed)
          .isLessThan(Duration.ofMillis(500).toNanos());
    }
  }

  @Test
  void andNeverWithoutTheOption() {
    Simulation simulation = new Simulation(Scenario.calm(LeaseProfile.DEFAULT), 0);

    for (long seed = 1; seed <= 10; seed++) {
      assertThat(simulation.dismissal(seed)).isEmpty();
    }
  }

  private static List<String> failures(LeaseProfile profile, long seeds) {
    return failures(Scenario.product(profile), seeds);
  }

  private static List<String> failures(Scenario scenario, long seeds) {
    Campaign campaign = new Campaign(new Simulation(scenario, TROUBLED));
    Tally tally = campaign.run(new Campaign.Seeds(1, seeds), ignored -> {});
    assertThat(tally.runs()).isEqualTo(seeds);
    // A protocol that never lets anybody hold anything would be safe, too.
    assertThat(tally.heldNanos()).isPositive();
    return tally.firstFailures(5).stream().map(Object::toString).toList();
  }

  private static Optional<Long> caughtAfter(Mutant mutant, Invariant symptom) {
    return caughtAfter(mutant.of(Scenario.product(LeaseProfile.DEFAULT)), symptom);
  }

  private static Optional<Long> caughtAfter(Scenario scenario, Invariant symptom) {
    Campaign campaign = new Campaign(new Simulation(scenario, TROUBLED));
    return campaign.runUntilBroken(symptom, new Campaign.Seeds(1, SEEDS_OF_MUTANT));
  }

  private static List<String> steps(long seed) {
    List<String> steps = new ArrayList<>();
    new Simulation(Scenario.product(LeaseProfile.DEFAULT), TROUBLED)
        .run(seed, Optional.of(steps::add));
    return steps;
  }
}
