package io.egressgateway.policy.domain;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.egressgateway.core.event.EipEvent;
import io.egressgateway.core.event.EipEvent.EipAssigned;
import io.egressgateway.core.event.EipEvent.EipMoveDecided;
import io.egressgateway.core.event.EipEvent.EipMoved;
import io.egressgateway.core.event.EipEvent.EipNumbered;
import io.egressgateway.core.event.EipEvent.EipReleaseRequested;
import io.egressgateway.core.event.EipEvent.EipReleased;
import io.egressgateway.core.event.OwnershipProof;
import io.egressgateway.core.model.EipNumber;
import io.egressgateway.core.model.Epoch;
import io.egressgateway.core.model.GatewayName;
import io.egressgateway.core.model.NodeName;
import io.egressgateway.core.model.NodeSession;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeSet;
import org.junit.jupiter.api.Test;

class EipTest {
  private static final Instant NOW = Instant.EPOCH;
  private static final GatewayName GATEWAY = new GatewayName("gateway");
  private static final NodeSession A = new NodeSession(new NodeName("a"), "boot", 1);
  private static final NodeSession A_EARLIER = new NodeSession(A.node(), A.bootId(), 0);
  private static final NodeSession A_LATER = A.next();
  private static final NodeSession B = new NodeSession(new NodeName("b"), "boot", 1);
  private static final OwnershipProof RELEASED = new OwnershipProof.ReleaseAcknowledged(A);
  private static final OwnershipProof CERTIFIED =
      new OwnershipProof.Certificate(A, 3, new TreeSet<>(List.of(0, 1)));
  private static final EipNumber NUMBER = new EipNumber(7);
  private static final Epoch FIVE = new Epoch(5);
  private static final Eip.Ownership BY_A = new Eip.Ownership(FIVE, A, GATEWAY);

  private static final Eip.Ownership NEXT_BY_B = new Eip.Ownership(new Epoch(6), B, GATEWAY);

  private static final Map<String, Eip.State> STATES =
      DecisionTable.named(
          List.of(
              Map.entry("unnumbered", new Eip.State.Unnumbered()),
              Map.entry("unowned", new Eip.State.Unowned(NUMBER, FIVE, RELEASED)),
              Map.entry("over", new Eip.State.Unowned(NUMBER, FIVE, CERTIFIED)),
              Map.entry("owned", new Eip.State.Owned(NUMBER, BY_A)),
              Map.entry("releasing", new Eip.State.Releasing(NUMBER, BY_A)),
              Map.entry("moving", new Eip.State.Moving(NUMBER, BY_A, NEXT_BY_B))));

  private static final DecisionTable<Eip.State, Eip.Intent> STEERING =
      new DecisionTable<>(
          STATES,
          DecisionTable.named(
              List.of(
                  Map.entry("unknown", new Eip.Intent.Unknown()),
                  Map.entry("nowhere", new Eip.Intent.Nowhere()),
                  Map.entry("at a", new Eip.Intent.At(GATEWAY, A)),
                  Map.entry("later", new Eip.Intent.At(GATEWAY, A_LATER)),
                  Map.entry("at b", new Eip.Intent.At(GATEWAY, B)))));

  private static final DecisionTable<Eip.State, Eip.Command> ANSWERS =
      new DecisionTable<>(
          STATES,
          DecisionTable.named(
              List.of(
                  Map.entry("numbered", new Eip.Command.Numbered(NUMBER)),
                  Map.entry("released", stopped(5, RELEASED)),
                  Map.entry("never had it", stopped(5, new OwnershipProof.NeverGranted(A))),
                  Map.entry("nobody had it", stopped(5, new OwnershipProof.NeverHeld())),
                  Map.entry("old epoch", stopped(4, RELEASED)),
                  Map.entry("other", stopped(5, new OwnershipProof.ReleaseAcknowledged(B))),
                  Map.entry("certified", new Eip.Command.SessionOver(CERTIFIED)),
                  Map.entry("as epoch", stopped(5, CERTIFIED)),
                  Map.entry("no end", new Eip.Command.SessionOver(RELEASED)),
                  Map.entry(
                      "later",
                      new Eip.Command.SessionOver(new OwnershipProof.LaterIncarnation(A, A_LATER))),
                  Map.entry(
                      "earlier",
                      new Eip.Command.SessionOver(
                          new OwnershipProof.LaterIncarnation(A_EARLIER, A))),
                  Map.entry(
                      "fenced",
                      new Eip.Command.SessionOver(
                          new OwnershipProof.FenceAsserted(A, "jane", "unplugged"))),
                  Map.entry(
                      "other fenced",
                      new Eip.Command.SessionOver(
                          new OwnershipProof.FenceAsserted(B, "jane", "unplugged"))))));

