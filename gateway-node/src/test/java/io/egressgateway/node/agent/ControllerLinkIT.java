package io.egressgateway.node.agent;

import static org.assertj.core.api.Assertions.assertThat;

import akka.Done;
import akka.actor.testkit.typed.javadsl.ActorTestKit;
import akka.actor.testkit.typed.javadsl.LoggingTestKit;
import akka.actor.typed.ActorRef;
import io.egressgateway.core.link.v1.AgentMessage;
import io.egressgateway.core.link.v1.AgentMessage.MessageCase;
import io.egressgateway.core.link.v1.ControllerMessage;
import io.egressgateway.core.link.v1.Hello;
import io.egressgateway.core.link.v1.Plan;
import io.egressgateway.core.link.v1.PlanOffer;
import io.egressgateway.core.model.NodeName;
import io.egressgateway.core.model.Revision;
import io.egressgateway.core.plan.NodePlan;
import io.egressgateway.core.plan.Ownership;
import io.egressgateway.core.plan.PlanDelta;
import io.egressgateway.core.plan.Selection;
import io.egressgateway.node.flow.FlowCourier;
import io.egressgateway.node.flow.Replications;
import io.egressgateway.node.kernel.DesiredKernel;
import io.egressgateway.node.kernel.Plans;
import io.egressgateway.node.kernel.Tenure;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Random;
import java.util.concurrent.Executors;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The agent and a controller, over real gRPC with mutual TLS. */
final class ControllerLinkIT {
  private static final Selection NOTHING = Selection.none(Plans.CLUSTER);
  private static final String COMMON_NAME = "egressgateway-agent:node-11";
  private static final String DNS_NAME = "node-11.agent.egressgateway";

  private final ActorTestKit akka = ActorTestKit.create();
  private final FakeKernel kernel = new FakeKernel();
  private final FakeLease lease = new FakeLease();
  private final KernelThread thread = new KernelThread(Executors.newSingleThreadExecutor());
  private final TestCa ca = new TestCa();
  private final Path directory;
  private final TestController controller;

  ControllerLinkIT(@TempDir Path directory) throws Exception {
    this.directory = directory;
    this.controller = TestController.local(ca, directory.resolve("controller"));
  }

  @AfterEach
  void stop() throws Exception {
    akka.shutdownTestKit();
    controller.close();
    thread.executor().shutdownNow();
  }

  private ActorRef<NodeAgent.Message> agent(TestCa issuer, LinkSettings.Endpoint... controllers)
      throws Exception {
    LinkSettings settings =
        new LinkSettings(
            List.of(controllers),
            issuer.issue(directory.resolve("agent"), COMMON_NAME, DNS_NAME),
            new LinkSettings.Identity(new NodeName("node-11"), "boot", 7, "test"),
            new LinkSettings.Retry(
                new Backoff(Duration.ofMillis(20), Duration.ofMillis(200)),
                Duration.ofSeconds(5),
                new Random(1)));
    return akka.spawn(
        NodeAgent.create(
            new NodeAgent.Parts(
                kernel,
                thread,
                lease,
                new DriftRepairs(),
                self ->
                    ControllerLink.create(
                        new ControllerLink.Recipients(
                            self,
                            lease,
                            AgentWatch.NOBODY,
                            outbox ->
                                new FlowCourier(thread.executor(), outbox, Replications.idle())),
                        settings),
                AgentWatch.NOBODY),
            new AgentSettings(
                Duration.ofHours(1),
                Duration.ofMillis(10),
                new Backoff(Duration.ofMillis(20), Duration.ofMillis(20)),
                () -> 0)));
  }

  @Test
  void theAgentSaysWhoItIsAndAppliesWhatItGets() throws Exception {
    agent(ca, controller.endpoint());
    Hello hello = hello();
    assertThat(hello.getNode()).isEqualTo("node-11");
    assertThat(hello.getBootId()).isEqualTo("boot");
    assertThat(hello.getIncarnation()).isEqualTo(7);
    assertThat(hello.getAppliedRevision()).isZero();
    assertThat(controller.await(MessageCase.FACTS).getFacts().getUplink()).isEqualTo("eth0");
    controller.offer(plan(1));
    assertThat(applied()).isEqualTo(1);
    assertThat(kernel.state())
        .isEqualTo(DesiredKernel.of(plan(1), Plans.uplink(), Tenure.UNLEASED).state());
  }

