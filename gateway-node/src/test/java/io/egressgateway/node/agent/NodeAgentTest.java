package io.egressgateway.node.agent;

import static org.assertj.core.api.Assertions.assertThat;

import akka.actor.testkit.typed.javadsl.ActorTestKit;
import akka.actor.testkit.typed.javadsl.ManualTime;
import akka.actor.testkit.typed.javadsl.TestProbe;
import akka.actor.typed.ActorRef;
import akka.actor.typed.Behavior;
import akka.actor.typed.javadsl.Behaviors;
import io.egressgateway.core.lease.Standing;
import io.egressgateway.core.model.IpAddress;
import io.egressgateway.core.model.IpFamily;
import io.egressgateway.core.model.NodeName;
import io.egressgateway.core.model.NodeSession;
import io.egressgateway.core.model.Revision;
import io.egressgateway.core.plan.NodePlan;
import io.egressgateway.core.plan.Ownership;
import io.egressgateway.core.plan.PlanDelta;
import io.egressgateway.core.plan.Selection;
import io.egressgateway.node.agent.ControllerLink.Send;
import io.egressgateway.node.agent.ControllerLink.StartOver;
import io.egressgateway.node.agent.FakeLease.Told;
import io.egressgateway.node.agent.FakeLease.Told.Expected;
import io.egressgateway.node.agent.FakeLease.Told.Ready;
import io.egressgateway.node.kernel.DesiredKernel;
import io.egressgateway.node.kernel.KernelObject;
import io.egressgateway.node.kernel.KernelState;
import io.egressgateway.node.kernel.Plans;
import io.egressgateway.node.kernel.Tenure;
import io.egressgateway.node.kernel.WayFact;
import io.egressgateway.node.kernel.WayQuestion;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.SortedSet;
import java.util.TreeSet;
import java.util.concurrent.Executors;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

final class NodeAgentTest {
  private static final Duration DRIFT = Duration.ofSeconds(30);
  private static final Duration RETRY = Duration.ofSeconds(1);
  private static final String EIP = "10.6.168.201";
  private static final NodeSession SESSION = new NodeSession(new NodeName("node-12"), "boot", 1);
  private static final NodeLease.Holding HOLDING =
      new NodeLease.Holding(Plans.uplink(), new TreeSet<>(Set.of(IpAddress.of(EIP))));
  private static final NodeLease.Holding NOTHING =
      new NodeLease.Holding(Plans.uplink(), new TreeSet<>());

  private final ActorTestKit akka = ActorTestKit.create(ManualTime.config());
  private final ManualTime time = ManualTime.get(akka.system());
  private final TestProbe<ControllerLink.Command> link = akka.createTestProbe();
  private final FakeKernel kernel = new FakeKernel();
  private final FakeLease lease = new FakeLease();
  private final RecordedWatch watch = new RecordedWatch();
  private final KernelThread thread = new KernelThread(Executors.newSingleThreadExecutor());
  private ActorRef<NodeAgent.Message> agent = akka.system().ignoreRef().unsafeUpcast();

  @BeforeEach
  void start() {
    agent = spawn(Behaviors.monitor(ControllerLink.Command.class, link.ref(), Behaviors.ignore()));
    assertThat(report())
        .isEqualTo(new Report.Facts(Plans.uplink(), 0, new TreeSet<>(), Findings.NONE));
    awaitTold(new Ready(NOTHING));
    lease.told().clear();
  }

  private ActorRef<NodeAgent.Message> spawn(Behavior<ControllerLink.Command> toControllers) {
    return akka.spawn(
        NodeAgent.create(
            new NodeAgent.Parts(
                kernel, thread, lease, new DriftRepairs(), self -> toControllers, watch),
            new AgentSettings(
                DRIFT,
                Duration.ofMillis(100),
                new Backoff(RETRY, RETRY.multipliedBy(8)),
                () -> 0)));
  }

  @AfterEach
  void stop() {
    akka.shutdownTestKit();
    thread.executor().shutdownNow();
  }

