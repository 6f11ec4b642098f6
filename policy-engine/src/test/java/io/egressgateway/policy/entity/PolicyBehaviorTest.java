package io.egressgateway.policy.entity;

import static org.assertj.core.api.Assertions.assertThat;

import akka.actor.testkit.typed.javadsl.FishingOutcomes;
import akka.actor.testkit.typed.javadsl.TestProbe;
import akka.actor.typed.ActorRef;
import akka.cluster.sharding.typed.javadsl.ClusterSharding;
import io.egressgateway.core.model.CidrSet;
import io.egressgateway.core.model.EgressIpRequest;
import io.egressgateway.core.model.EgressPolicySpec;
import io.egressgateway.core.model.FailMode;
import io.egressgateway.core.model.GatewayName;
import io.egressgateway.core.model.Generation;
import io.egressgateway.core.model.IpAddress;
import io.egressgateway.core.model.LabelSelector;
import io.egressgateway.core.model.NodeName;
import io.egressgateway.core.model.PolicyKey;
import io.egressgateway.core.model.Priority;
import io.egressgateway.core.model.Selection;
import io.egressgateway.policy.domain.Holding;
import io.egressgateway.policy.domain.SpecVersion;
import io.egressgateway.policy.plan.Refusal;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.TreeSet;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

class PolicyBehaviorTest {
  private static final PolicyKey POLICY = SampleMessages.POLICY;
  private static final GatewayName GATEWAY = SampleMessages.GATEWAY;
  private static final NodeName NODE = SampleMessages.NODE;
  private static final IpAddress EIP = SampleMessages.EIP;
  private static final SpecVersion FIRST = new SpecVersion("uid", new Generation(1));
  private static final SpecVersion SECOND = new SpecVersion("uid", new Generation(2));
  private static final int SWEEPS = 4;
  private static final GatewayEntity.Allocate ASK =
      new GatewayEntity.Allocate(POLICY, FIRST, new EgressIpRequest.Default());

  private final EntityFixture fixture = new EntityFixture();
  private final TestProbe<ClusterSharding.ShardCommand> shard = fixture.probe();
  private ActorRef<PolicyEntity.Command> policy = start();

  private ActorRef<PolicyEntity.Command> start() {
    return fixture.start(PolicyBehavior.create(POLICY, fixture.environment(), shard.ref()));
  }

  @AfterEach
  void stop() {
    fixture.close();
  }

  @Test
  void theGatewayIsAskedUntilItAnswers() {
    apply(FIRST, GATEWAY);

    fixture.gateways.expectMessage(ASK);
    fixture.gateways.expectMessage(ASK);
    fixture.gateways.expectMessage(ASK);
    assertThat(reason()).isEqualTo("Pending");
  }

  @Test
  void aBoundPolicyTellsItsNodes() {
    policy.tell(new PolicyEntity.Subscribe(NODE, Optional.empty()));
    fixture.nodes.expectMessage(new NodeEntity.PolicyBound(POLICY, Optional.empty()));

    bind(new Holding.Programmed(NODE));

    fixture.nodes.expectMessage(bound());
    assertThat(reasonAfter("Pending")).isEqualTo("Programmed");
    policy.tell(new PolicyEntity.Subscribe(NODE, Optional.of(bound())));
    fixture.nodes.expectNoMessage(Duration.ofMillis(200));
    policy.tell(new PolicyEntity.Subscribe(NODE, Optional.empty()));
    fixture.nodes.expectMessage(bound());
  }

  @Test
  void afterARestartNothingIsToldBeforeTheSpecHasCome() {
    bind(new Holding.Programmed(NODE));
    assertThat(reasonAfter("Pending")).isEqualTo("Programmed");
    fixture.stop(policy);
    policy = start();

    policy.tell(new PolicyEntity.Subscribe(NODE, Optional.empty()));

    fixture.nodes.expectNoMessage(Duration.ofMillis(300));
    fixture.desk.expectMessage(new SpecDesk.Ask(new SpecRequest.OfPolicy(POLICY)));
    apply(FIRST, GATEWAY);
    fixture.nodes.expectMessage(bound());
  }

  @Test
  void aRefusalIsReportedInItsWords() {
    apply(FIRST, GATEWAY);
    fixture.gateways.expectMessage(ASK);

    policy.tell(new PolicyEntity.Refused(GATEWAY, FIRST, Refusal.POOL_EXHAUSTED, "add addresses"));

    assertThat(reasonAfter("Pending")).isEqualTo("PoolExhausted");
  }