  @Test
  void afterABreakTheAgentGoesOnFromWhatItHas() throws Exception {
    agent(ca, controller.endpoint());
    hello();
    controller.offer(plan(1));
    assertThat(applied()).isEqualTo(1);
    controller.end();
    assertThat(hello().getAppliedRevision()).isEqualTo(1);
    controller.offer(PlanDelta.between(plan(1), plan(2)));
    assertThat(applied()).isEqualTo(2);
  }

  @Test
  void aDeltaThatDoesNotFitMakesTheAgentAskForEverything() throws Exception {
    agent(ca, controller.endpoint());
    hello();
    controller.offer(plan(1));
    assertThat(applied()).isEqualTo(1);
    controller.offer(PlanDelta.between(plan(5), plan(6)));
    assertThat(hello().getAppliedRevision()).isZero();
    controller.offer(plan(6));
    assertThat(applied()).isEqualTo(6);
  }

  @Test
  void aMalformedPlanIsRefusedAndNothingChanges() throws Exception {
    agent(ca, controller.endpoint());
    hello();
    controller.offer(plan(1));
    assertThat(applied()).isEqualTo(1);
    controller.send(
        ControllerMessage.newBuilder()
            .setPlan(PlanOffer.newBuilder().setPlan(Plan.newBuilder().setRevision(9)))
            .build());
    assertThat(hello().getAppliedRevision()).isEqualTo(1);
    assertThat(kernel.state())
        .isEqualTo(DesiredKernel.of(plan(1), Plans.uplink(), Tenure.UNLEASED).state());
  }

  @Test
  void whenOneControllerIsGoneTheNextOneIsTried() throws Exception {
    try (TestController second = TestController.local(ca, directory.resolve("second"))) {
      LinkSettings.Endpoint gone = controller.endpoint();
      controller.close();
      agent(ca, gone, second.endpoint());
      assertThat(second.await(MessageCase.HELLO).getHello().getNode()).isEqualTo("node-11");
    }
  }

  @Test
  void aRefusalOfTheKernelReachesTheController() throws Exception {
    kernel.refuseNext(1);
    agent(ca, controller.endpoint());
    hello();
    controller.offer(plan(1));
    AgentMessage failed = controller.await(MessageCase.PLAN_FAILED);
    assertThat(failed.getPlanFailed().getFaults(0).getReason()).contains("EPERM");
    assertThat(applied()).isEqualTo(1);
  }

  @Test
  void aControllerOfAnotherAuthorityIsNotTalkedTo() throws Exception {
    try (TestController stranger =
        TestController.local(new TestCa(), directory.resolve("stranger"))) {
      agent(ca, stranger.endpoint(), controller.endpoint());
      assertThat(hello().getNode()).isEqualTo("node-11");
      assertThat(stranger.hasReceivedNothing()).isTrue();
    }
  }

  /** Its stream goes on; for a new one it needs another. */
  @Test
  void anAgentWhoseCertificateHasEndedSaysSoUntilItHasANewOne() throws Exception {
    agent(ca, controller.endpoint());
    hello();
    ca.issueEnded(directory.resolve("agent"), COMMON_NAME, DNS_NAME);
    controller.offer(plan(1));
    assertThat(applied()).isEqualTo(1);
    LoggingTestKit.warn("own certificate: it ended at ").expect(akka.system(), this::endStream);
    ca.issue(directory.resolve("agent"), COMMON_NAME, DNS_NAME);
    assertThat(hello().getAppliedRevision()).isEqualTo(1);
  }

  private Done endStream() {
    try {
      controller.end();
      return Done.getInstance();
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new AssertionError(e);
    }
  }

  private Hello hello() throws InterruptedException {
    return controller.await(MessageCase.HELLO).getHello();
  }

  private long applied() throws InterruptedException {
    return controller.await(MessageCase.PLAN_APPLIED).getPlanApplied().getRevision();
  }

  private static NodePlan plan(long revision) {
    Ownership ownership = revision % 2 == 0 ? Ownership.none() : Plans.holding("10.6.168.201", 11);
    return Plans.plan(Plans.mesh(11, 12), NOTHING, ownership).at(new Revision(revision));
  }
}
