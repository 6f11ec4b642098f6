package io.egressgateway.policy.domain;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.egressgateway.core.event.PolicyEvent;
import io.egressgateway.core.event.PolicyEvent.EgressIpBound;
import io.egressgateway.core.event.PolicyEvent.EgressIpUnbound;
import io.egressgateway.core.event.PolicyEvent.PolicyAccepted;
import io.egressgateway.core.event.PolicyEvent.PolicyWithdrawn;
import io.egressgateway.core.model.EgressIpRequest;
import io.egressgateway.core.model.GatewayName;
import io.egressgateway.core.model.Generation;
import io.egressgateway.core.model.IpAddress;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.SortedSet;
import java.util.TreeSet;
import org.junit.jupiter.api.Test;

class PolicyTest {
  private static final Instant NOW = Instant.EPOCH;
  private static final GatewayName HERE = new GatewayName("here");
  private static final GatewayName THERE = new GatewayName("there");
  private static final SpecVersion FIRST = new SpecVersion("uid", new Generation(2));
  private static final Policy.Claim CLAIM = claim(FIRST, HERE);
  private static final Policy.Claim OTHER = claim(new SpecVersion("uid", new Generation(3)), THERE);
  private static final SortedSet<IpAddress> ONE = addresses("10.0.0.1");
  private static final SortedSet<IpAddress> TWO = addresses("10.0.0.2");

  private static final DecisionTable<Policy.State, Policy.Command> TABLE =
      new DecisionTable<>(
          DecisionTable.named(
              List.of(
                  Map.entry("absent", new Policy.State.Absent()),
                  Map.entry("seeking", new Policy.State.Seeking(CLAIM)),
                  Map.entry("bound", new Policy.State.Bound(CLAIM, ONE)),
                  Map.entry("leaving", new Policy.State.Leaving(HERE, Optional.empty())),
                  Map.entry("changing", new Policy.State.Leaving(THERE, Optional.of(CLAIM))))),
          DecisionTable.named(
              List.of(
                  Map.entry("same", new Policy.Command.Apply(CLAIM)),
                  Map.entry(
                      "same later",
                      new Policy.Command.Apply(
                          claim(new SpecVersion("uid", new Generation(9)), HERE))),
                  Map.entry("changed", new Policy.Command.Apply(OTHER)),
                  Map.entry(
                      "older",
                      new Policy.Command.Apply(
                          claim(new SpecVersion("uid", new Generation(1)), THERE))),
                  Map.entry(
                      "recreated",
                      new Policy.Command.Apply(
                          claim(new SpecVersion("new", new Generation(1)), HERE))),
                  Map.entry("withdraw", new Policy.Command.Withdraw()),
                  Map.entry("one", new Policy.Command.Allocated(HERE, FIRST, ONE)),
                  Map.entry("two", new Policy.Command.Allocated(HERE, FIRST, TWO)),
                  Map.entry(
                      "one for another spec",
                      new Policy.Command.Allocated(HERE, OTHER.version(), ONE)),
                  Map.entry("one from there", new Policy.Command.Allocated(THERE, FIRST, ONE)),
                  Map.entry("refused", new Policy.Command.Refused(HERE, FIRST)),
                  Map.entry("refused there", new Policy.Command.Refused(THERE, FIRST)),
                  Map.entry("freed", new Policy.Command.Freed(HERE)),
                  Map.entry("freed there", new Policy.Command.Freed(THERE)))));

