package io.egressgateway.policy.entity;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import akka.actor.testkit.typed.javadsl.FishingOutcomes;
import akka.actor.testkit.typed.javadsl.TestProbe;
import akka.actor.typed.ActorRef;
import io.egressgateway.core.lease.LeaseProfile;
import io.egressgateway.core.model.ClusterDefault;
import io.egressgateway.core.model.ConnectionReplication;
import io.egressgateway.core.model.EgressGatewaySpec;
import io.egressgateway.core.model.EgressIpRequest;
import io.egressgateway.core.model.Epoch;
import io.egressgateway.core.model.FailMode;
import io.egressgateway.core.model.GatewayName;
import io.egressgateway.core.model.Generation;
import io.egressgateway.core.model.IpAddress;
import io.egressgateway.core.model.IpFamily;
import io.egressgateway.core.model.IpPool;
import io.egressgateway.core.model.IpRange;
import io.egressgateway.core.model.Ipv4Address;
import io.egressgateway.core.model.LabelSelector;
import io.egressgateway.core.model.MacAddress;
import io.egressgateway.core.model.NodeName;
import io.egressgateway.core.model.NodeSession;
import io.egressgateway.core.model.PolicyKey;
import io.egressgateway.core.model.Tenants;
import io.egressgateway.policy.domain.Gateway;
import io.egressgateway.policy.domain.Holding;
import io.egressgateway.policy.domain.NodeStanding;
import io.egressgateway.policy.domain.SpecVersion;
import io.egressgateway.policy.domain.Tenure;
import io.egressgateway.policy.plan.Eligibility;
import io.egressgateway.policy.plan.Fitness;
import io.egressgateway.policy.plan.OrderRefusal;
import io.egressgateway.policy.plan.Refusal;
import java.math.BigInteger;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.function.Predicate;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

class GatewayBehaviorTest {
  private static final GatewayName GATEWAY = SampleMessages.GATEWAY;
  private static final PolicyKey POLICY = SampleMessages.POLICY;
  private static final NodeName NODE = SampleMessages.NODE;
  private static final NodeSession SESSION = SampleMessages.SESSION;
  private static final NodeName OTHER = new NodeName("worker-2");
  private static final NodeSession OTHER_SESSION = new NodeSession(OTHER, "boot", 1);
  private static final IpAddress EIP = SampleMessages.EIP;
  private static final SpecVersion CLAIM = SampleMessages.VERSION;
  private static final Duration PATIENCE = Duration.ofSeconds(10);

  private final EntityFixture fixture = new EntityFixture();
  private ActorRef<GatewayEntity.Command> gateway = start();

  private ActorRef<GatewayEntity.Command> start() {
    return fixture.start(GatewayBehavior.create(GATEWAY, fixture.environment()));
  }

  @AfterEach
  void stop() {
    fixture.close();
  }

  @Test
  void aPolicyThatCameFirstIsAnsweredWhenTheGatewayAppears() {
    allocate();
    refused(Refusal.GATEWAY_NOT_READY);
    fixture.desk.expectMessage(new SpecDesk.Ask(new SpecRequest.OfGateway(GATEWAY)));

    apply(Eligibility.ELIGIBLE);

    fixture.policies.expectMessage(allocated(new Holding.Nobody()));
    fixture.eips.expectMessage(new EipEntity.Assign(GATEWAY, SESSION));
  }

  @Test
  void aGatewayThatDoesNotExistSaysSo() {
    allocate();
    refused(Refusal.GATEWAY_NOT_READY);

    gateway.tell(new GatewayEntity.Retire(fixture.reports.ref()));

    refused(Refusal.GATEWAY_NOT_FOUND);
    await(fixture.reports, new StatusReport.GatewayGone(GATEWAY)::equals);
  }