  @Test
  void aPolicyWithoutNodeSaysWhy() {
    bind(new Holding.Unplaced());
    assertThat(reasonAfter("Pending")).isEqualTo("NoEligibleNode");

    policy.tell(allocated(new Holding.Leaving(NODE)));
    assertThat(reason()).isEqualTo("Moving");
    policy.tell(allocated(new Holding.Occupied(GATEWAY)));
    assertThat(reason()).isEqualTo("EgressIpConflict");
    policy.tell(allocated(new Holding.Assigned(NODE)));
    assertThat(reason()).isEqualTo("Programming");
  }

  @Test
  void anotherGatewayIsAskedOnlyAfterTheFormerHasTakenEverythingBack() {
    bind(new Holding.Programmed(NODE));
    GatewayName other = new GatewayName("other");

    apply(SECOND, other);

    GatewayEntity.Allocate next =
        new GatewayEntity.Allocate(POLICY, SECOND, new EgressIpRequest.Default());
    fixture.gateways.fishForMessage(
        Duration.ofSeconds(10),
        message -> {
          assertThat(message).isNotEqualTo(next);
          return message.equals(new GatewayEntity.Free(POLICY))
              ? FishingOutcomes.complete()
              : FishingOutcomes.continueAndIgnore();
        });
    policy.tell(new PolicyEntity.Freed(GATEWAY));
    awaitGateway(next);
  }

  @Test
  void aWithdrawnPolicyIsGoneOnceItsGatewayHasEverythingBack() {
    bind(new Holding.Programmed(NODE));

    policy.tell(new PolicyEntity.Withdraw(fixture.reports.ref()));

    awaitGateway(new GatewayEntity.Free(POLICY));
    policy.tell(new PolicyEntity.Freed(GATEWAY));
    fixture.reports.fishForMessage(
        Duration.ofSeconds(10),
        report ->
            report.equals(new StatusReport.PolicyGone(POLICY))
                ? FishingOutcomes.complete()
                : FishingOutcomes.continueAndIgnore());
  }

  @Test
  void theActorOfAPolicyThatIsGoneEndsWhenNoNodeAsksForIt() {
    policy.tell(new PolicyEntity.Subscribe(NODE, Optional.empty()));
    policy.tell(new PolicyEntity.Withdraw(fixture.reports.ref()));
    fixture.reports.expectMessage(new StatusReport.PolicyGone(POLICY));
    shard.expectNoMessage(Duration.ofMillis(200));

    for (int i = 0; i < SWEEPS; i++) {
      policy.tell(new PolicyEntity.Sweep());
    }

    shard.expectMessage(new ClusterSharding.Passivate<>(policy));
  }

  @Test
  void whatNobodyClaimsIsGivenBack() {
    policy.tell(allocated(new Holding.Programmed(NODE)));

    fixture.gateways.expectMessage(new GatewayEntity.Free(POLICY));
  }

  @Test
  void anOlderSpecChangesNothing() {
    apply(SECOND, GATEWAY);
    awaitGateway(new GatewayEntity.Allocate(POLICY, SECOND, new EgressIpRequest.Default()));

    apply(FIRST, new GatewayName("other"));

    policy.tell(
        new PolicyEntity.Allocated(
            GATEWAY,
            SECOND,
            new TreeMap<>(Map.of(EIP, new Holding.Programmed(NODE))),
            FailMode.CLOSED));
    assertThat(reasonAfter("Pending")).isEqualTo("Programmed");
  }

  private void awaitGateway(GatewayEntity.Command wanted) {
    fixture.gateways.fishForMessage(
        Duration.ofSeconds(10),
        message ->
            message.equals(wanted)
                ? FishingOutcomes.complete()
                : FishingOutcomes.continueAndIgnore());
  }

  private void bind(Holding holding) {
    apply(FIRST, GATEWAY);
    fixture.gateways.expectMessage(ASK);
    policy.tell(allocated(holding));
  }

  private static PolicyEntity.Command allocated(Holding holding) {
    return new PolicyEntity.Allocated(
        GATEWAY, FIRST, new TreeMap<>(Map.of(EIP, holding)), FailMode.CLOSED);
  }

  private static NodeEntity.PolicyBound bound() {
    return SampleMessages.bound(POLICY, new TreeSet<>(List.of(EIP)));
  }

  private void apply(SpecVersion version, GatewayName gateway) {
    policy.tell(
        new PolicyEntity.Apply(
            version,
            new EgressPolicySpec(
                gateway,
                new EgressIpRequest.Default(),
                new Selection.Pods(LabelSelector.everything(), Optional.empty()),
                CidrSet.empty(),
                Priority.NAMESPACED_DEFAULT),
            fixture.reports.ref()));
  }

  private String reason() {
    return fixture.reports.receiveMessage().conditions().first().reason();
  }

  private String reasonAfter(String former) {
    assertThat(reason()).isEqualTo(former);
    return reason();
  }
}
