package io.egressgateway.policy.entity;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import akka.actor.testkit.typed.javadsl.FishingOutcomes;
import akka.actor.testkit.typed.javadsl.TestProbe;
import io.egressgateway.core.event.NodeEvent;
import io.egressgateway.core.event.OwnershipProof;
import io.egressgateway.core.lease.Standing;
import io.egressgateway.core.model.Epoch;
import io.egressgateway.core.model.GatewayName;
import io.egressgateway.core.model.Revision;
import io.egressgateway.core.model.WitnessLoss;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** What becomes of a node that keeps its lease while no controller hears it. */
class NodeDenialTest extends NodeFixture {
  private static final Duration LONGER =
      EntityFixture.CONTROL_STALE_TIMEOUT.plus(Duration.ofSeconds(2));

  @BeforeEach
  void dismissTheUnheard() {
    fixture.stop(node);
    fixture.dismissTheUnheard();
    node = start();
  }

  @Test
  void itIsDeniedInTheJournalAndAtTheWitnessesAndMovesOnlyByTheirCertificate() {
    holding();
    watch();
    awaitDenial();

    assertThat(journal()).containsOnlyOnce(new NodeEvent.SessionDenied(SESSION, Instant.EPOCH));
    assertThat(fixture.watch().denials()).containsExactly(NODE);
    fixture.eips.expectNoMessage(QUIET);
    fixture.witnesses.declareDead(SESSION);

    assertThat(sessionOver()).isInstanceOf(OwnershipProof.Certificate.class);
  }

  @Test
  void aSuccessorGoesOnAskingAndWhoSpeaksMeanwhileIsFenced() {
    holding();
    watch();
    awaitDenial();
    fixture.stop(node);
    fixture.witnesses.forgetDenials();

    node = start();
    awaitDenial();
    leased();

    expectOffer(new AgentOffer.Fence(SESSION));
    grant(2, SESSION);
    expectOffer(new AgentOffer.Release(EIP, new Epoch(2), SESSION));
    beat(SESSION.next(), Standing.UNLEASED);
    assertThat(sessionOver())
        .isEqualTo(new OwnershipProof.LaterIncarnation(SESSION, SESSION.next()));
  }

  @Test
  void itIsNotToldAgainWhatItWasGranted() {
    leased();
    watch();
    grant(1, SESSION);
    expectOffer(offer(1, SESSION));
    awaitDenial();
    TestProbe<AgentOffer> again = fixture.probe();
    node.tell(new NodeEntity.Attach(new AgentHello("boot", 1, Revision.ZERO, "test"), again.ref()));
    node.tell(new NodeEntity.Beat(again.ref(), SESSION, Standing.LEASED));

    again.fishForMessage(
        Duration.ofSeconds(5),
        message -> {
          assertThat(message).isNotInstanceOf(AgentOffer.Grant.class);
          return message.equals(new AgentOffer.Fence(SESSION))
              ? FishingOutcomes.complete()
              : FishingOutcomes.continueAndIgnore();
        });
  }

  @Test
  void notWhileAGatewayHasNowhereElseToGo() throws InterruptedException {
    holding();
    watch();
    node.tell(new NodeEntity.Watch(new GatewayName("with-one-node"), NodeEntity.Relief.NONE));

    Thread.sleep(LONGER);
    assertThat(fixture.witnesses.denied()).isEmpty();
    node.tell(new NodeEntity.Watch(new GatewayName("with-one-node"), NodeEntity.Relief.READY));
    awaitDenial();
  }

  @Test
  void notForWhatNoCertificateWouldFree() throws InterruptedException {
    watch();
    leased();
    node.tell(new NodeEntity.GrantEip(EIP, NUMBER, new Epoch(1), SESSION, WitnessLoss.HOLD));

    Thread.sleep(LONGER);
    assertThat(fixture.witnesses.denied()).isEmpty();
  }

  private List<Object> journal() {
    return fixture.journal.persistedInStorage("node|" + NODE);
  }

  private void awaitDenial() {
    await()
        .atMost(Duration.ofSeconds(10))
        .untilAsserted(() -> assertThat(fixture.witnesses.denied()).containsExactly(SESSION));
  }
}