  @Test
  void anAddressIsPlacedUntilItsLedgerAgrees() {
    placed();
    fixture.eips.expectMessage(new EipEntity.Assign(GATEWAY, SESSION));

    owner(new Holding.Programmed(NODE));

    fixture.policies.expectMessage(allocated(new Holding.Programmed(NODE)));
    await(
        fixture.reports,
        report ->
            report instanceof StatusReport.GatewayReport gatewayReport
                && gatewayReport.pools().placements().values().stream()
                    .anyMatch(
                        placement ->
                            placement.holding().equals(new Holding.Programmed(NODE))
                                && placement.policies().contains(POLICY)));
  }

  @Test
  void aPolicyWhoseNamespaceIsNotServedAnyMoreIsToldAndTheAddressTakenBack() {
    placed();
    owner(new Holding.Programmed(NODE));
    fixture.policies.expectMessage(allocated(new Holding.Programmed(NODE)));
    EgressGatewaySpec served = spec(new IpRange(EIP, EIP));

    apply(
        served.withTenants(Tenants.Selected.by(LabelSelector.everything())),
        Map.of(NODE, Eligibility.ELIGIBLE));

    await(
        fixture.policies,
        told ->
            told instanceof PolicyEntity.Refused refused
                && refused.reason() == Refusal.NAMESPACE_NOT_ALLOWED);
    await(fixture.eips, new EipEntity.Unassign(GATEWAY)::equals);

    apply(served, Map.of(NODE, Eligibility.ELIGIBLE));

    await(fixture.policies, PolicyEntity.Allocated.class::isInstance);
  }

  @Test
  void aHolderIsToldWhereItsConnectionsWouldGoAndOnceThatNobodyWantsToKnow() {
    NodeName refuge = new NodeName("refuge");
    Map<NodeName, Eligibility> members =
        Map.of(NODE, Eligibility.ELIGIBLE, refuge, Eligibility.ELIGIBLE);
    placed();
    EgressGatewaySpec spec = spec(new IpRange(EIP, EIP));
    gateway.tell(
        new GatewayEntity.NodeStood(
            refuge,
            new NodeStanding(
                Optional.of(new NodeSession(refuge, "boot", 1)), NodeStanding.Kind.LEASED)));

    apply(spec.withReplication(ConnectionReplication.ON), members);
    gateway.tell(
        new GatewayEntity.NodeStood(
            refuge,
            new NodeStanding(
                Optional.of(new NodeSession(refuge, "boot", 1)), NodeStanding.Kind.LEASED)));
    await(
        fixture.nodes,
        new NodeEntity.ReplicateFlows(GATEWAY, new TreeMap<>(Map.of(EIP, refuge)))::equals);

    apply(spec, members);
    await(fixture.nodes, new NodeEntity.ReplicateFlows(GATEWAY, new TreeMap<>())::equals);
  }

  @Test
  void aPolicyLearnsThatNoNodeIsEligible() {
    apply(Eligibility.NOT_READY);
    allocate();

    fixture.policies.expectMessage(allocated(new Holding.Unplaced()));
  }

  @Test
  void theLastUserTakesTheAddressAway() {
    placed();
    owner(new Holding.Programmed(NODE));
    fixture.policies.expectMessage(allocated(new Holding.Programmed(NODE)));

    gateway.tell(new GatewayEntity.Free(POLICY));

    fixture.policies.expectMessage(new PolicyEntity.Freed(GATEWAY));
    await(fixture.eips, new EipEntity.Unassign(GATEWAY)::equals);
    gateway.tell(new GatewayEntity.Retire(fixture.reports.ref()));
    await(fixture.reports, StatusReport.GatewayRetiring.class::isInstance);
    owner(new Holding.Nobody());
    await(fixture.reports, new StatusReport.GatewayGone(GATEWAY)::equals);
  }

