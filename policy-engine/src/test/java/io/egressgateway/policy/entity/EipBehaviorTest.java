package io.egressgateway.policy.entity;

import static org.assertj.core.api.Assertions.assertThat;

import akka.actor.testkit.typed.javadsl.FishingOutcomes;
import akka.actor.testkit.typed.javadsl.TestProbe;
import akka.actor.typed.ActorRef;
import io.egressgateway.core.event.EipEvent;
import io.egressgateway.core.event.OwnershipProof;
import io.egressgateway.core.model.EipNumber;
import io.egressgateway.core.model.Epoch;
import io.egressgateway.core.model.GatewayName;
import io.egressgateway.core.model.IpAddress;
import io.egressgateway.core.model.NodeName;
import io.egressgateway.core.model.NodeSession;
import io.egressgateway.policy.domain.Holding;
import io.egressgateway.policy.domain.NumberSpace;
import io.egressgateway.policy.domain.Tenure;
import io.egressgateway.policy.plan.EipRoute;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.TreeSet;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

class EipBehaviorTest {
  private static final IpAddress EIP = SampleMessages.EIP;
  private static final GatewayName GATEWAY = SampleMessages.GATEWAY;
  private static final NodeSession A = new NodeSession(new NodeName("a"), "boot", 1);
  private static final NodeSession B = new NodeSession(new NodeName("b"), "boot", 1);
  private static final NodeSession C = new NodeSession(new NodeName("c"), "boot", 1);
  private static final OwnershipProof CERTIFICATE =
      new OwnershipProof.Certificate(A, 1, new TreeSet<>(List.of(0, 1)));
  private static final NodeName WORKER = new NodeName("worker");
  private static final EipNumber NUMBER = new EipNumber(1);
  private static final Duration PATIENCE = Duration.ofSeconds(10);
  private static final Duration QUIET = Duration.ofMillis(200);
  private static final String ID = "eip|" + EIP;

  private final EntityFixture fixture = new EntityFixture();
  private ActorRef<EipEntity.Command> eip = start();

  private ActorRef<EipEntity.Command> start() {
    return fixture.start(EipBehavior.create(EIP, fixture.environment()));
  }

  @AfterEach
  void stop() {
    fixture.close();
  }

  @Test
  void anAddressIsGrantedUntilTheSessionHasItsGateOpen() {
    assigned();
    await(fixture.nodes, grant(1, A));
    await(fixture.nodes, grant(1, A));

    eip.tell(new EipEntity.GrantOpened(A.next(), new Epoch(1)));
    eip.tell(new EipEntity.GrantOpened(A, new Epoch(2)));
    fixture.gateways.expectNoMessage(QUIET);
    eip.tell(new EipEntity.GrantOpened(A, new Epoch(1)));

    await(fixture.gateways, owner(new Holding.Programmed(A.node()), A, 1));
  }

  @Test
  void aPlannedMoveIsPreparedThenReleasedThenGranted() {
    programmed();
    eip.tell(new EipEntity.Assign(GATEWAY, B));
    await(fixture.nodes, new NodeEntity.PrepareEip(EIP, NUMBER));
    await(fixture.nodes, new NodeEntity.HandOverFlows(new FlowParcel.Eip(EIP, NUMBER), B.node()));
    fixture.nodes.expectNoMessage(QUIET);

    eip.tell(new EipEntity.EipPrepared(B.node()));
    eip.tell(new EipEntity.FlowsHanded(C.node()));
    fixture.nodes.expectNoMessage(QUIET);
    eip.tell(new EipEntity.FlowsHanded(B.node()));

    await(fixture.nodes, withdraw(1, A));
    await(fixture.gateways, owner(new Holding.Leaving(A.node()), A, 1));
    eip.tell(new EipEntity.Stopped(new Epoch(1), new OwnershipProof.ReleaseAcknowledged(A)));
    await(fixture.nodes, grant(2, B));
    await(fixture.gateways, owner(new Holding.Assigned(B.node()), B, 2));
    assertThat(fixture.watch().proofs())
        .containsExactly(new OwnershipProof.NeverHeld(), new OwnershipProof.ReleaseAcknowledged(A));
  }

