package io.egressgateway.policy.domain;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.egressgateway.core.event.EipEvent;
import io.egressgateway.core.event.EipEvent.EipAssigned;
import io.egressgateway.core.event.EipEvent.EipMoveDecided;
import io.egressgateway.core.event.EipEvent.EipMoved;
import io.egressgateway.core.event.EipEvent.EipReleased;
import io.egressgateway.core.event.OwnershipProof;
import io.egressgateway.core.model.EipNumber;
import io.egressgateway.core.model.Epoch;
import io.egressgateway.core.model.GatewayName;
import io.egressgateway.core.model.NodeName;
import io.egressgateway.core.model.NodeSession;
import io.egressgateway.core.model.WitnessLoss;
import java.time.Instant;
import java.util.List;
import java.util.TreeSet;
import org.junit.jupiter.api.Test;

/** The ledger of an address that its node holds without a lease. */
class HeldEipTest {
  private static final Instant NOW = Instant.EPOCH;
  private static final GatewayName GATEWAY = new GatewayName("gateway");
  private static final NodeSession A = new NodeSession(new NodeName("a"), "boot", 1);
  private static final NodeSession A_REBOOTED = new NodeSession(A.node(), "other", 0);
  private static final NodeSession B = new NodeSession(new NodeName("b"), "boot", 1);
  private static final EipNumber NUMBER = new EipNumber(7);
  private static final Epoch FIVE = new Epoch(5);
  private static final OwnershipProof CERTIFIED =
      new OwnershipProof.Certificate(A, 3, new TreeSet<>(List.of(0, 1)));
  private static final OwnershipProof LATER = new OwnershipProof.LaterIncarnation(A, A.next());
  private static final OwnershipProof FENCED =
      new OwnershipProof.FenceAsserted(A, "jane", "unplugged");
  private static final OwnershipProof RELEASED = new OwnershipProof.ReleaseAcknowledged(A);
  private static final Eip.Ownership BY_A = new Eip.Ownership(FIVE, A, GATEWAY, WitnessLoss.HOLD);
  private static final Eip.State OWNED = new Eip.State.Owned(NUMBER, BY_A);
  private static final Eip.State RELEASING = new Eip.State.Releasing(NUMBER, BY_A);

  private static final Eip.State MOVING =
      new Eip.State.Moving(
          NUMBER, BY_A, new Eip.Ownership(FIVE.next(), B, GATEWAY, WitnessLoss.HOLD));

  private static Eip.Intent at(NodeSession session, WitnessLoss onLoss) {
    return new Eip.Intent.At(GATEWAY, session, onLoss);
  }

  private static List<EipEvent> decide(Eip.State state, Eip.Intent intent, Eip.Command command) {
    return Eip.decide(state, intent, command, NOW).events();
  }

  @Test
  void theEndOfItsSessionFreesNothing() {
    for (Eip.State state : List.of(OWNED, RELEASING, MOVING)) {
      for (OwnershipProof proof : List.of(CERTIFIED, LATER)) {
        assertThat(
                Eip.decide(state, at(B, WitnessLoss.HOLD), new Eip.Command.SessionOver(proof), NOW))
            .isEqualTo(Decision.nothing(Eip.Outcome.STALE));
        assertThatThrownBy(() -> Eip.evolve(state, new EipReleased(FIVE, proof, NOW)))
            .isInstanceOf(IllegalStateException.class);
        assertThatThrownBy(() -> Eip.evolve(state, new EipMoved(FIVE.next(), proof, NOW)))
            .isInstanceOf(IllegalStateException.class);
      }
    }
  }

  @Test
  void theHoldersWordAndAnOperatorsFreeIt() {
    assertThat(decide(RELEASING, at(B, WitnessLoss.HOLD), new Eip.Command.Stopped(FIVE, RELEASED)))
        .containsExactly(
            new EipReleased(FIVE, RELEASED, NOW),
            new EipAssigned(FIVE.next(), B, GATEWAY, RELEASED, WitnessLoss.HOLD, NOW));
    assertThat(decide(MOVING, at(B, WitnessLoss.HOLD), new Eip.Command.Stopped(FIVE, RELEASED)))
        .containsExactly(new EipMoved(FIVE.next(), RELEASED, NOW));
    assertThat(decide(MOVING, at(B, WitnessLoss.HOLD), new Eip.Command.SessionOver(FENCED)))
        .containsExactly(new EipMoved(FIVE.next(), FENCED, NOW));
    assertThat(decide(OWNED, at(B, WitnessLoss.HOLD), new Eip.Command.SessionOver(FENCED)))
        .containsExactly(
            new EipReleased(FIVE, FENCED, NOW),
            new EipAssigned(FIVE.next(), B, GATEWAY, FENCED, WitnessLoss.HOLD, NOW));
  }

  @Test
  void aLaterSessionOfTheSameBootNeedNotGetItAnew() {
    assertThat(decide(OWNED, at(A.next(), WitnessLoss.HOLD), new Eip.Command.Move())).isEmpty();
    assertThat(decide(OWNED, at(A_REBOOTED, WitnessLoss.HOLD), new Eip.Command.Move()))
        .containsExactly(new EipMoveDecided(FIVE, A_REBOOTED, GATEWAY, WitnessLoss.HOLD, NOW));
  }

  @Test
  void whoeverWantsItOtherwiseGetsItAnewAtTheSameNode() {
    assertThat(decide(OWNED, at(A, WitnessLoss.CLOSE), new Eip.Command.Move()))
        .containsExactly(new EipMoveDecided(FIVE, A, GATEWAY, WitnessLoss.CLOSE, NOW));
    assertThat(decide(RELEASING, at(A, WitnessLoss.CLOSE), new Eip.Command.Stopped(FIVE, RELEASED)))
        .contains(new EipAssigned(FIVE.next(), A, GATEWAY, RELEASED, WitnessLoss.CLOSE, NOW));
  }
}
