package io.egressgateway.policy.domain;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.egressgateway.core.event.EipEvent;
import io.egressgateway.core.event.EipEvent.EipAssigned;
import io.egressgateway.core.event.EipEvent.EipNumbered;
import io.egressgateway.core.event.EipEvent.EipReleaseRequested;
import io.egressgateway.core.event.EipEvent.EipReleased;
import io.egressgateway.core.event.OwnershipProof;
import io.egressgateway.core.model.EipNumber;
import io.egressgateway.core.model.Epoch;
import io.egressgateway.core.model.GatewayName;
import io.egressgateway.core.model.NodeName;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;

class EipTest {
  private static final Instant NOW = Instant.EPOCH;
  private static final GatewayName GATEWAY = new GatewayName("gateway");
  private static final NodeName A = new NodeName("a");
  private static final NodeName B = new NodeName("b");
  private static final EipNumber NUMBER = new EipNumber(7);
  private static final Epoch FIVE = new Epoch(5);
  private static final Eip.Ownership BY_A = new Eip.Ownership(FIVE, A, GATEWAY);

  private static final Map<String, Eip.State> STATES =
      DecisionTable.named(
          List.of(
              Map.entry("unnumbered", new Eip.State.Unnumbered()),
              Map.entry(
                  "unowned",
                  new Eip.State.Unowned(NUMBER, FIVE, OwnershipProof.RELEASE_ACKNOWLEDGED)),
              Map.entry("owned", new Eip.State.Owned(NUMBER, BY_A)),
              Map.entry("releasing", new Eip.State.Releasing(NUMBER, BY_A))));

  private static final DecisionTable<Eip.State, Eip.Intent> STEERING =
      new DecisionTable<>(
          STATES,
          DecisionTable.named(
              List.of(
                  Map.entry("unknown", new Eip.Intent.Unknown()),
                  Map.entry("nowhere", new Eip.Intent.Nowhere()),
                  Map.entry("at a", new Eip.Intent.At(GATEWAY, A)),
                  Map.entry("at b", new Eip.Intent.At(GATEWAY, B)))));

  private static final DecisionTable<Eip.State, Eip.Command> ANSWERS =
      new DecisionTable<>(
          STATES,
          DecisionTable.named(
              List.of(
                  Map.entry("numbered", new Eip.Command.Numbered(NUMBER)),
                  Map.entry("released", acknowledge(A, 5, OwnershipProof.RELEASE_ACKNOWLEDGED)),
                  Map.entry("never had it", acknowledge(A, 5, OwnershipProof.NEVER_PROGRAMMED)),
                  Map.entry("deleted", acknowledge(A, 5, OwnershipProof.NODE_DELETED)),
                  Map.entry("older", acknowledge(A, 4, OwnershipProof.NODE_DELETED)),
                  Map.entry("other", acknowledge(B, 5, OwnershipProof.NODE_DELETED)))));

  @Test
  void everyIntentInEveryState() {
    STEERING.check(
        """
                   | unknown   | nowhere                     | at a                | at b
        unnumbered | - CURRENT | - CURRENT                   | - CURRENT           | - CURRENT
        unowned    | - CURRENT | - CURRENT                   | EipAssigned CURRENT | EipAssigned CURRENT
        owned      | - CURRENT | EipReleaseRequested CURRENT | - CURRENT           | EipReleaseRequested CURRENT
        releasing  | - CURRENT | - CURRENT                   | - CURRENT           | - CURRENT
        """,
        (state, intent) -> Eip.decide(state, intent, new Eip.Command.Steer(), NOW));
  }

  @Test
  void everyAnswerInEveryStateWhileTheGatewayIsSilent() {
    ANSWERS.check(
        """
                   | numbered            | released            | never had it        | deleted             | older   | other
        unnumbered | EipNumbered CURRENT | - STALE             | - STALE             | - STALE             | - STALE | - STALE
        unowned    | - STALE             | - STALE             | - STALE             | - STALE             | - STALE | - STALE
        owned      | - STALE             | - STALE             | - STALE             | EipReleased CURRENT | - STALE | - STALE
        releasing  | - STALE             | EipReleased CURRENT | EipReleased CURRENT | EipReleased CURRENT | - STALE | - STALE
        """,
        (state, command) -> Eip.decide(state, new Eip.Intent.Unknown(), command, NOW));
  }