  @Test
  void everyIntentInEveryStateAsFarAsNoTrafficStops() {
    STEERING.check(
        """
                   | unknown   | nowhere                     | at a                | later               | at b
        unnumbered | - CURRENT | - CURRENT                   | - CURRENT           | - CURRENT           | - CURRENT
        unowned    | - CURRENT | - CURRENT                   | EipAssigned CURRENT | EipAssigned CURRENT | EipAssigned CURRENT
        over       | - CURRENT | - CURRENT                   | - CURRENT           | EipAssigned CURRENT | EipAssigned CURRENT
        owned      | - CURRENT | EipReleaseRequested CURRENT | - CURRENT           | - CURRENT           | - CURRENT
        releasing  | - CURRENT | - CURRENT                   | - CURRENT           | - CURRENT           | - CURRENT
        moving     | - CURRENT | - CURRENT                   | - CURRENT           | - CURRENT           | - CURRENT
        """,
        (state, intent) -> Eip.decide(state, intent, new Eip.Command.Steer(), NOW));
  }

  @Test
  void everyIntentInEveryStateOnceTheTargetIsReady() {
    STEERING.check(
        """
                   | unknown   | nowhere                     | at a                | later                       | at b
        unnumbered | - CURRENT | - CURRENT                   | - CURRENT           | - CURRENT                   | - CURRENT
        unowned    | - CURRENT | - CURRENT                   | EipAssigned CURRENT | EipAssigned CURRENT         | EipAssigned CURRENT
        over       | - CURRENT | - CURRENT                   | - CURRENT           | EipAssigned CURRENT         | EipAssigned CURRENT
        owned      | - CURRENT | EipReleaseRequested CURRENT | - CURRENT           | EipMoveDecided CURRENT      | EipMoveDecided CURRENT
        releasing  | - CURRENT | - CURRENT                   | - CURRENT           | - CURRENT                   | - CURRENT
        moving     | - CURRENT | - CURRENT                   | - CURRENT           | - CURRENT                   | - CURRENT
        """,
        (state, intent) -> Eip.decide(state, intent, new Eip.Command.Move(), NOW));
  }

  @Test
  void everyAnswerInEveryStateWhileTheGatewayIsSilent() {
    ANSWERS.check(
        """
                   | numbered            | released            | never had it        | nobody had it | old epoch | other   | certified           | as epoch | no end  | later               | earlier | fenced              | other fenced
        unnumbered | EipNumbered CURRENT | - STALE             | - STALE             | - STALE       | - STALE   | - STALE | - STALE             | - STALE  | - STALE | - STALE             | - STALE | - STALE             | - STALE
        unowned    | - STALE             | - STALE             | - STALE             | - STALE       | - STALE   | - STALE | - STALE             | - STALE  | - STALE | - STALE             | - STALE | - STALE             | - STALE
        over       | - STALE             | - STALE             | - STALE             | - STALE       | - STALE   | - STALE | - STALE             | - STALE  | - STALE | - STALE             | - STALE | - STALE             | - STALE
        owned      | - STALE             | EipReleased CURRENT | EipReleased CURRENT | - STALE       | - STALE   | - STALE | EipReleased CURRENT | - STALE  | - STALE | EipReleased CURRENT | - STALE | EipReleased CURRENT | - STALE
        releasing  | - STALE             | EipReleased CURRENT | EipReleased CURRENT | - STALE       | - STALE   | - STALE | EipReleased CURRENT | - STALE  | - STALE | EipReleased CURRENT | - STALE | EipReleased CURRENT | - STALE
        moving     | - STALE             | EipMoved CURRENT    | EipMoved CURRENT    | - STALE       | - STALE   | - STALE | EipMoved CURRENT    | - STALE  | - STALE | EipMoved CURRENT    | - STALE | EipMoved CURRENT    | - STALE
        """,
        (state, command) -> Eip.decide(state, new Eip.Intent.Unknown(), command, NOW));
  }

