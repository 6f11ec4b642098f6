package io.egressgateway.policy.entity;

import static org.assertj.core.api.Assertions.assertThat;

import akka.actor.testkit.typed.javadsl.TestProbe;
import io.egressgateway.core.event.OwnershipProof;
import io.egressgateway.core.lease.Standing;
import io.egressgateway.core.model.MacAddress;
import io.egressgateway.core.model.Revision;
import io.egressgateway.policy.domain.NodeStanding;
import io.egressgateway.policy.plan.OrderRefusal;
import java.time.Duration;
import java.util.Optional;
import org.junit.jupiter.api.Test;

/** How a node's sessions end, and who is told. */
class NodeSessionsTest extends NodeFixture {
  private static final MacAddress MAC = MacAddress.of("02:00:00:00:00:01");

  @Test
  void aSilentSessionIsOverOnceTheWitnessesSaySo() {
    holding();
    watch();
    stood(new NodeStanding(Optional.of(SESSION), NodeStanding.Kind.LEASED));
    stood(new NodeStanding(Optional.of(SESSION), NodeStanding.Kind.SILENT));
    fixture.eips.expectNoMessage(QUIET);

    fixture.witnesses.declareDead(SESSION);

    OwnershipProof proof = sessionOver();
    assertThat(proof.session()).contains(SESSION);
    assertThat(proof).isInstanceOf(OwnershipProof.Certificate.class);
    stood(NodeStanding.unknown());
    grant(2, SESSION);
    assertThat(sessionOver()).isEqualTo(proof);
    beat(SESSION, Standing.LEASED);
    expectOffer(new AgentOffer.Fence(SESSION));
  }

  @Test
  void anOperatorsWordIsJournalledBeforeItIsAnswered() {
    holding();
    watch();
    stood(new NodeStanding(Optional.of(SESSION), NodeStanding.Kind.LEASED));
    TestProbe<GatewayEntity.OrderReply> operator = fixture.probe();
    NodeEntity.AssertFence fence =
        new NodeEntity.AssertFence("me", "unplugged", "gateway/fence/1", operator.ref());

    node.tell(fence);
    assertThat(operator.expectMessageClass(GatewayEntity.OrderDeclined.class).reason())
        .as("its agent speaks")
        .isEqualTo(OrderRefusal.NOTHING_TO_FENCE);

    stood(new NodeStanding(Optional.of(SESSION), NodeStanding.Kind.SILENT));
    node.tell(fence);
    operator.expectMessage(new GatewayEntity.OrderAccepted(fence.order()));
    OwnershipProof proof =
        new OwnershipProof.FenceAsserted(SESSION, "me", "unplugged (order gateway/fence/1)");
    assertThat(sessionOver()).isEqualTo(proof);
    fixture.stop(node);
    node = start();
    node.tell(fence);
    operator.expectMessage(new GatewayEntity.OrderAccepted(fence.order()));
    grant(2, SESSION);
    assertThat(sessionOver()).isEqualTo(proof);
  }

  @Test
  void aNodeThatHasJustStartedAsksWhoSpeaks() {
    beat(SESSION, Standing.LEASED);

    fixture.session.expectMessage(new AgentOffer.Introduce());
  }

  @Test
  void aLaterIncarnationProvesTheEndOfTheFormer() {
    holding();

    beat(SESSION.next(), Standing.UNLEASED);

    assertThat(sessionOver())
        .isEqualTo(new OwnershipProof.LaterIncarnation(SESSION, SESSION.next()));
  }

  @Test
  void aSessionOfAFormerBootIsCertifiedAfterARestart() {
    holding();
    fixture.stop(node);

    node = start();
    watch();
    fixture.witnesses.declareDead(SESSION);

    assertThat(sessionOver()).isInstanceOf(OwnershipProof.Certificate.class);
  }

  @Test
  void aNodeThatWasNotHeardSinceItsRestartIsNotSaidToBeLost() {
    holding();
    fixture.stop(node);

    node = start();
    watch();

    stood(new NodeStanding(Optional.of(SESSION), NodeStanding.Kind.SILENT));
    beat(SESSION, Standing.LEASED);
    attach(Revision.ZERO);
    beat(SESSION, Standing.LEASED);
    stood(new NodeStanding(Optional.of(SESSION), NodeStanding.Kind.LEASED));
  }

  @Test
  void aGateThatIsNotSaidToBeOpenAfterAnAttachmentIsGrantedAgain() {
    holding();
    TestProbe<AgentOffer> next = fixture.probe();

    node.tell(new NodeEntity.Attach(new AgentHello("boot", 1, Revision.ZERO, "test"), next.ref()));

    skipTo(next, Duration.ofSeconds(10), offer(1, SESSION));
  }

  @Test
  void aGatewayThatComesBackIsToldOfTheEndAtOnce() {
    endedAndUnwatched();

    watch();
    node.tell(new NodeEntity.ConflictFound(EIP, MAC));

    fixture.gateways.expectMessage(new GatewayEntity.NodeStood(NODE, NodeStanding.unknown()));
    fixture.gateways.expectMessage(new GatewayEntity.ConflictSeen(EIP, NODE, MAC));
  }

  @Test
  void nothingIsSaidToAGatewayThatComesBackIfAnAgentIsThereThatMayHaveALeaseInAMoment() {
    endedAndUnwatched();
    node.tell(
        new NodeEntity.Attach(
            new AgentHello("next-boot", 1, Revision.ZERO, "test"),
            fixture.<AgentOffer>probe().ref()));

    watch();
    node.tell(new NodeEntity.ConflictFound(EIP, MAC));

    fixture.gateways.expectMessage(new GatewayEntity.ConflictSeen(EIP, NODE, MAC));
  }

  @Test
  void aForeignMachineIsReportedToTheGateways() {
    leased();
    watch();

    conflictSeen();
  }

  /** The session has ended, and the only gateway that watched does not any more. */
  private void endedAndUnwatched() {
    holding();
    watch();
    stood(new NodeStanding(Optional.of(SESSION), NodeStanding.Kind.SILENT));
    fixture.witnesses.declareDead(SESSION);
    sessionOver();
    conflictSeen();
    for (int i = 0; i < 5; i++) {
      node.tell(new NodeEntity.Renew());
    }
  }

  /** What was to be said to the gateway before has been said. */
  private void conflictSeen() {
    node.tell(new NodeEntity.ConflictFound(EIP, MAC));
    skipTo(fixture.gateways, Duration.ofSeconds(5), new GatewayEntity.ConflictSeen(EIP, NODE, MAC));
  }
}