  @Test
  void theAgentEndsWithItsLink() {
    ActorRef<NodeAgent.Message> without =
        spawn(
            Behaviors.receiveMessage(
                command -> {
                  throw new IllegalStateException("a bug of the test");
                }));
    link.expectTerminated(without);
  }

  @Test
  void withoutAPlanNothingIsTouched() {
    agent.tell(new NodeAgent.KernelChanged("something"));
    time.timePasses(DRIFT.multipliedBy(3));
    link.expectNoMessage();
    assertThat(kernel.applied()).isZero();
  }

  @Test
  void aPlanIsAppliedAndReported() {
    agent.tell(new NodeAgent.PlanReceived(plan(1)));
    assertApplied(1);
    assertThat(kernel.state())
        .isEqualTo(DesiredKernel.of(plan(1), Plans.uplink(), Tenure.UNLEASED).state());
  }

  @Test
  void aPlanThatIsThereAlreadyIsReportedWithoutAChange() {
    kernel.disturb(DesiredKernel.of(plan(1), Plans.uplink(), Tenure.UNLEASED).state());
    agent.tell(new NodeAgent.PlanReceived(plan(1)));
    assertApplied(1);
    assertThat(kernel.applied()).isZero();
  }

  @Test
  void aPlanThatIsOfferedAgainIsReportedAgain() {
    agent.tell(new NodeAgent.PlanReceived(plan(1)));
    assertApplied(1);
    agent.tell(new NodeAgent.PlanReceived(plan(1)));
    assertApplied(1);
  }

  @Test
  void aQuestionAboutTheKernelIsAnsweredWithWhatIsThere() {
    WayQuestion question =
        new WayQuestion.OfPod(
            IpAddress.of("10.244.2.5"),
            IpAddress.of("192.0.2.1"),
            Optional.empty(),
            Optional.empty());
    agent.tell(new NodeAgent.KernelAsked(1, question));
    assertThat(examined(1)).isInstanceOf(Report.Outcome.Unread.class);
    agent.tell(new NodeAgent.PlanReceived(plan(1)));
    assertApplied(1);
    int before = kernel.applied();

    agent.tell(new NodeAgent.KernelAsked(2, question));
    assertThat(different(examined(2))).isEmpty();
    kernel.disturb(KernelState.empty());
    agent.tell(new NodeAgent.KernelAsked(3, question));
    assertThat(different(examined(3))).contains("rules of table inet egressgateway");
    assertThat(kernel.applied()).as("asking changes nothing").isEqualTo(before);
  }

  private Report.Outcome examined(long number) {
    Report.Examined examined = (Report.Examined) report();
    assertThat(examined.question()).isEqualTo(number);
    return examined.outcome();
  }

  private static List<String> different(Report.Outcome outcome) {
    return outcome instanceof Report.Outcome.Read(var facts)
        ? facts.stream()
            .filter(fact -> fact.agreement() == WayFact.Agreement.DIFFERS)
            .map(WayFact::subject)
            .toList()
        : List.of(outcome.toString());
  }

  @Test
  void howTheClockRunsIsTold() {
    agent.tell(new NodeAgent.ClockCompared(-1200));
    assertThat(report())
        .isEqualTo(new Report.Facts(Plans.uplink(), -1200, new TreeSet<>(), Findings.NONE));
  }

  @Test
  void whichGatewayNodesTheTunnelDoesNotLeadToIsTold() {
    SortedSet<NodeName> lost = new TreeSet<>(List.of(new NodeName("node-2")));
    agent.tell(new NodeAgent.PathsLost(lost));
    assertThat(report()).isEqualTo(new Report.Facts(Plans.uplink(), 0, lost, Findings.NONE));
    agent.tell(new NodeAgent.PathsLost(new TreeSet<>()));
    assertThat(report())
        .isEqualTo(new Report.Facts(Plans.uplink(), 0, new TreeSet<>(), Findings.NONE));
  }

  @Test
  void anOlderPlanIsIgnored() {
    agent.tell(new NodeAgent.PlanReceived(plan(2)));
    assertApplied(2);
    agent.tell(new NodeAgent.PlanReceived(plan(1)));
    link.expectNoMessage();
  }