  @Test
  void anAddressThatIsFreeAgainIsSpokenOfNoMore() {
    placed();
    owner(new Holding.Programmed(NODE));
    gateway.tell(new GatewayEntity.Free(POLICY));
    await(fixture.eips, new EipEntity.Unassign(GATEWAY)::equals);

    owner(new Holding.Nobody());

    fixture.eips.expectNoMessage(Duration.ofMillis(500));
  }

  @Test
  void anAddressThatIsFreedWhileNobodyHoldsItKeepsNoGatewayFromGoing() {
    placed();
    owner(new Holding.Nobody());
    gateway.tell(new GatewayEntity.Free(POLICY));
    await(fixture.eips, new EipEntity.Unassign(GATEWAY)::equals);
    owner(new Holding.Nobody());

    gateway.tell(new GatewayEntity.Retire(fixture.reports.ref()));

    await(fixture.reports, new StatusReport.GatewayGone(GATEWAY)::equals);
  }

  @Test
  void aGatewayThatIsBeingDeletedServesItsPoliciesUntilTheyAreGone() {
    placed();
    owner(new Holding.Programmed(NODE));
    standOther();
    applyRetiring();
    await(
        fixture.reports,
        report ->
            report instanceof StatusReport.GatewayReport present
                && present.conditions().first().reason().equals("Retiring")
                && present.conditions().first().message().contains(POLICY.toString()));

    gateway.tell(new GatewayEntity.NodeStood(NODE, NodeStanding.unknown()));
    owner(new Holding.Nobody());
    await(fixture.eips, new EipEntity.Assign(GATEWAY, OTHER_SESSION)::equals);
    gateway.tell(
        new GatewayEntity.Allocate(
            new PolicyKey.Namespaced("default", "late"), CLAIM, new EgressIpRequest.Default()));
    await(
        fixture.policies,
        told ->
            told instanceof PolicyEntity.Refused refused
                && refused.reason() == Refusal.GATEWAY_RETIRING);

    gateway.tell(new GatewayEntity.Free(POLICY));
    await(fixture.eips, new EipEntity.Unassign(GATEWAY)::equals);
    owner(new Holding.Nobody());
    await(fixture.reports, new StatusReport.GatewayGone(GATEWAY)::equals);
  }

  private void applyRetiring() {
    gateway.tell(
        new GatewayEntity.Apply(
            new SpecVersion("uid", new Generation(2)),
            spec(new IpRange(EIP, IpAddress.of("10.6.168.205"))),
            new TreeMap<>(Map.of(NODE, Eligibility.ELIGIBLE, OTHER, Eligibility.ELIGIBLE)),
            fixture.reports.ref(),
            Gateway.Prospect.RETIRES));
  }

  @Test
  void aRetiringGatewayNamesItsUsers() {
    placed();

    gateway.tell(new GatewayEntity.Retire(fixture.reports.ref()));

    await(
        fixture.reports,
        report ->
            report instanceof StatusReport.GatewayRetiring retiring
                && retiring.users().contains(POLICY)
                && retiring.conditions().first().message().contains(POLICY.toString()));
  }

  @Test
  void whatTheJournalHasIsPursuedAfterARestart() {
    placed();
    fixture.stop(gateway);
    gateway = start();

    fixture.desk.expectMessage(new SpecDesk.Ask(new SpecRequest.OfGateway(GATEWAY)));
    await(fixture.eips, new EipEntity.Inquire(GATEWAY)::equals);
    apply(Eligibility.ELIGIBLE);
    await(fixture.eips, new EipEntity.Assign(GATEWAY, SESSION)::equals);
    allocate();
    fixture.policies.expectMessage(allocated(new Holding.Nobody()));
  }

  @Test
  void aHolderThatTheGatewayDoesNotKnowOfIsSentAway() {
    apply(Eligibility.ELIGIBLE);

    owner(new Holding.Programmed(NODE));

    await(fixture.eips, new EipEntity.Unassign(GATEWAY)::equals);
  }

