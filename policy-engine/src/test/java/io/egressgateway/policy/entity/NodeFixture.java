package io.egressgateway.policy.entity;

import akka.actor.testkit.typed.javadsl.FishingOutcomes;
import akka.actor.testkit.typed.javadsl.TestProbe;
import akka.actor.typed.ActorRef;
import io.egressgateway.core.event.OwnershipProof;
import io.egressgateway.core.lease.Standing;
import io.egressgateway.core.model.Cidr;
import io.egressgateway.core.model.CidrSet;
import io.egressgateway.core.model.EipNumber;
import io.egressgateway.core.model.Epoch;
import io.egressgateway.core.model.IpAddress;
import io.egressgateway.core.model.NodeName;
import io.egressgateway.core.model.NodeNumber;
import io.egressgateway.core.model.NodeSession;
import io.egressgateway.core.model.PolicyKey;
import io.egressgateway.core.model.Revision;
import io.egressgateway.core.plan.NodePlan;
import io.egressgateway.policy.domain.NodeStanding;
import io.egressgateway.policy.plan.EipRoute;
import io.egressgateway.policy.plan.NodeInventory;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.SortedSet;
import java.util.TreeMap;
import java.util.TreeSet;
import org.junit.jupiter.api.AfterEach;

/** A node with one egress IP, one pod and one policy, and what can be said to it. */
abstract class NodeFixture {
  static final NodeName NODE = new NodeName("worker-1");
  static final PolicyKey POLICY = SampleMessages.POLICY;
  static final IpAddress EIP = SampleMessages.EIP;
  static final IpAddress POD = IpAddress.of("10.244.1.2");
  static final NodeSession SESSION = new NodeSession(NODE, "boot", 1);
  static final EipNumber NUMBER = new EipNumber(5);
  static final Duration QUIET = Duration.ofMillis(300);

  final EntityFixture fixture = new EntityFixture();
  ActorRef<NodeEntity.Command> node = start();

  final ActorRef<NodeEntity.Command> start() {
    return fixture.start(NodeBehavior.create(NODE, fixture.environment()));
  }

  @AfterEach
  void stop() {
    fixture.close();
  }

  final void opened(long epoch) {
    node.tell(new NodeEntity.EipOpened(SESSION, EIP, new Epoch(epoch)));
  }

  final void released(long epoch) {
    node.tell(new NodeEntity.EipReleased(SESSION, EIP, new Epoch(epoch)));
  }

  final void leased() {
    attach(Revision.ZERO);
    beat(SESSION, Standing.LEASED);
  }

  final NodePlan holding() {
    leased();
    observe();
    grant(1, SESSION);
    expectOffer(offer(1, SESSION));
    node.tell(new NodeEntity.EipOpened(SESSION, EIP, new Epoch(1)));
    fixture.eips.expectMessage(new EipEntity.GrantOpened(SESSION, new Epoch(1)));
    endpoints();
    return offered();
  }

  final void watch() {
    node.tell(new NodeEntity.Watch(SampleMessages.GATEWAY, NodeEntity.Relief.READY));
  }

  final void stood(NodeStanding standing) {
    skipTo(fixture.gateways, Duration.ofSeconds(10), new GatewayEntity.NodeStood(NODE, standing));
  }

  final OwnershipProof sessionOver() {
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

  final void expectOffer(AgentOffer wanted) {
    skipTo(fixture.session, Duration.ofSeconds(10), wanted);
  }

  /** Waits for a message, whatever comes before it. */
  static <T> void skipTo(TestProbe<T> probe, Duration patience, T wanted) {
    probe.fishForMessage(
        patience,
        message ->
            message.equals(wanted)
                ? FishingOutcomes.complete()
                : FishingOutcomes.continueAndIgnore());
  }

  static AgentOffer offer(long epoch, NodeSession session) {
    return new AgentOffer.Grant(EIP, new Epoch(epoch), session);
  }

  final void beat(NodeSession session, Standing standing) {
    node.tell(new NodeEntity.Beat(fixture.session.ref(), session, standing));
  }

  final void complete() {
    attach(Revision.ZERO);
    observe();
    endpoints(POD);
    bind();
    route(Optional.empty());
  }

  final NodePlan offered() {
    return fixture.session.expectMessageClass(AgentOffer.WholePlan.class).plan();
  }

  final void attach(Revision applied) {
    node.tell(
        new NodeEntity.Attach(new AgentHello("boot", 1, applied, "test"), fixture.session.ref()));
  }

  final void applied(Revision revision) {
    node.tell(new NodeEntity.PlanApplied(fixture.session.ref(), revision));
  }

  final void observe() {
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

  final void endpoints(IpAddress... pods) {
    TreeMap<IpAddress, SortedSet<PolicyKey>> policiesByPod = new TreeMap<>();
    for (IpAddress pod : pods) {
      policiesByPod.put(pod, new TreeSet<>(List.of(POLICY)));
    }
    node.tell(new NodeEntity.Endpoints(policiesByPod));
  }

  final void bind() {
    fixture.policies.expectMessage(new PolicyEntity.Subscribe(NODE, Optional.empty()));
    node.tell(SampleMessages.bound(POLICY, new TreeSet<>(List.of(EIP))));
  }

  final void route(Optional<NodeName> holder) {
    skipTo(fixture.eips, Duration.ofSeconds(3), new EipEntity.Subscribe(NODE, Optional.empty()));
    node.tell(new NodeEntity.EipRouted(EIP, new EipRoute(NUMBER, holder, Epoch.ZERO)));
  }

  final void grant(long epoch, NodeSession session) {
    node.tell(new NodeEntity.GrantEip(EIP, NUMBER, new Epoch(epoch), session));
  }

  final void withdraw(long epoch, NodeSession session) {
    node.tell(new NodeEntity.WithdrawEip(EIP, new Epoch(epoch), session));
  }
}