  @Test
  void aDeltaLeadsOn() {
    agent.tell(new NodeAgent.PlanReceived(plan(1)));
    assertApplied(1);
    NodePlan next = holding(2);
    agent.tell(new NodeAgent.DeltaReceived(PlanDelta.between(plan(1), next)));
    assertApplied(2);
    assertThat(kernel.state())
        .isEqualTo(DesiredKernel.of(next, Plans.uplink(), Tenure.UNLEASED).state());
  }

  @Test
  void aDeltaFromAnotherRevisionAsksForTheWholePlan() {
    agent.tell(new NodeAgent.PlanReceived(plan(1)));
    assertApplied(1);
    agent.tell(new NodeAgent.DeltaReceived(PlanDelta.between(plan(2), holding(3))));
    link.expectMessageClass(StartOver.class);
    assertThat(kernel.applied()).isEqualTo(1);
  }

  @Test
  void aRefusedPlanIsReportedAndTriedAgain() {
    kernel.refuseNext(2);
    agent.tell(new NodeAgent.PlanReceived(plan(1)));
    assertFailed(1);
    time.timePasses(RETRY);
    assertFailed(1);
    time.timePasses(RETRY);
    link.expectNoMessage();
    time.timePasses(RETRY);
    assertApplied(1);
  }

  @Test
  void whatDriftsIsRepairedOnTheTimerAndOnNotice() {
    agent.tell(new NodeAgent.PlanReceived(plan(1)));
    assertApplied(1);
    kernel.disturb(KernelState.empty());
    agent.tell(new NodeAgent.PlanReceived(plan(1)));
    assertApplied(1);
    assertThat(kernel.applied()).as("trusts what it knows").isEqualTo(1);
    time.timePasses(DRIFT);
    awaitState(plan(1));
    kernel.disturb(KernelState.empty());
    agent.tell(new NodeAgent.KernelChanged("table gone"));
    link.expectNoMessage();
    time.timePasses(Duration.ofMillis(100));
    awaitState(plan(1));
    assertThat(watch.wanted()).containsExactly(1L, 1L);
  }

  @Test
  void withoutALeaseNoEgressIpIsInTheKernel() {
    agent.tell(new NodeAgent.PlanReceived(holding(1)));
    assertApplied(1);
    assertThat(held()).isEmpty();
    assertThat(lease.told()).isEmpty();
  }

  @Test
  void aLeaseBringsEgressIpsBehindTheirGates() {
    agent.tell(new NodeAgent.PlanReceived(holding(1)));
    assertApplied(1);
    stands(Standing.LEASED);
    awaitTold(new Expected(HOLDING), new Ready(HOLDING));
    assertThat(held()).hasSize(1);
    stands(Standing.LEAVING);
    stands(Standing.UPLINK_DOWN);
    stands(Standing.UNLEASED);
    awaitTold(new Expected(HOLDING), new Ready(HOLDING), new Expected(NOTHING), new Ready(NOTHING));
    assertThat(held()).isEmpty();
  }

  @Test
  void anEgressIpThatLeavesThePlanLosesItsGateFirst() {
    stands(Standing.LEASED);
    agent.tell(new NodeAgent.PlanReceived(holding(1)));
    assertApplied(1);
    agent.tell(new NodeAgent.PlanReceived(plan(2)));
    assertApplied(2);
    awaitTold(new Expected(HOLDING), new Ready(HOLDING), new Expected(NOTHING), new Ready(NOTHING));
  }

  @Test
  void withoutAGateNoAddressIsTaken() {
    stands(Standing.LEASED);
    lease.refuseNext(1);
    agent.tell(new NodeAgent.PlanReceived(holding(1)));
    assertFailed(1);
    assertThat(kernel.applied()).isZero();
    time.timePasses(RETRY);
    assertApplied(1);
    awaitTold(new Expected(HOLDING), new Ready(HOLDING));
  }

  @Test
  void whatTheLeaseSaysReachesTheControllers() {
    Report beat = new Report.Beat(SESSION, Standing.LEASED);
    agent.tell(new NodeAgent.LeaseTold(new LeaseNews.Told(beat)));
    assertThat(report()).isEqualTo(beat);
  }