  @Test
  void aProvenMoveIsOneDecision() {
    ANSWERS.check(
        """
                   | numbered                        | released                        | never had it                    | nobody had it | old epoch | other   | certified                       | as epoch | no end  | later                           | earlier | fenced                          | other fenced
        unnumbered | EipNumbered+EipAssigned CURRENT | - STALE                         | - STALE                         | - STALE       | - STALE   | - STALE | - STALE                         | - STALE  | - STALE | - STALE                         | - STALE | - STALE                         | - STALE
        unowned    | - STALE                         | - STALE                         | - STALE                         | - STALE       | - STALE   | - STALE | - STALE                         | - STALE  | - STALE | - STALE                         | - STALE | - STALE                         | - STALE
        over       | - STALE                         | - STALE                         | - STALE                         | - STALE       | - STALE   | - STALE | - STALE                         | - STALE  | - STALE | - STALE                         | - STALE | - STALE                         | - STALE
        owned      | - STALE                         | EipReleased+EipAssigned CURRENT | EipReleased+EipAssigned CURRENT | - STALE       | - STALE   | - STALE | EipReleased+EipAssigned CURRENT | - STALE  | - STALE | EipReleased+EipAssigned CURRENT | - STALE | EipReleased+EipAssigned CURRENT | - STALE
        releasing  | - STALE                         | EipReleased+EipAssigned CURRENT | EipReleased+EipAssigned CURRENT | - STALE       | - STALE   | - STALE | EipReleased+EipAssigned CURRENT | - STALE  | - STALE | EipReleased+EipAssigned CURRENT | - STALE | EipReleased+EipAssigned CURRENT | - STALE
        moving     | - STALE                         | EipMoved CURRENT                | EipMoved CURRENT                | - STALE       | - STALE   | - STALE | EipMoved CURRENT                | - STALE  | - STALE | EipMoved CURRENT                | - STALE | EipMoved CURRENT                | - STALE
        """,
        (state, command) -> Eip.decide(state, new Eip.Intent.At(GATEWAY, B), command, NOW));
  }

  @Test
  void aSessionThatIsOverNeverGetsTheAddressBack() {
    for (NodeSession over : List.of(A, A_EARLIER)) {
      assertThat(
              Eip.decide(
                      new Eip.State.Owned(NUMBER, BY_A),
                      new Eip.Intent.At(GATEWAY, over),
                      new Eip.Command.SessionOver(CERTIFIED),
                      NOW)
                  .events())
          .containsExactly(new EipReleased(FIVE, CERTIFIED, NOW));
    }
  }

  @Test
  void onlyAPlannedMoveHasATarget() {
    Eip.State owned = new Eip.State.Owned(NUMBER, BY_A);

    assertThat(Eip.target(owned, new Eip.Intent.At(GATEWAY, B))).contains(B);
    assertThat(Eip.target(owned, new Eip.Intent.At(GATEWAY, A))).isEmpty();
    assertThat(Eip.target(owned, new Eip.Intent.Nowhere())).isEmpty();
    assertThat(Eip.target(new Eip.State.Releasing(NUMBER, BY_A), new Eip.Intent.At(GATEWAY, B)))
        .isEmpty();
  }

  @Test
  void aNewHolderHasTheNextEpochAndTheProofOfTheLast() {
    Decision<EipEvent, Eip.Outcome> decision =
        Eip.decide(
            new Eip.State.Releasing(NUMBER, BY_A),
            new Eip.Intent.At(GATEWAY, B),
            stopped(5, RELEASED),
            NOW);

    assertThat(decision.events())
        .containsExactly(
            new EipReleased(FIVE, RELEASED, NOW),
            new EipAssigned(new Epoch(6), B, GATEWAY, RELEASED, NOW));
  }