  @Test
  void everyCommandInEveryState() {
    TABLE.check(
        """
                 | same                   | same later             | changed                | older                  | recreated              | withdraw                | one                   | two                   | one for another spec | one from there | refused                 | refused there | freed                   | freed there
        absent   | PolicyAccepted CURRENT | PolicyAccepted CURRENT | PolicyAccepted CURRENT | PolicyAccepted CURRENT | PolicyAccepted CURRENT | - CURRENT               | - STRAY               | - STRAY               | - STRAY              | - STRAY        | - STALE                 | - STALE       | - STALE                 | - STALE
        seeking  | - CURRENT              | - CURRENT              | PolicyAccepted CURRENT | - STALE                | PolicyAccepted CURRENT | PolicyWithdrawn CURRENT | EgressIpBound CURRENT | EgressIpBound CURRENT | - STALE              | - STRAY        | - CURRENT               | - STALE       | - STALE                 | - STALE
        bound    | - CURRENT              | - CURRENT              | PolicyAccepted CURRENT | - STALE                | PolicyAccepted CURRENT | PolicyWithdrawn CURRENT | - CURRENT             | EgressIpBound CURRENT | - STALE              | - STRAY        | EgressIpUnbound CURRENT | - STALE       | - STALE                 | - STALE
        leaving  | PolicyAccepted CURRENT | PolicyAccepted CURRENT | PolicyAccepted CURRENT | PolicyAccepted CURRENT | PolicyAccepted CURRENT | - CURRENT               | - STALE               | - STALE               | - STALE              | - STRAY        | - STALE                 | - STALE       | EgressIpUnbound CURRENT | - STALE
        changing | - CURRENT              | - CURRENT              | PolicyAccepted CURRENT | - STALE                | PolicyAccepted CURRENT | PolicyWithdrawn CURRENT | - STRAY               | - STRAY               | - STRAY              | - STALE        | - STALE                 | - STALE       | - STALE                 | EgressIpUnbound CURRENT
        """,
        (state, command) -> Policy.decide(state, command, NOW));
  }

  @Test
  void everythingClaimedIsGivenBackBeforeAnythingElseIsClaimed() {
    Policy.State bound = new Policy.State.Bound(CLAIM, ONE);

    Policy.State changing = after(bound, new Policy.Command.Apply(OTHER));

    assertThat(changing).isEqualTo(new Policy.State.Leaving(HERE, Optional.of(OTHER)));
    assertThat(Policy.pursuit(changing)).isEqualTo(new Policy.Pursuit.GiveBack(HERE));
    Policy.State seeking = after(changing, new Policy.Command.Freed(HERE));
    assertThat(Policy.pursuit(seeking)).isEqualTo(new Policy.Pursuit.Ask(OTHER));
  }

  @Test
  void aRecreatedPolicyStartsAfresh() {
    Policy.Claim recreated = claim(new SpecVersion("new", new Generation(1)), HERE);

    Policy.State state =
        after(new Policy.State.Bound(CLAIM, ONE), new Policy.Command.Apply(recreated));

    assertThat(state).isEqualTo(new Policy.State.Leaving(HERE, Optional.of(recreated)));
  }

  @Test
  void aFactThatCannotFollowIsRefused() {
    List<PolicyEvent> misfits =
        List.of(new EgressIpBound(ONE, NOW), new EgressIpUnbound(NOW), new PolicyWithdrawn(NOW));
    for (PolicyEvent misfit : misfits) {
      assertThatThrownBy(() -> Policy.evolve(new Policy.State.Absent(), misfit))
          .isInstanceOf(IllegalStateException.class)
          .hasMessageContaining("cannot follow");
    }
    Policy.State accepted =
        Policy.evolve(
            new Policy.State.Absent(),
            new PolicyAccepted("uid", new Generation(1), HERE, new EgressIpRequest.Default(), NOW));
    assertThatThrownBy(() -> Policy.evolve(accepted, new EgressIpUnbound(NOW)))
        .isInstanceOf(IllegalStateException.class);
  }

  private static Policy.State after(Policy.State state, Policy.Command command) {
    Policy.State next = state;
    for (PolicyEvent event : Policy.decide(state, command, NOW).events()) {
      next = Policy.evolve(next, event);
    }
    return next;
  }

  private static Policy.Claim claim(SpecVersion version, GatewayName gateway) {
    return new Policy.Claim(version, gateway, new EgressIpRequest.Default());
  }

  private static SortedSet<IpAddress> addresses(String text) {
    return new TreeSet<>(List.of(IpAddress.of(text)));
  }
}
