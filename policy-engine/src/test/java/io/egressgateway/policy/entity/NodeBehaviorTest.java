package io.egressgateway.policy.entity;

import static org.assertj.core.api.Assertions.assertThat;

import akka.actor.testkit.typed.javadsl.FishingOutcomes;
import akka.actor.typed.ActorRef;
import io.egressgateway.core.event.OwnershipProof;
import io.egressgateway.core.model.Cidr;
import io.egressgateway.core.model.CidrSet;
import io.egressgateway.core.model.EipNumber;
import io.egressgateway.core.model.Epoch;
import io.egressgateway.core.model.FailMode;
import io.egressgateway.core.model.IpAddress;
import io.egressgateway.core.model.NodeName;
import io.egressgateway.core.model.NodeNumber;
import io.egressgateway.core.model.PolicyKey;
import io.egressgateway.core.model.Priority;
import io.egressgateway.core.model.Revision;
import io.egressgateway.core.plan.NodePlan;
import io.egressgateway.core.plan.PlanDelta;
import io.egressgateway.policy.plan.Binding;
import io.egressgateway.policy.plan.EipRoute;
import io.egressgateway.policy.plan.NodeInventory;
import io.egressgateway.policy.plan.NodePlanner;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.SortedSet;
import java.util.TreeMap;
import java.util.TreeSet;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

class NodeBehaviorTest {
  private static final NodeName NODE = new NodeName("worker-1");
  private static final PolicyKey POLICY = SampleMessages.POLICY;
  private static final IpAddress EIP = SampleMessages.EIP;
  private static final IpAddress POD = IpAddress.of("10.244.1.2");
  private static final EipNumber NUMBER = new EipNumber(5);
  private static final Duration QUIET = Duration.ofMillis(300);

  private final EntityFixture fixture = new EntityFixture();
  private ActorRef<NodeEntity.Command> node = start();

  private ActorRef<NodeEntity.Command> start() {
    return fixture.start(NodeBehavior.create(NODE, fixture.environment()));
  }

  @AfterEach
  void stop() {
    fixture.close();
  }

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
  void aGrantIsConfirmedWhenTheKernelHasIt() {
    observe();
    endpoints();
    grant(1);
    fixture.eips.expectNoMessage(Duration.ofMillis(100));
    attach(Revision.ZERO);
    NodePlan plan = offered();
    assertThat(plan.ownership().held()).containsEntry(NUMBER, EIP);

    applied(plan.revision());

    fixture.eips.expectMessage(new EipEntity.GrantProgrammed(NODE, new Epoch(1)));
    grant(1);
    fixture.eips.expectMessage(new EipEntity.GrantProgrammed(NODE, new Epoch(1)));
  }

  @Test
  void aWithdrawalIsConfirmedOnlyByAYoungerPlan() {
    NodePlan with = holding();
    withdraw(1);

    applied(with.revision());

    PlanDelta without = fixture.session.expectMessageClass(AgentOffer.ChangedPlan.class).delta();
    fixture.eips.expectNoMessage(Duration.ofMillis(100));
    applied(without.revision());
    fixture.eips.expectMessage(
        new EipEntity.WithdrawAcknowledged(
            NODE, new Epoch(1), new OwnershipProof.ReleaseAcknowledged(EipEntity.session(NODE))));
  }

  @Test
  void aWithdrawalAfterARestartNeedsAPlanOfThisLife() {
    NodePlan with = holding();
    applied(with.revision());
    confirmationsOfGrant();
    withdraw(1);
    fixture.session.expectMessageClass(AgentOffer.ChangedPlan.class);
    fixture.stop(node);

    node = start();
    withdraw(1);
    attach(with.revision());
    fixture.eips.expectNoMessage(QUIET);
    observe();
    endpoints();
    NodePlan without = offered();
    assertThat(without.ownership().held()).isEmpty();
    applied(without.revision());

    fixture.eips.expectMessage(
        new EipEntity.WithdrawAcknowledged(
            NODE, new Epoch(1), new OwnershipProof.ReleaseAcknowledged(EipEntity.session(NODE))));
  }

  @Test
  void aGrantThatComesAfterItsWithdrawalIsNotFollowed() {
    observe();
    endpoints();
    withdraw(1);
    fixture.eips.expectMessage(
        new EipEntity.WithdrawAcknowledged(
            NODE, new Epoch(1), new OwnershipProof.NeverGranted(EipEntity.session(NODE))));

    grant(1);
    attach(Revision.ZERO);

    assertThat(offered().ownership().held()).isEmpty();
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

  private NodePlan holding() {
    attach(Revision.ZERO);
    observe();
    grant(1);
    endpoints();
    return offered();
  }

  private void confirmationsOfGrant() {
    fixture.eips.expectMessage(new EipEntity.GrantProgrammed(NODE, new Epoch(1)));
  }

  private void complete() {
    attach(Revision.ZERO);
    observe();
    endpoints(POD);
    bind();
    route(Optional.empty());
  }

  private NodePlan offered() {
    return fixture.session.expectMessageClass(AgentOffer.WholePlan.class).plan();
  }

  private void attach(Revision applied) {
    node.tell(
        new NodeEntity.Attach(new AgentHello("boot", 1, applied, "test"), fixture.session.ref()));
  }

  private void applied(Revision revision) {
    node.tell(new NodeEntity.PlanApplied(fixture.session.ref(), revision));
  }

  private void observe() {
    node.tell(
        new NodeEntity.Observe(
            new NodeInventory(
                "uid",
                new NodeNumber(1),
                IpAddress.of("10.6.168.11"),
                SampleMessages.TUNNEL,
                new TreeMap<>(),
                CidrSet.of(Cidr.of("10.244.0.0/16"))),
            fixture.reports.ref()));
  }

  private void endpoints(IpAddress... pods) {
    TreeMap<IpAddress, SortedSet<PolicyKey>> policiesByPod = new TreeMap<>();
    for (IpAddress pod : pods) {
      policiesByPod.put(pod, new TreeSet<>(List.of(POLICY)));
    }
    node.tell(new NodeEntity.Endpoints(policiesByPod));
  }

  private void bind() {
    fixture.policies.expectMessage(new PolicyEntity.Subscribe(NODE, Optional.empty()));
    node.tell(
        new NodeEntity.PolicyBound(
            POLICY,
            Optional.of(
                new Binding(
                    CidrSet.empty(),
                    Priority.NAMESPACED_DEFAULT,
                    new TreeSet<>(List.of(EIP)),
                    FailMode.CLOSED))));
  }

  private void route(Optional<NodeName> holder) {
    fixture.eips.fishForMessage(
        Duration.ofSeconds(3),
        message ->
            message.equals(new EipEntity.Subscribe(NODE, Optional.empty()))
                ? FishingOutcomes.complete()
                : FishingOutcomes.continueAndIgnore());
    node.tell(new NodeEntity.EipRouted(EIP, new EipRoute(NUMBER, holder, Epoch.ZERO)));
  }

  private void grant(long epoch) {
    node.tell(new NodeEntity.GrantEip(EIP, NUMBER, new Epoch(epoch)));
  }

  private void withdraw(long epoch) {
    node.tell(new NodeEntity.WithdrawEip(EIP, new Epoch(epoch)));
  }
}