  @Test
  void anAddressInTwoPoolsIsAConflictThatNamesTheOther() {
    placed();

    owner(new Holding.Occupied(new GatewayName("other")));

    fixture.policies.expectMessage(allocated(new Holding.Occupied(new GatewayName("other"))));
    await(
        fixture.reports,
        report ->
            report.conditions().stream()
                .anyMatch(
                    condition ->
                        condition.reason().equals("InUseByOtherGateway")
                            && condition.message().contains("EgressGateway other")));
  }

  @Test
  void theSessionsOfAnotherNodeAreMadeReadyOnSuspicionAndUsedOnLoss() {
    placed();
    owner(new Holding.Programmed(NODE));
    standOther();
    applyBoth();

    stand(NodeStanding.Kind.SILENT);
    await(fixture.eips, new EipEntity.Prepare(OTHER_SESSION)::equals);
    fixture.eips.expectNoMessage(Duration.ofMillis(200));
    gateway.tell(new GatewayEntity.NodeStood(NODE, NodeStanding.unknown()));

    await(fixture.eips, new EipEntity.Assign(GATEWAY, OTHER_SESSION)::equals);
  }

  @Test
  void nothingIsMadeReadyForANodeThatIsLateByAMoment() {
    placed();
    owner(new Holding.Programmed(NODE));
    standOther();
    applyBoth();
    stand(NodeStanding.Kind.SILENT);
    stand(NodeStanding.Kind.LEASED);

    Duration longer = LeaseProfile.DEFAULT.terms().lease();
    assertThatExceptionOfType(AssertionError.class)
        .isThrownBy(
            () ->
                fixture.eips.fishForMessage(
                    longer,
                    message ->
                        message instanceof EipEntity.Prepare
                            ? FishingOutcomes.complete()
                            : FishingOutcomes.continueAndIgnore()))
        .withMessageContaining("timeout");
  }

  @Test
  void aNodeIsToldWhetherAnotherCouldTakeWhatItHolds() {
    placed();
    allAreDispensable();
    owner(new Holding.Programmed(NODE));
    oneIsNot();

    applyBoth();
    oneIsNot();
    standOther();
    allAreDispensable();
    gateway.tell(
        new GatewayEntity.NodeStood(
            OTHER, new NodeStanding(Optional.of(OTHER_SESSION), NodeStanding.Kind.SILENT)));
    oneIsNot();
  }

  private void oneIsNot() {
    await(fixture.nodes, new NodeEntity.Watch(GATEWAY, NodeEntity.Relief.NONE)::equals);
  }

  /** Of both nodes, told one after the other: several times in a row. */
  private void allAreDispensable() {
    int[] inARow = {0};
    await(
        fixture.nodes,
        message -> {
          boolean ready = message.equals(new NodeEntity.Watch(GATEWAY, NodeEntity.Relief.READY));
          inARow[0] = ready ? inARow[0] + 1 : 0;
          return inARow[0] == 4;
        });
  }

  @Test
  void aReportSaysHowTheMembersLeasesStand() {
    placed();
    stand(NodeStanding.Kind.SILENT);

    await(
        fixture.reports,
        report ->
            report instanceof StatusReport.GatewayReport told
                && told.standings().equals(Map.of(NODE, NodeStanding.Kind.SILENT)));
  }

  @Test
  void anOrderIsAnsweredAndFollowed() {
    placed();
    owner(new Holding.Programmed(NODE));
    standOther();
    applyBoth();
    TestProbe<GatewayEntity.OrderReply> replies = fixture.probe();

    gateway.tell(new GatewayEntity.MoveEip(EIP, OTHER, "one", replies.ref()));
    replies.expectMessage(new GatewayEntity.OrderAccepted("one"));
    await(fixture.eips, new EipEntity.Assign(GATEWAY, OTHER_SESSION)::equals);
    gateway.tell(new GatewayEntity.MoveEip(EIP, new NodeName("nobody"), "two", replies.ref()));

    assertThat(replies.expectMessageClass(GatewayEntity.OrderDeclined.class).reason())
        .isEqualTo(OrderRefusal.NODE_NOT_SELECTED);
  }

