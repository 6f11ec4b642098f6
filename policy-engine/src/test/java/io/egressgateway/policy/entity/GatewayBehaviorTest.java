package io.egressgateway.policy.entity;

import static org.assertj.core.api.Assertions.assertThat;

import akka.actor.testkit.typed.javadsl.FishingOutcomes;
import akka.actor.testkit.typed.javadsl.TestProbe;
import akka.actor.typed.ActorRef;
import io.egressgateway.core.model.ClusterDefault;
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
import io.egressgateway.core.model.LabelSelector;
import io.egressgateway.core.model.NodeName;
import io.egressgateway.core.model.PolicyKey;
import io.egressgateway.policy.domain.Holding;
import io.egressgateway.policy.domain.SpecVersion;
import io.egressgateway.policy.plan.Eligibility;
import io.egressgateway.policy.plan.Refusal;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.function.Predicate;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

class GatewayBehaviorTest {
  private static final GatewayName GATEWAY = SampleMessages.GATEWAY;
  private static final PolicyKey POLICY = SampleMessages.POLICY;
  private static final NodeName NODE = SampleMessages.NODE;
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
    fixture.eips.expectMessage(new EipEntity.Assign(GATEWAY, NODE));
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
    fixture.eips.expectMessage(new EipEntity.Assign(GATEWAY, NODE));

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
    await(fixture.eips, new EipEntity.Assign(GATEWAY, NODE)::equals);
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

  private void placed() {
    apply(Eligibility.ELIGIBLE);
    allocate();
    fixture.policies.expectMessage(allocated(new Holding.Nobody()));
    fixture.eips.expectMessage(new EipEntity.Assign(GATEWAY, NODE));
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
    gateway.tell(new GatewayEntity.OwnerChanged(EIP, holding, new Epoch(1)));
  }

  private void apply(Eligibility eligibility) {
    gateway.tell(
        new GatewayEntity.Apply(
            new SpecVersion("uid", new Generation(1)),
            new EgressGatewaySpec(
                IpPool.of(IpFamily.IPV4, List.of(new IpRange(EIP, IpAddress.of("10.6.168.205")))),
                IpPool.empty(IpFamily.IPV6),
                Optional.empty(),
                Optional.empty(),
                LabelSelector.everything(),
                ClusterDefault.NO,
                FailMode.CLOSED),
            new TreeMap<>(Map.of(NODE, eligibility)),
            fixture.reports.ref()));
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