  @Test
  void aTargetThatDoesNotGetReadyIsNotWaitedForLong() {
    programmed();

    eip.tell(new EipEntity.Assign(GATEWAY, B));

    await(fixture.nodes, withdraw(1, A));
    await(fixture.nodes, withdraw(1, A));
  }

  @Test
  void aMoveThatWasDecidedGoesWhereItWasSaidAndOnlyThenElsewhere() {
    moving();

    eip.tell(new EipEntity.Assign(GATEWAY, C));
    eip.tell(new EipEntity.Stopped(new Epoch(1), new OwnershipProof.ReleaseAcknowledged(A)));

    await(fixture.nodes, grant(2, B));
    eip.tell(new EipEntity.Assign(GATEWAY, C));
    await(fixture.nodes, withdraw(2, B));
  }

  /** R8: the move is in the journal; that its proof is not there yet holds nobody up. */
  @Test
  void theNextHolderAndTheSendersAreToldBeforeTheProofIsWritten() {
    programmed();
    eip.tell(new EipEntity.Subscribe(WORKER, Optional.empty()));
    decideOnB();
    fixture.journal.failNextPersisted(ID);

    eip.tell(new EipEntity.Stopped(new Epoch(1), new OwnershipProof.ReleaseAcknowledged(A)));

    await(fixture.nodes, grant(2, B));
    await(
        fixture.nodes,
        new NodeEntity.EipRouted(EIP, new EipRoute(NUMBER, Optional.of(B.node()), new Epoch(2))));
    assertThat(fixture.journal.persistedInStorage(ID).getLast())
        .isEqualTo(new EipEvent.EipMoveDecided(new Epoch(1), B, GATEWAY, Instant.EPOCH));
    // Whoever comes after asks the holder again, and can only do the same.
    await(fixture.nodes, withdraw(1, A));
    eip.tell(new EipEntity.Assign(GATEWAY, C));
    eip.tell(new EipEntity.Stopped(new Epoch(1), new OwnershipProof.ReleaseAcknowledged(A)));
    await(fixture.nodes, grant(2, B));
  }

  @Test
  void theEndOfTheHoldersSessionEndsAMoveAsItsWordWould() {
    moving();
    eip.tell(new EipEntity.Assign(GATEWAY, C));

    eip.tell(new EipEntity.SessionOver(CERTIFICATE));

    await(fixture.nodes, grant(2, B));
    await(fixture.gateways, owner(new Holding.Assigned(B.node()), B, 2));
    assertThat(fixture.journal.persistedInStorage(ID))
        .contains(new EipEvent.EipMoved(new Epoch(2), CERTIFICATE, Instant.EPOCH));
  }

  @Test
  void theNextHolderIsKeptReadyWhileTheHolderIsAsked() {
    moving();

    await(fixture.nodes, new NodeEntity.PrepareEip(EIP, NUMBER));
    await(fixture.nodes, withdraw(1, A));
    await(fixture.nodes, new NodeEntity.PrepareEip(EIP, NUMBER));
  }

  @Test
  void theEndOfASessionMovesTheAddressInOneWrite() {
    programmed();
    eip.tell(new EipEntity.Assign(GATEWAY, B));
    await(fixture.nodes, new NodeEntity.PrepareEip(EIP, NUMBER));

    eip.tell(new EipEntity.SessionOver(CERTIFICATE));

    await(fixture.nodes, grant(2, B));
    assertThat(fixture.journal.persistedInStorage(ID).getLast())
        .isEqualTo(new EipEvent.EipAssigned(new Epoch(2), B, GATEWAY, CERTIFICATE, Instant.EPOCH));

    eip.tell(new EipEntity.GrantOpened(B, new Epoch(2)));
    Awaitility.await().atMost(PATIENCE).until(() -> fixture.watch().takeovers() == 1);
    assertThat(fixture.watch().proofs())
        .containsExactly(new OwnershipProof.NeverHeld(), CERTIFICATE);
    assertThat(fixture.watch().writes()).isPositive();
  }