  @Test
  void whoeverAsksIsToldWhyAnAddressIsThereAndWhereItWouldGo() {
    placed();
    owner(new Holding.Programmed(NODE));
    standOther();
    applyBoth();
    TestProbe<GatewayEntity.Explained> answers = fixture.probe();

    gateway.tell(new GatewayEntity.Explain(EIP, answers.ref()));
    gateway.tell(new GatewayEntity.Explain(address(1), answers.ref()));

    GatewayEntity.Explained explained = answers.receiveMessage(PATIENCE);
    assertThat(explained.users()).containsExactly(POLICY);
    assertThat(explained.place())
        .isEqualTo(
            new GatewayEntity.Place(
                Optional.of(NODE), new Holding.Programmed(NODE), Optional.of(OTHER)));
    assertThat(explained.members())
        .containsExactly(
            Map.entry(NODE, candidate(Fitness.GOOD, 1)),
            Map.entry(OTHER, candidate(Fitness.GOOD, 0)));
    assertThat(answers.receiveMessage(PATIENCE).place())
        .isEqualTo(
            new GatewayEntity.Place(Optional.empty(), new Holding.Unplaced(), Optional.empty()));
  }

  private static GatewayEntity.Candidate candidate(Fitness fitness, int addresses) {
    return new GatewayEntity.Candidate(
        Eligibility.ELIGIBLE, Optional.of(NodeStanding.Kind.LEASED), fitness, addresses);
  }

  @Test
  void plannedMovesAreFewAtATimeAndALostNodesAddressesMoveAtOnce() {
    int many = GatewayPursuits.MOVES_MAX + 10;
    carried(many);
    standOther();
    apply(pool(many), Map.of(NODE, Eligibility.DRAINING, OTHER, Eligibility.ELIGIBLE));

    for (int i = 0; i < GatewayPursuits.MOVES_MAX; i++) {
      await(fixture.eips, new EipEntity.Assign(GATEWAY, OTHER_SESSION)::equals);
    }
    gateway.tell(new GatewayEntity.NodeStood(NODE, NodeStanding.unknown()));
    for (int i = GatewayPursuits.MOVES_MAX; i < many; i++) {
      await(fixture.eips, new EipEntity.Assign(GATEWAY, OTHER_SESSION)::equals);
    }
  }

  /** As many addresses, each carried by the node. */
  private void carried(int many) {
    apply(pool(many), Map.of(NODE, Eligibility.ELIGIBLE));
    for (int i = 0; i < many; i++) {
      gateway.tell(
          new GatewayEntity.Allocate(
              new PolicyKey.ClusterScoped("policy-" + i),
              CLAIM,
              new EgressIpRequest.Explicit(
                  Optional.of((Ipv4Address) address(i)), Optional.empty())));
      fixture.eips.expectMessage(new EipEntity.Assign(GATEWAY, SESSION));
    }
    Awaitility.await()
        .atMost(PATIENCE)
        .until(() -> fixture.journal.persistedInStorage("gateway|" + GATEWAY).size() > 2 * many);
    for (int i = 0; i < many; i++) {
      owner(address(i), new Holding.Programmed(NODE));
    }
  }

  @Test
  void movesThatCannotBeProvedKeepNoOtherFromMoving() {
    int many = GatewayPursuits.MOVES_MAX + 1;
    carried(many);
    standOther();
    stand(NodeStanding.Kind.SILENT);
    gateway.tell(
        new GatewayEntity.Apply(
            new SpecVersion("uid", new Generation(2)),
            pool(many),
            new TreeMap<>(Map.of(NODE, Eligibility.NOT_READY, OTHER, Eligibility.ELIGIBLE)),
            fixture.reports.ref()));

    for (int i = 0; i < many; i++) {
      await(fixture.eips, new EipEntity.Assign(GATEWAY, OTHER_SESSION)::equals);
    }
  }