  @Test
  void aPlanThatIsUrgentTrustsWhatWasKnownAndFindsOutWhenThatIsWrong() {
    agent.tell(new NodeAgent.PlanReceived(plan(1)));
    assertApplied(1);
    kernel.disturb(KernelState.empty());
    stands(Standing.LEASED);
    agent.tell(new NodeAgent.PlanReceived(holding(2)));
    assertApplied(2);
    assertThat(kernel.state())
        .isEqualTo(DesiredKernel.of(holding(2), Plans.uplink(), Tenure.LEASED).state());
  }

  private void stands(Standing standing) {
    agent.tell(new NodeAgent.LeaseTold(new LeaseNews.Changed(SESSION, standing)));
  }

  private void awaitTold(Told... expected) {
    akka.<Object>createTestProbe()
        .awaitAssert(
            () -> {
              assertThat(lease.told()).containsExactly(expected);
              return expected;
            });
  }

  private Set<KernelObject.HeldAddress> held() {
    return kernel.held(IpFamily.IPV4);
  }

  private void awaitState(NodePlan plan) {
    akka.<Object>createTestProbe()
        .awaitAssert(
            () -> {
              assertThat(kernel.state())
                  .isEqualTo(DesiredKernel.of(plan, Plans.uplink(), Tenure.UNLEASED).state());
              return plan;
            });
  }

  @Test
  void theLinkThatAPlanNamesIsUsed() {
    agent.tell(new NodeAgent.PlanReceived(plan(1)));
    assertApplied(1);
    kernel.plug("eth1");
    NodePlan moved = Plans.on("eth1", plan(2));
    agent.tell(new NodeAgent.PlanReceived(moved));
    assertThat(report())
        .isEqualTo(new Report.Facts(Plans.uplink("eth1"), 0, new TreeSet<>(), Findings.NONE));
    assertApplied(2);
    assertThat(kernel.state())
        .isEqualTo(DesiredKernel.of(moved, Plans.uplink("eth1"), Tenure.UNLEASED).state());

    agent.tell(new NodeAgent.PlanReceived(plan(3)));
    assertThat(report())
        .isEqualTo(new Report.Facts(Plans.uplink(), 0, new TreeSet<>(), Findings.NONE));
    assertApplied(3);
    assertThat(kernel.state())
        .isEqualTo(DesiredKernel.of(plan(3), Plans.uplink(), Tenure.UNLEASED).state());
  }

  @Test
  void aPlanThatNamesALinkWhichIsNotThereFailsUntilItIs() {
    agent.tell(new NodeAgent.PlanReceived(plan(1)));
    assertApplied(1);
    KernelState before = kernel.state();
    agent.tell(new NodeAgent.PlanReceived(Plans.on("eth9", plan(2))));
    assertThat(report())
        .isInstanceOfSatisfying(
            Report.Failed.class,
            failed -> assertThat(failed.fault().subject()).isEqualTo("uplink eth9"));
    assertThat(kernel.state()).as("nothing is put in its place").isEqualTo(before);

    kernel.plug("eth9");
    time.timePasses(RETRY.multipliedBy(2));
    assertThat(report()).isInstanceOf(Report.Facts.class);
    assertApplied(2);
  }

  private static NodePlan plan(long revision) {
    return Plans.plan(Plans.mesh(12, 11), Selection.none(Plans.CLUSTER), Ownership.none())
        .at(new Revision(revision));
  }

  private static NodePlan holding(long revision) {
    return Plans.plan(Plans.mesh(12, 11), Selection.none(Plans.CLUSTER), Plans.holding(EIP, 12))
        .at(new Revision(revision));
  }

  private void assertApplied(long revision) {
    assertThat(report()).isEqualTo(new Report.Applied(new Revision(revision), Duration.ZERO));
  }

  private void assertFailed(long revision) {
    assertThat(report())
        .isInstanceOfSatisfying(
            Report.Failed.class,
            failed -> {
              assertThat(failed.revision()).isEqualTo(new Revision(revision));
              assertThat(failed.fault().reason()).contains("EPERM");
            });
  }

  private Report report() {
    return link.expectMessageClass(Send.class).report();
  }
}
