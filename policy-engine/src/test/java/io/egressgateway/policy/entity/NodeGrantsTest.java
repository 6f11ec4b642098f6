package io.egressgateway.policy.entity;

import static org.assertj.core.api.Assertions.assertThat;

import akka.actor.testkit.typed.javadsl.FishingOutcomes;
import akka.actor.testkit.typed.javadsl.TestProbe;
import io.egressgateway.core.event.OwnershipProof;
import io.egressgateway.core.lease.Standing;
import io.egressgateway.core.model.EipNumber;
import io.egressgateway.core.model.Epoch;
import io.egressgateway.core.model.Ipv4Address;
import io.egressgateway.core.model.Revision;
import io.egressgateway.core.model.WitnessLoss;
import io.egressgateway.core.plan.NodePlan;
import io.egressgateway.policy.domain.NodeStanding;
import java.time.Duration;
import java.util.Optional;
import org.junit.jupiter.api.Test;

/** What becomes of grants and withdrawals at a node. */
class NodeGrantsTest extends NodeFixture {
  @Test
  void aGrantIsPassedOnUntilTheGateIsOpen() {
    leased();
    grant(1, SESSION);
    fixture.session.expectMessage(Duration.ofSeconds(5), offer(1, SESSION));
    fixture.session.expectMessage(Duration.ofSeconds(5), offer(1, SESSION));
    fixture.eips.expectNoMessage(QUIET);

    node.tell(new NodeEntity.EipOpened(SESSION.next(), EIP, new Epoch(1)));
    node.tell(new NodeEntity.EipOpened(SESSION, EIP, new Epoch(2)));
    fixture.eips.expectNoMessage(QUIET);
    node.tell(new NodeEntity.EipOpened(SESSION, EIP, new Epoch(1)));

    fixture.eips.expectMessage(new EipEntity.GrantOpened(SESSION, new Epoch(1)));
    grant(1, SESSION);
    fixture.eips.expectMessage(new EipEntity.GrantOpened(SESSION, new Epoch(1)));
  }

  @Test
  void aBurstOfGrantsIsOneWrite() {
    leased();
    for (int i = 0; i < 200; i++) {
      node.tell(
          new NodeEntity.GrantEip(new Ipv4Address(i), new EipNumber(i + 1), new Epoch(1), SESSION));
    }

    for (int i = 0; i < 200; i++) {
      fixture.session.expectMessageClass(AgentOffer.Grant.class);
    }
    node.tell(new NodeEntity.EipOpened(SESSION, new Ipv4Address(199), new Epoch(1)));
    fixture.eips.expectMessage(new EipEntity.GrantOpened(SESSION, new Epoch(1)));
    assertThat(fixture.journal.persistedInStorage("node|" + NODE)).hasSizeGreaterThan(199);
  }

  /** The proof goes from the agent to the address's ledger, past the node. */
  @Test
  void aWithdrawnAddressStaysInThePlanUntilTheAgentHasClosedItsGate() {
    NodePlan with = holding();
    withdraw(1, SESSION);
    applied(with.revision());

    expectOffer(new AgentOffer.Release(EIP, new Epoch(1), SESSION));
    assertThat(with.ownership().held()).isNotEmpty();
    released(1);

    NodePlan without =
        fixture.session.expectMessageClass(AgentOffer.ChangedPlan.class).delta().applyTo(with);
    assertThat(without.ownership().held()).isEmpty();
    fixture.eips.expectNoMessage(QUIET);
  }

  @Test
  void aWithdrawalIsRepeatedAfterARestart() {
    holding();
    withdraw(1, SESSION);
    expectOffer(new AgentOffer.Release(EIP, new Epoch(1), SESSION));
    fixture.stop(node);

    node = start();
    attach(Revision.ZERO);
    beat(SESSION, Standing.LEASED);
    withdraw(1, SESSION);

    expectOffer(new AgentOffer.Release(EIP, new Epoch(1), SESSION));
    fixture.eips.expectNoMessage(QUIET);
  }

  @Test
  void whatASessionGivesBackUnaskedIsTakenFromItForGood() {
    holding();

    released(1);
    grant(1, SESSION);
    expectOffer(new AgentOffer.Release(EIP, new Epoch(1), SESSION));
  }

