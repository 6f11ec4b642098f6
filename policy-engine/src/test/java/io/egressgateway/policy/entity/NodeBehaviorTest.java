package io.egressgateway.policy.entity;

import static org.assertj.core.api.Assertions.assertThat;

import akka.actor.testkit.typed.javadsl.FishingOutcomes;
import akka.actor.testkit.typed.javadsl.TestProbe;
import akka.actor.typed.ActorRef;
import io.egressgateway.core.event.OwnershipProof;
import io.egressgateway.core.lease.Standing;
import io.egressgateway.core.model.Cidr;
import io.egressgateway.core.model.CidrSet;
import io.egressgateway.core.model.EipNumber;
import io.egressgateway.core.model.Epoch;
import io.egressgateway.core.model.FailMode;
import io.egressgateway.core.model.IpAddress;
import io.egressgateway.core.model.Ipv4Address;
import io.egressgateway.core.model.MacAddress;
import io.egressgateway.core.model.NodeName;
import io.egressgateway.core.model.NodeNumber;
import io.egressgateway.core.model.NodeSession;
import io.egressgateway.core.model.PolicyKey;
import io.egressgateway.core.model.Priority;
import io.egressgateway.core.model.Revision;
import io.egressgateway.core.plan.NodePlan;
import io.egressgateway.core.plan.PlanDelta;
import io.egressgateway.policy.domain.NodeStanding;
import io.egressgateway.policy.plan.Binding;
import io.egressgateway.policy.plan.EipRoute;
import io.egressgateway.policy.plan.NodeInventory;
import io.egressgateway.policy.plan.NodePlanner;
import io.egressgateway.policy.plan.OrderRefusal;
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
  private static final NodeSession SESSION = new NodeSession(NODE, "boot", 1);
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
    assertThat(delta.revision()).as("one plan was made").isEqualTo(first.revision().next());
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

  @Test
  void aWithdrawalIsProvedByTheAgentAndNothingElse() {
    NodePlan with = holding();
    withdraw(1, SESSION);
    applied(with.revision());

    expectOffer(new AgentOffer.Release(EIP, new Epoch(1), SESSION));
    fixture.eips.expectNoMessage(QUIET);
    assertThat(with.ownership().held()).isNotEmpty();
    node.tell(new NodeEntity.EipReleased(SESSION, EIP, new Epoch(1)));

    fixture.eips.expectMessage(
        new EipEntity.Stopped(new Epoch(1), new OwnershipProof.ReleaseAcknowledged(SESSION)));
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

    node.tell(new NodeEntity.EipReleased(SESSION, EIP, new Epoch(1)));

    fixture.eips.expectMessage(
        new EipEntity.Stopped(new Epoch(1), new OwnershipProof.ReleaseAcknowledged(SESSION)));
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

  @Test
  void aForeignMachineIsReportedToTheGateways() {
    leased();
    watch();
    MacAddress mac = MacAddress.of("02:00:00:00:00:01");

    node.tell(new NodeEntity.ConflictFound(EIP, mac));

    fixture.gateways.fishForMessage(
        Duration.ofSeconds(5),
        message ->
            message.equals(new GatewayEntity.ConflictSeen(EIP, NODE, mac))
                ? FishingOutcomes.complete()
                : FishingOutcomes.continueAndIgnore());
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
  void anEarlierStartOfTheAgentDoesNotTakeOver() {
    attach(Revision.ZERO);
    var late = fixture.<AgentOffer>probe();

    node.tell(new NodeEntity.Attach(new AgentHello("boot", 0, Revision.ZERO, "test"), late.ref()));

    late.expectMessage(new AgentOffer.Superseded());
    complete();
    offered();
  }

  private void opened(long epoch) {
    node.tell(new NodeEntity.EipOpened(SESSION, EIP, new Epoch(epoch)));
  }

  private void released(long epoch) {
    node.tell(new NodeEntity.EipReleased(SESSION, EIP, new Epoch(epoch)));
    fixture.eips.expectMessage(
        new EipEntity.Stopped(new Epoch(epoch), new OwnershipProof.ReleaseAcknowledged(SESSION)));
  }

  private void leased() {
    attach(Revision.ZERO);
    beat(SESSION, Standing.LEASED);
  }

  private NodePlan holding() {
    leased();
    observe();
    grant(1, SESSION);
    expectOffer(offer(1, SESSION));
    node.tell(new NodeEntity.EipOpened(SESSION, EIP, new Epoch(1)));
    fixture.eips.expectMessage(new EipEntity.GrantOpened(SESSION, new Epoch(1)));
    endpoints();
    return offered();
  }

  private void watch() {
    node.tell(new NodeEntity.Watch(SampleMessages.GATEWAY));
  }

  private void stood(NodeStanding standing) {
    fixture.gateways.fishForMessage(
        Duration.ofSeconds(10),
        message ->
            message.equals(new GatewayEntity.NodeStood(NODE, standing))
                ? FishingOutcomes.complete()
                : FishingOutcomes.continueAndIgnore());
  }

  private OwnershipProof sessionOver() {
    return fixture
        .eips
        .fishForMessage(
            Duration.ofSeconds(10),
            message ->
                message instanceof EipEntity.SessionOver
                    ? FishingOutcomes.complete()
                    : FishingOutcomes.continueAndIgnore())
        .stream()
        .map(EipEntity.SessionOver.class::cast)
        .map(EipEntity.SessionOver::proof)
        .findFirst()
        .orElseThrow();
  }

  private void expectOffer(AgentOffer wanted) {
    fixture.session.fishForMessage(
        Duration.ofSeconds(10),
        message ->
            message.equals(wanted)
                ? FishingOutcomes.complete()
                : FishingOutcomes.continueAndIgnore());
  }

  private static AgentOffer offer(long epoch, NodeSession session) {
    return new AgentOffer.Grant(EIP, new Epoch(epoch), session);
  }

  private void beat(NodeSession session, Standing standing) {
    node.tell(new NodeEntity.Beat(fixture.session.ref(), session, standing));
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

  private void grant(long epoch, NodeSession session) {
    node.tell(new NodeEntity.GrantEip(EIP, NUMBER, new Epoch(epoch), session));
  }

  private void withdraw(long epoch, NodeSession session) {
    node.tell(new NodeEntity.WithdrawEip(EIP, new Epoch(epoch), session));
  }
}
