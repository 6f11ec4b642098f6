package io.egressgateway.policy.entity;

import static org.assertj.core.api.Assertions.assertThat;

import io.egressgateway.core.model.IpAddress;
import io.egressgateway.core.model.NodeNumber;
import io.egressgateway.core.model.Revision;
import io.egressgateway.core.plan.NodePlan;
import io.egressgateway.core.plan.PlanDelta;
import io.egressgateway.policy.plan.NodePlanner;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;

/** What a node's agent is offered, and when. */
class NodePlansTest extends NodeFixture {
  @Test
  void nothingIsOfferedBeforeEverythingHasBeenAnswered() {
    attach(Revision.ZERO);
    observe();
    fixture.session.expectNoMessage(QUIET);
    endpoints(POD);
    fixture.session.expectNoMessage(QUIET);
    bind();
    fixture.session.expectNoMessage(Duration.ofMillis(100));

    route(Optional.of(NODE));

    NodePlan plan = offered();
    assertThat(plan.selection().endpoints()).containsOnlyKeys(POD);
    assertThat(plan.ownership().routes()).containsEntry(NUMBER, new NodeNumber(1));
  }

  @Test
  void aSilentPolicyHoldsNothingElseUpForLong() {
    attach(Revision.ZERO);
    observe();
    endpoints(POD);

    NodePlan plan = offered();

    assertThat(plan.selection().rules())
        .allMatch(rule -> rule.eip().equals(NodePlanner.NOWHERE))
        .isNotEmpty();
    assertThat(plan.ownership().routes()).isEmpty();
  }

  @Test
  void aBurstIsOnePlanAndADelta() {
    complete();
    NodePlan first = offered();
    applied(first.revision());

    for (int i = 3; i < 100; i++) {
      endpoints(POD, IpAddress.of("10.244.1." + i));
    }

    PlanDelta delta = fixture.session.expectMessageClass(AgentOffer.ChangedPlan.class).delta();
    assertThat(delta.base()).isEqualTo(first.revision());
    assertThat(delta.applyTo(first).selection().endpoints()).hasSizeGreaterThan(1);
  }

  @Test
  void onlyOnePlanIsOnItsWay() {
    complete();
    NodePlan first = offered();
    endpoints(POD, IpAddress.of("10.244.1.3"));
    fixture.session.expectNoMessage(QUIET);
    endpoints(POD, IpAddress.of("10.244.1.3"), IpAddress.of("10.244.1.4"));
    fixture.session.expectNoMessage(Duration.ofMillis(100));

    applied(first.revision());

    PlanDelta delta = fixture.session.expectMessageClass(AgentOffer.ChangedPlan.class).delta();
    assertThat(delta.applyTo(first).selection().endpoints()).hasSize(3);
    assertThat(delta.revision()).as("one plan was made").isEqualTo(first.revision().next());
  }

  @Test
  void asLongAsThereIsNoAgentNothingIsPlanned() throws InterruptedException {
    observe();
    endpoints(POD);
    bind();
    route(Optional.of(NODE));
    for (int i = 3; i < 6; i++) {
      endpoints(POD, IpAddress.of("10.244.1." + i));
      Thread.sleep(QUIET.toMillis());
    }

    attach(Revision.ZERO);

    NodePlan plan = offered();
    assertThat(plan.revision()).as("one plan was made").isEqualTo(new Revision(1));
    assertThat(plan.selection().endpoints()).hasSize(2);
  }

  @Test
  void revisionsGoOnGrowingAfterARestart() {
    complete();
    Revision before = offered().revision();
    fixture.stop(node);

    node = start();
    complete();

    assertThat(offered().revision()).isGreaterThan(before);
  }

  @Test
  void anAgentAheadOfTheJournalGetsAHigherRevision() {
    attach(new Revision(5_000));
    observe();
    endpoints();

    assertThat(offered().revision()).isGreaterThan(new Revision(5_000));
  }

  @Test
  void whatAnAgentFailsAtIsOfferedAgainAsAWhole() {
    complete();
    NodePlan first = offered();
    applied(first.revision());
    endpoints(POD, IpAddress.of("10.244.1.3"));
    PlanDelta delta = fixture.session.expectMessageClass(AgentOffer.ChangedPlan.class).delta();

    node.tell(
        new NodeEntity.PlanFailed(
            fixture.session.ref(),
            delta.revision(),
            List.of(new AgentFault("add route", "table 1", "EPERM"))));

    assertThat(offered()).isEqualTo(delta.applyTo(first));
  }

  @Test
  void anEarlierStartOfTheAgentDoesNotTakeOver() {
    attach(Revision.ZERO);
    var late = fixture.<AgentOffer>probe();

    node.tell(new NodeEntity.Attach(new AgentHello("boot", 0, Revision.ZERO, "test"), late.ref()));

    late.expectMessage(new AgentOffer.Superseded());
    complete();
    offered();
  }

  @Test
  void aWatchedNodeIsEnlistedAndPreparedOnRequest() {
    attach(Revision.ZERO);
    observe();
    endpoints();
    NodePlan first = offered();
    applied(first.revision());
    watch();
    assertThat(fixture.session.expectMessageClass(AgentOffer.Enlist.class).membership())
        .isEqualTo("three");

    node.tell(new NodeEntity.PrepareEip(EIP, NUMBER));

    NodePlan ready =
        fixture.session.expectMessageClass(AgentOffer.ChangedPlan.class).delta().applyTo(first);
    assertThat(ready.ownership().held()).containsEntry(NUMBER, EIP);
    fixture.eips.expectNoMessage(QUIET);
    applied(ready.revision());
    fixture.eips.expectMessage(new EipEntity.EipPrepared(NODE));
    node.tell(new NodeEntity.PrepareEip(EIP, NUMBER));
    fixture.eips.expectMessage(new EipEntity.EipPrepared(NODE));
  }
}