  @Test
  void theEndOfASessionWaitsALittleForTheGatewaysChoice() {
    programmed();

    eip.tell(new EipEntity.SessionOver(CERTIFICATE));
    await(fixture.gateways, owner(new Holding.Nobody(), A, 1));
    eip.tell(new EipEntity.Assign(GATEWAY, B));

    await(fixture.nodes, grant(2, B));
    await(fixture.gateways, owner(new Holding.Assigned(B.node()), B, 2));
  }

  @Test
  void theEndOfASessionIsJournalledWhenNobodyChooses() {
    programmed();

    eip.tell(new EipEntity.SessionOver(CERTIFICATE));

    Awaitility.await()
        .atMost(PATIENCE)
        .until(
            () ->
                fixture
                    .journal
                    .persistedInStorage(ID)
                    .getLast()
                    .equals(new EipEvent.EipReleased(new Epoch(1), CERTIFICATE, Instant.EPOCH)));
    Awaitility.await()
        .atMost(PATIENCE)
        .untilAsserted(
            () -> assertThat(fixture.watch().releases()).containsExactly(EIP + " of " + GATEWAY));
    eip.tell(new EipEntity.Assign(GATEWAY, A));
    await(
        fixture.gateways,
        new GatewayEntity.OwnerChanged(
            EIP, new Tenure(new Holding.Nobody(), Optional.empty(), new Epoch(1))));
  }

  @Test
  void theEndOfAnotherSessionMeansNothing() {
    programmed();
    eip.tell(new EipEntity.Assign(GATEWAY, B));
    await(fixture.nodes, new NodeEntity.PrepareEip(EIP, NUMBER));
    await(fixture.nodes, new NodeEntity.HandOverFlows(new FlowParcel.Eip(EIP, NUMBER), B.node()));

    eip.tell(new EipEntity.SessionOver(new OwnershipProof.FenceAsserted(A.next(), "jane", "off")));
    eip.tell(new EipEntity.Stopped(new Epoch(1), new OwnershipProof.ReleaseAcknowledged(B)));

    fixture.nodes.expectNoMessage(QUIET);
  }

  @Test
  void whatASessionGivesBackUnaskedIsNotForcedOnItAgain() {
    programmed();
    eip.tell(new EipEntity.Stopped(new Epoch(1), new OwnershipProof.ReleaseAcknowledged(A)));

    await(
        fixture.gateways,
        new GatewayEntity.OwnerChanged(
            EIP, new Tenure(new Holding.Nobody(), Optional.empty(), new Epoch(1))));
    eip.tell(new EipEntity.Assign(GATEWAY, B));
    await(fixture.nodes, grant(2, B));
  }

  @Test
  void aLaterSessionOfTheSameNodeGetsTheNextEpoch() {
    programmed();
    eip.tell(new EipEntity.Assign(GATEWAY, A.next()));

    eip.tell(new EipEntity.SessionOver(new OwnershipProof.LaterIncarnation(A, A.next())));

    await(fixture.nodes, grant(2, A.next()));
  }

  @Test
  void subscribersFollowTheAddress() {
    eip.tell(new EipEntity.Subscribe(WORKER, Optional.empty()));
    assigned();
    await(
        fixture.nodes,
        new NodeEntity.EipRouted(EIP, new EipRoute(NUMBER, Optional.of(A.node()), new Epoch(1))));
    eip.tell(new EipEntity.GrantOpened(A, new Epoch(1)));

    eip.tell(new EipEntity.Unassign(GATEWAY));
    await(fixture.nodes, withdraw(1, A));
    eip.tell(
        new EipEntity.Subscribe(
            WORKER, Optional.of(new EipRoute(NUMBER, Optional.of(A.node()), new Epoch(1)))));
    eip.tell(new EipEntity.Stopped(new Epoch(1), new OwnershipProof.ReleaseAcknowledged(A)));

    await(
        fixture.nodes,
        new NodeEntity.EipRouted(EIP, new EipRoute(NUMBER, Optional.empty(), new Epoch(1))));
    await(
        fixture.gateways,
        new GatewayEntity.OwnerChanged(
            EIP, new Tenure(new Holding.Nobody(), Optional.empty(), new Epoch(1))));
  }