  @Test
  void aForeignMachineIsNamedInTheConditions() {
    placed();

    gateway.tell(new GatewayEntity.ConflictSeen(EIP, NODE, MacAddress.of("02:00:00:00:00:01")));

    await(
        fixture.reports,
        report ->
            report.conditions().stream()
                .anyMatch(
                    condition ->
                        condition.type().equals("AddressConflict")
                            && condition.message().contains("02:00:00:00:00:01")));
  }

  private static IpAddress address(int index) {
    return EIP.plus(BigInteger.valueOf(index)).orElseThrow();
  }

  private static EgressGatewaySpec pool(int size) {
    return spec(new IpRange(EIP, address(size - 1)));
  }

  private void standOther() {
    gateway.tell(
        new GatewayEntity.NodeStood(
            OTHER, new NodeStanding(Optional.of(OTHER_SESSION), NodeStanding.Kind.LEASED)));
  }

  private void applyBoth() {
    apply(
        spec(new IpRange(EIP, IpAddress.of("10.6.168.205"))),
        Map.of(NODE, Eligibility.ELIGIBLE, OTHER, Eligibility.ELIGIBLE));
  }

  private void placed() {
    apply(Eligibility.ELIGIBLE);
    allocate();
    fixture.policies.expectMessage(allocated(new Holding.Nobody()));
    fixture.eips.expectMessage(new EipEntity.Assign(GATEWAY, SESSION));
  }

  private void refused(Refusal reason) {
    assertThat(fixture.policies.expectMessageClass(PolicyEntity.Refused.class).reason())
        .isEqualTo(reason);
  }

  private void allocate() {
    gateway.tell(new GatewayEntity.Allocate(POLICY, CLAIM, new EgressIpRequest.Default()));
  }

  private static PolicyEntity.Command allocated(Holding holding) {
    return new PolicyEntity.Allocated(
        GATEWAY, CLAIM, new TreeMap<>(Map.of(EIP, holding)), FailMode.CLOSED);
  }

  private void owner(Holding holding) {
    owner(EIP, holding);
  }

  private void owner(IpAddress address, Holding holding) {
    gateway.tell(
        new GatewayEntity.OwnerChanged(
            address, new Tenure(holding, holding.holder().map(node -> SESSION), new Epoch(1))));
  }

  private void apply(Eligibility eligibility) {
    apply(spec(new IpRange(EIP, IpAddress.of("10.6.168.205"))), Map.of(NODE, eligibility));
  }

  private static EgressGatewaySpec spec(IpRange pool) {
    return new EgressGatewaySpec(
        IpPool.of(IpFamily.IPV4, List.of(pool)),
        IpPool.empty(IpFamily.IPV6),
        Optional.empty(),
        Optional.empty(),
        LabelSelector.everything(),
        ClusterDefault.NO,
        FailMode.CLOSED);
  }

  private void apply(EgressGatewaySpec spec, Map<NodeName, Eligibility> members) {
    stand(NodeStanding.Kind.LEASED);
    gateway.tell(
        new GatewayEntity.Apply(
            new SpecVersion("uid", new Generation(1)),
            spec,
            new TreeMap<>(members),
            fixture.reports.ref()));
  }

  private void stand(NodeStanding.Kind kind) {
    gateway.tell(new GatewayEntity.NodeStood(NODE, new NodeStanding(Optional.of(SESSION), kind)));
  }

  private static <C> void await(TestProbe<C> probe, Predicate<C> wanted) {
    probe.fishForMessage(
        PATIENCE,
        message ->
            wanted.test(message)
                ? FishingOutcomes.complete()
                : FishingOutcomes.continueAndIgnore());
  }
}