  @Test
  void everyAnswerInEveryStateWhileTheGatewayWantsItElsewhere() {
    ANSWERS.check(
        """
                   | numbered                        | released                        | never had it                    | deleted                         | older   | other
        unnumbered | EipNumbered+EipAssigned CURRENT | - STALE                         | - STALE                         | - STALE                         | - STALE | - STALE
        unowned    | - STALE                         | - STALE                         | - STALE                         | - STALE                         | - STALE | - STALE
        owned      | - STALE                         | - STALE                         | - STALE                         | EipReleased+EipAssigned CURRENT | - STALE | - STALE
        releasing  | - STALE                         | EipReleased+EipAssigned CURRENT | EipReleased+EipAssigned CURRENT | EipReleased+EipAssigned CURRENT | - STALE | - STALE
        """,
        (state, command) -> Eip.decide(state, new Eip.Intent.At(GATEWAY, B), command, NOW));
  }

  @Test
  void aNewHolderHasTheNextEpochAndTheProofOfTheLast() {
    Decision<EipEvent, Eip.Outcome> decision =
        Eip.decide(
            new Eip.State.Releasing(NUMBER, BY_A),
            new Eip.Intent.At(GATEWAY, B),
            acknowledge(A, 5, OwnershipProof.RELEASE_ACKNOWLEDGED),
            NOW);

    assertThat(decision.events())
        .containsExactly(
            new EipReleased(FIVE, OwnershipProof.RELEASE_ACKNOWLEDGED, NOW),
            new EipAssigned(new Epoch(6), B, GATEWAY, OwnershipProof.RELEASE_ACKNOWLEDGED, NOW));
  }

  @Test
  void theFirstHolderNeedsNoOthersWord() {
    Eip.State numbered = Eip.evolve(new Eip.State.Unnumbered(), new EipNumbered(NUMBER, NOW));

    assertThat(
            Eip.decide(numbered, new Eip.Intent.At(GATEWAY, A), new Eip.Command.Steer(), NOW)
                .events())
        .containsExactly(new EipAssigned(new Epoch(1), A, GATEWAY, OwnershipProof.NEVER_HELD, NOW));
  }

  @Test
  void anotherGatewayHasToWait() {
    GatewayName other = new GatewayName("other");

    assertThat(Eip.occupant(new Eip.State.Owned(NUMBER, BY_A), other)).contains(GATEWAY);
    assertThat(Eip.occupant(new Eip.State.Owned(NUMBER, BY_A), GATEWAY)).isEmpty();
    assertThat(Eip.occupant(new Eip.State.Unnumbered(), other)).isEqualTo(Optional.empty());
  }

  @Test
  void aFactThatCannotFollowIsRefused() {
    Eip.State owned = new Eip.State.Owned(NUMBER, BY_A);
    List<EipEvent> misfits =
        List.of(
            new EipNumbered(NUMBER, NOW),
            new EipAssigned(new Epoch(6), B, GATEWAY, OwnershipProof.NEVER_HELD, NOW),
            new EipReleaseRequested(new Epoch(4), NOW),
            new EipReleased(new Epoch(4), OwnershipProof.NODE_DELETED, NOW));
    for (EipEvent misfit : misfits) {
      assertThatThrownBy(() -> Eip.evolve(owned, misfit))
          .isInstanceOf(IllegalStateException.class)
          .hasMessageContaining("cannot follow");
    }
  }

  @Test
  void anEpochIsNeverLeftOut() {
    Eip.State unowned = new Eip.State.Unowned(NUMBER, FIVE, OwnershipProof.NODE_DELETED);

    assertThatThrownBy(
            () ->
                Eip.evolve(
                    unowned,
                    new EipAssigned(new Epoch(7), B, GATEWAY, OwnershipProof.NODE_DELETED, NOW)))
        .isInstanceOf(IllegalStateException.class);
  }

  private static Eip.Command acknowledge(NodeName node, long epoch, OwnershipProof proof) {
    return new Eip.Command.Acknowledge(node, new Epoch(epoch), proof);
  }
}