  @Test
  void theFirstHolderNeedsNoOthersWord() {
    Eip.State numbered = Eip.evolve(new Eip.State.Unnumbered(), new EipNumbered(NUMBER, NOW));

    assertThat(
            Eip.decide(numbered, new Eip.Intent.At(GATEWAY, A), new Eip.Command.Steer(), NOW)
                .events())
        .containsExactly(
            new EipAssigned(new Epoch(1), A, GATEWAY, new OwnershipProof.NeverHeld(), NOW));
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
            new EipAssigned(new Epoch(6), B, GATEWAY, new OwnershipProof.NeverHeld(), NOW),
            new EipReleaseRequested(new Epoch(4), NOW),
            new EipReleased(new Epoch(4), RELEASED, NOW),
            new EipReleased(FIVE, new OwnershipProof.ReleaseAcknowledged(A_LATER), NOW),
            new EipReleased(FIVE, new OwnershipProof.NeverHeld(), NOW));
    for (EipEvent misfit : misfits) {
      assertThatThrownBy(() -> Eip.evolve(owned, misfit))
          .isInstanceOf(IllegalStateException.class)
          .hasMessageContaining("cannot follow");
    }
  }

  @Test
  void anAssignmentFollowsTheLastEpochAndItsProof() {
    Eip.State unowned = new Eip.State.Unowned(NUMBER, FIVE, CERTIFIED);
    List<EipEvent> misfits =
        List.of(
            new EipAssigned(new Epoch(7), B, GATEWAY, CERTIFIED, NOW),
            new EipAssigned(new Epoch(6), B, GATEWAY, RELEASED, NOW));
    for (EipEvent misfit : misfits) {
      assertThatThrownBy(() -> Eip.evolve(unowned, misfit))
          .isInstanceOf(IllegalStateException.class);
    }
  }

  @Test
  void aMoveNamesTheNextOwnerForGood() {
    Eip.State owned = new Eip.State.Owned(NUMBER, BY_A);
    EipEvent decided = new EipMoveDecided(FIVE, B, GATEWAY, NOW);
    Eip.State moving = new Eip.State.Moving(NUMBER, BY_A, NEXT_BY_B);

    assertThat(
            Eip.decide(owned, new Eip.Intent.At(GATEWAY, B), new Eip.Command.Move(), NOW).events())
        .containsExactly(decided);
    assertThat(Eip.evolve(owned, decided)).isEqualTo(moving);
    for (EipEvent misfit :
        List.of(
            decided,
            new EipReleaseRequested(FIVE, NOW),
            new EipReleased(FIVE, RELEASED, NOW),
            new EipAssigned(new Epoch(6), A_LATER, GATEWAY, RELEASED, NOW),
            new EipMoved(FIVE, RELEASED, NOW),
            new EipMoved(new Epoch(6), new OwnershipProof.ReleaseAcknowledged(B), NOW))) {
      assertThatThrownBy(() -> Eip.evolve(moving, misfit))
          .isInstanceOf(IllegalStateException.class)
          .hasMessageContaining("cannot follow");
    }
  }

  @Test
  void anyProofAboutTheOwnerMakesTheNamedOneTheOwner() {
    Eip.State moving = new Eip.State.Moving(NUMBER, BY_A, NEXT_BY_B);
    Eip.Intent elsewhere = new Eip.Intent.At(GATEWAY, A_LATER);
    for (Eip.Command proved :
        List.of(stopped(5, RELEASED), new Eip.Command.SessionOver(CERTIFIED))) {
      List<EipEvent> events = Eip.decide(moving, elsewhere, proved, NOW).events();

      assertThat(events).hasSize(1);
      assertThat(Eip.evolve(moving, events.getFirst()))
          .isEqualTo(new Eip.State.Owned(NUMBER, NEXT_BY_B));
      assertThat(Eip.entrusted(moving, events)).contains(new Eip.State.Owned(NUMBER, NEXT_BY_B));
    }
  }

  @Test
  void nobodyIsEntrustedWithAnAddressThatTheJournalHasNotNamedHimFor() {
    Eip.State releasing = new Eip.State.Releasing(NUMBER, BY_A);
    List<EipEvent> assigned =
        Eip.decide(releasing, new Eip.Intent.At(GATEWAY, B), stopped(5, RELEASED), NOW).events();

    assertThat(assigned).hasSize(2);
    assertThat(Eip.entrusted(releasing, assigned)).isEmpty();
    assertThat(Eip.entrusted(new Eip.State.Moving(NUMBER, BY_A, NEXT_BY_B), List.of())).isEmpty();
  }

  @Test
  void aMoveThatIsNotWantedAnyMoreIsCarriedOutAndUndone() {
    assertThat(
            Eip.decide(
                    new Eip.State.Moving(NUMBER, BY_A, NEXT_BY_B),
                    new Eip.Intent.Nowhere(),
                    stopped(5, RELEASED),
                    NOW)
                .events())
        .containsExactly(
            new EipMoved(new Epoch(6), RELEASED, NOW), new EipReleaseRequested(new Epoch(6), NOW));
  }

  private static Eip.Command stopped(long epoch, OwnershipProof proof) {
    return new Eip.Command.Stopped(new Epoch(epoch), proof);
  }
}