  @Test
  void aGrantThatComesAfterItsWithdrawalIsNotFollowed() {
    leased();
    withdraw(1, SESSION);
    fixture.session.expectMessage(new AgentOffer.Release(EIP, new Epoch(1), SESSION));
    fixture.eips.expectNoMessage(QUIET);
    released(1);

    grant(1, SESSION);
    expectOffer(new AgentOffer.Release(EIP, new Epoch(1), SESSION));
    released(1);

    watch();
    assertThat(
            fixture.session.fishForMessage(
                Duration.ofSeconds(10),
                message ->
                    message instanceof AgentOffer.Enlist
                        ? FishingOutcomes.complete()
                        : FishingOutcomes.continueAndCollect()))
        .noneMatch(AgentOffer.Grant.class::isInstance);
  }

  @Test
  void aSessionThatIsNotTheNodesOwnGetsNothing() {
    leased();

    grant(1, SESSION.next());

    fixture.session.expectMessage(new AgentOffer.Release(EIP, new Epoch(1), SESSION.next()));
    fixture.eips.expectNoMessage(QUIET);
    fixture.witnesses.declareDead(SESSION.next());
    assertThat(sessionOver()).isInstanceOf(OwnershipProof.Certificate.class);
  }

  @Test
  void aGrantDoesNotWaitForTheNodesJournalButCountsOnlyOnceItIsThere() {
    leased();
    fixture.journal.failNextPersisted("node|" + NODE);
    grant(1, SESSION);
    fixture.session.expectMessage(offer(1, SESSION));
    opened(1);
    fixture.eips.expectNoMessage(QUIET);

    leased();
    opened(1);
    fixture.eips.expectNoMessage(QUIET);
    grant(1, SESSION);
    expectOffer(offer(1, SESSION));
    opened(1);

    fixture.eips.expectMessage(new EipEntity.GrantOpened(SESSION, new Epoch(1)));
  }

  @Test
  void aGrantThatTheJournalDoesNotHaveMayBeHeldAllTheSame() {
    leased();
    fixture.journal.failNextPersisted("node|" + NODE);
    grant(1, SESSION);
    fixture.session.expectMessage(offer(1, SESSION));

    leased();
    withdraw(1, SESSION);

    expectOffer(new AgentOffer.Release(EIP, new Epoch(1), SESSION));
    fixture.eips.expectNoMessage(QUIET);
    released(1);
  }

  @Test
  void aDeletedNodeHoldsWhatItHeld() {
    holding();

    node.tell(new NodeEntity.Remove(fixture.reports.ref()));

    fixture.eips.expectNoMessage(QUIET);
    withdraw(1, SESSION);
    expectOffer(new AgentOffer.Release(EIP, new Epoch(1), SESSION));
    grant(2, SESSION);
    expectOffer(new AgentOffer.Release(EIP, new Epoch(2), SESSION));
  }

  @Test
  void whatIsHeldOnIsAskedForAfterTheAgentsRestartAndGivenBackInTheFormerName() {
    watch();
    leased();
    node.tell(new NodeEntity.GrantEip(EIP, NUMBER, new Epoch(1), SESSION, WitnessLoss.HOLD));
    AgentOffer held = new AgentOffer.Grant(EIP, new Epoch(1), SESSION, WitnessLoss.HOLD);
    expectOffer(held);
    opened(1);
    fixture.eips.expectMessage(new EipEntity.GrantOpened(SESSION, new Epoch(1)));

    beat(SESSION.next(), Standing.HOLDING);
    stood(new NodeStanding(Optional.of(SESSION.next()), NodeStanding.Kind.HOLDING));
    fixture.eips.expectNoMessage(QUIET);
    TestProbe<AgentOffer> restarted = fixture.probe();
    node.tell(
        new NodeEntity.Attach(new AgentHello("boot", 2, Revision.ZERO, "test"), restarted.ref()));

    restarted.fishForMessage(
        Duration.ofSeconds(10),
        message ->
            message.equals(held)
                ? FishingOutcomes.complete()
                : FishingOutcomes.continueAndIgnore());
    released(1);
  }

  @Test
  void whoHoldsOnToWhatIsOverIsToldToStop() {
    leased();
    grant(2, SESSION);
    withdraw(2, SESSION);
    expectOffer(new AgentOffer.Release(EIP, new Epoch(2), SESSION));
    released(2);

    node.tell(new NodeEntity.EipOpened(SESSION, EIP, new Epoch(1)));
    expectOffer(new AgentOffer.Release(EIP, new Epoch(1), SESSION));
  }
}