  @Test
  void anotherGatewayHasToWait() {
    programmed();
    GatewayName other = new GatewayName("other");

    eip.tell(new EipEntity.Assign(other, B));

    await(fixture.gateways, owner(new Holding.Occupied(GATEWAY), A, 1));
    eip.tell(new EipEntity.Assign(GATEWAY, A));
    await(fixture.gateways, owner(new Holding.Programmed(A.node()), A, 1));
  }

  @Test
  void aHolderIsAskedAgainAfterARestart() {
    programmed();
    fixture.stop(eip);

    eip = start();

    await(fixture.nodes, grant(1, A));
    eip.tell(new EipEntity.GrantOpened(A, new Epoch(1)));
    await(fixture.gateways, owner(new Holding.Programmed(A.node()), A, 1));
    eip.tell(new EipEntity.Inquire(GATEWAY));
    await(fixture.gateways, owner(new Holding.Programmed(A.node()), A, 1));
  }

  /** R8: of two copies the journal lets one write; the other one starts anew and agrees with it. */
  @Test
  void ofTwoCopiesOneWrites() {
    programmed();
    ActorRef<EipEntity.Command> copy = start();
    await(fixture.nodes, grant(1, A));
    eip.tell(new EipEntity.SessionOver(CERTIFICATE));
    eip.tell(new EipEntity.Assign(GATEWAY, B));
    await(fixture.nodes, grant(2, B));

    fixture.journal.failNextPersisted(ID);
    copy.tell(new EipEntity.Assign(GATEWAY, C));
    copy.tell(new EipEntity.SessionOver(CERTIFICATE));

    await(fixture.nodes, grant(2, B));
    assertThat(fixture.journal.persistedInStorage(ID)).hasSize(4);
  }

  private void moving() {
    programmed();
    decideOnB();
  }

  private void decideOnB() {
    eip.tell(new EipEntity.Assign(GATEWAY, B));
    await(fixture.nodes, new NodeEntity.HandOverFlows(new FlowParcel.Eip(EIP, NUMBER), B.node()));
    eip.tell(new EipEntity.EipPrepared(B.node()));
    eip.tell(new EipEntity.FlowsHanded(B.node()));
    await(fixture.nodes, withdraw(1, A));
  }

  private void programmed() {
    assigned();
    eip.tell(new EipEntity.GrantOpened(A, new Epoch(1)));
    await(fixture.gateways, owner(new Holding.Programmed(A.node()), A, 1));
    await(fixture.nodes, grant(1, A));
  }

  private void assigned() {
    eip.tell(new EipEntity.Assign(GATEWAY, A));
    NumberingEntity.Assign asked = fixture.numbers.expectMessageClass(NumberingEntity.Assign.class);
    asked.replyTo().tell(new NumberingEntity.Numbered(NumberSpace.EIP, asked.name(), 1));
    await(fixture.gateways, owner(new Holding.Assigned(A.node()), A, 1));
  }

  private static NodeEntity.Command grant(long epoch, NodeSession session) {
    return new NodeEntity.GrantEip(EIP, NUMBER, new Epoch(epoch), session);
  }

  private static NodeEntity.Command withdraw(long epoch, NodeSession session) {
    return new NodeEntity.WithdrawEip(EIP, new Epoch(epoch), session);
  }

  private static GatewayEntity.Command owner(Holding holding, NodeSession session, long epoch) {
    return new GatewayEntity.OwnerChanged(
        EIP, new Tenure(holding, Optional.of(session), new Epoch(epoch)));
  }

  private static <C> void await(TestProbe<C> probe, C wanted) {
    probe.fishForMessage(
        PATIENCE,
        message ->
            message.equals(wanted)
                ? FishingOutcomes.complete()
                : FishingOutcomes.continueAndIgnore());
  }
}
