package io.egressgateway.node.agent;

import static org.assertj.core.api.Assertions.assertThat;

import akka.actor.testkit.typed.javadsl.ActorTestKit;
import akka.actor.testkit.typed.javadsl.ManualTime;
import akka.actor.testkit.typed.javadsl.TestProbe;
import akka.actor.typed.ActorRef;
import io.egressgateway.core.lease.AgentLeaseCore.Event;
import io.egressgateway.core.lease.LeaseProfile;
import io.egressgateway.core.lease.LeaseTerms;
import io.egressgateway.core.link.WitnessMembership;
import io.egressgateway.core.link.v1.AgentMessage.MessageCase;
import io.egressgateway.core.link.v1.ControllerMessage;
import io.egressgateway.core.link.v1.Dismiss;
import io.egressgateway.core.link.v1.Enlist;
import io.egressgateway.core.link.v1.Heard;
import io.egressgateway.core.link.v1.Plan;
import io.egressgateway.core.link.v1.PlanOffer;
import io.egressgateway.core.model.IpAddress;
import io.egressgateway.core.model.MacAddress;
import io.egressgateway.core.model.NodeName;
import io.egressgateway.core.model.Revision;
import io.egressgateway.core.model.WitnessAddress;
import io.egressgateway.core.plan.NodePlan;
import io.egressgateway.core.plan.Ownership;
import io.egressgateway.core.plan.Selection;
import io.egressgateway.core.tls.TlsFiles;
import io.egressgateway.node.flow.FlowCourier;
import io.egressgateway.node.flow.Replications;
import io.egressgateway.node.kernel.Plans;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.temporal.ChronoUnit;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** How long the link waits: over real gRPC, with the link's time in the hands of the test. */
final class LinkPatienceIT {
  private static final Duration FIRST = Duration.ofSeconds(1);
  private static final int DOUBLINGS = 3;
  private static final Duration MOST = FIRST.multipliedBy(1 << DOUBLINGS);

  /** Longer than the link bears it. */
  private static final Duration SILENCE = Duration.ofSeconds(2);

  private static final long PATIENCE_SECONDS = 20;
  private static final Report REMARK =
      new Report.Conflict(IpAddress.of("10.6.168.201"), MacAddress.of("02:00:00:00:00:66"));
  private static final ControllerMessage HEARD =
      ControllerMessage.newBuilder().setHeard(Heard.getDefaultInstance()).build();
  private static final ControllerMessage DISMISS =
      ControllerMessage.newBuilder().setDismiss(Dismiss.getDefaultInstance()).build();
  private static final NodeLease.Enlistment ENLISTMENT =
      new NodeLease.Enlistment(
          LeaseProfile.DEFAULT.terms(),
          WitnessMembership.of(List.of(new WitnessAddress("w1", 5824))));
  private static final ControllerMessage UNREADABLE =
      ControllerMessage.newBuilder()
          .setPlan(PlanOffer.newBuilder().setPlan(Plan.newBuilder().setRevision(9)))
          .build();
  private static final ControllerMessage TOO_LARGE =
      ControllerMessage.newBuilder()
          .setEnlist(
              Enlist.newBuilder().setMembership("x".repeat(LinkTransport.MESSAGE_BYTES_MAX + 1)))
          .build();

  private final ActorTestKit akka = ActorTestKit.create(ManualTime.config());
  private final ManualTime time = ManualTime.get(akka.system());
  private final TestProbe<NodeAgent.Message> agent = akka.createTestProbe();
  private final FakeLease lease = new FakeLease();
  private final Watch watch = new Watch();
  private final ExecutorService flows = Executors.newSingleThreadExecutor();
  private final TestController controller;
  private final TlsFiles tls;
  private final ActorRef<ControllerLink.Command> link;

  /** Tells what has happened to the link. */
  private static final class Watch implements AgentWatch {
    private final BlockingQueue<Report> told = new LinkedBlockingQueue<>();
    private final BlockingQueue<String> ends = new LinkedBlockingQueue<>();

    @Override
    public void wanted(NodePlan plan) {}

    @Override
    public void told(Report report) {
      told.add(report);
    }

    @Override
    public void linked(LinkSettings.Endpoint controller) {}

    @Override
    public void unlinked() {
      ends.add("end");
    }
  }

  LinkPatienceIT(@TempDir Path directory) throws Exception {
    TestCa ca = new TestCa();
    controller = TestController.local(ca, directory.resolve("controller"));
    tls =
        ca.issue(
            directory.resolve("agent"),
            "egressgateway-agent:node-11",
            "node-11.agent.egressgateway");
    link =
        akka.spawn(
            ControllerLink.create(
                new ControllerLink.Recipients(
                    agent.ref(),
                    lease,
                    watch,
                    outbox -> new FlowCourier(flows, outbox, Replications.idle())),
                new LinkSettings(
                    List.of(controller.endpoint()),
                    tls,
                    new LinkSettings.Identity(new NodeName("node-11"), "boot", 7, "test"),
                    // Delays are not shortened.
                    new LinkSettings.Retry(
                        new Backoff(FIRST, MOST), Duration.ofSeconds(5), () -> 0))));
    awaitHello();
  }

  @AfterEach
  void stop() throws Exception {
    akka.shutdownTestKit();
    controller.close();
    flows.shutdownNow();
  }

  private void awaitHello() throws InterruptedException {
    assertThat(controller.await(MessageCase.HELLO).getHello().getNode()).isEqualTo("node-11");
  }

  private void awaitEnd() throws InterruptedException {
    await(watch.ends);
    awaitTurn();
    controller.awaitGone();
  }

  /** The link has dealt with everything before. */
  private void awaitTurn() throws InterruptedException {
    link.tell(new ControllerLink.Send(REMARK));
    await(watch.told);
  }

  private static void await(BlockingQueue<?> queue) throws InterruptedException {
    assertThat(Optional.ofNullable(queue.poll(PATIENCE_SECONDS, TimeUnit.SECONDS))).isPresent();
  }

  private void assertComesBackAfter(Duration delay) throws InterruptedException {
    time.timePasses(delay.minusMillis(1));
    assertThat(controller.hearsNothingFor(Duration.ofMillis(200))).isTrue();
    time.timePasses(Duration.ofMillis(1));
    awaitHello();
  }

  private void assertIsAskedForLessAndLessOften(ControllerMessage message) throws Exception {
    for (int doublings = 0; doublings <= DOUBLINGS; doublings++) {
      controller.send(HEARD);
      controller.send(message);
      awaitEnd();
      assertComesBackAfter(FIRST.multipliedBy(1 << doublings));
    }
  }

  private static ControllerMessage enlist() {
    LeaseTerms terms = ENLISTMENT.terms();
    WitnessAddress witness = ENLISTMENT.witnesses().witnesses().getFirst();
    return ControllerMessage.newBuilder()
        .setEnlist(
            Enlist.newBuilder()
                .setLeaseMicros(micros(terms.lease()))
                .setRenewalMicros(micros(terms.renewal()))
                .setGuardMicros(micros(terms.guard()))
                .setSuspicionMicros(micros(terms.suspicion()))
                .addWitnesses(
                    io.egressgateway.core.link.v1.WitnessAddress.newBuilder()
                        .setHost(witness.host())
                        .setPort(witness.port()))
                .setMembership(ENLISTMENT.witnesses().digest()))
        .build();
  }

  private static long micros(Duration time) {
    return time.dividedBy(ChronoUnit.MICROS.getDuration());
  }

  private void bringPlan(long revision) throws InterruptedException {
    controller.offer(
        Plans.plan(Plans.mesh(11, 12), Selection.none(Plans.CLUSTER), Ownership.none())
            .at(new Revision(revision)));
    agent.expectMessageClass(NodeAgent.PlanReceived.class);
  }

  @Test
  void aPlanThatCannotBeReadIsAskedForLessAndLessOftenUntilOneCan() throws Exception {
    assertIsAskedForLessAndLessOften(UNREADABLE);
    bringPlan(1);
    controller.send(UNREADABLE);
    awaitEnd();
    assertComesBackAfter(FIRST);
  }

  @Test
  void aMessageAboveTheLimitIsAskedForLessAndLessOften() throws Exception {
    assertIsAskedForLessAndLessOften(TOO_LARGE);
  }

  @Test
  void aKeyThatIsDamagedAndMendedAgainIsReadAgain() throws Exception {
    String key = Files.readString(tls.key());
    Files.writeString(tls.key(), "-----BEGIN PRIVATE KEY-----\nA\n-----END PRIVATE KEY-----\n");
    controller.end();
    awaitEnd();
    time.timePasses(FIRST);
    awaitEnd();
    Files.writeString(tls.key(), key);
    assertComesBackAfter(FIRST.multipliedBy(2));
  }

  @Test
  void aControllerThatAnswersBeatsNoMoreIsLeft() throws Exception {
    controller.send(enlist());
    controller.send(HEARD);
    bringPlan(1);
    time.timePasses(SILENCE);
    awaitEnd();
    assertComesBackAfter(FIRST);
  }

  @Test
  void aNodeThatWasDismissedBeatsNoMoreAndKeepsItsController() throws Exception {
    controller.send(enlist());
    controller.send(HEARD);
    controller.send(DISMISS);
    controller.send(HEARD);
    bringPlan(1);
    time.timePasses(SILENCE.multipliedBy(3));
    bringPlan(2);
    assertThat(watch.ends).isEmpty();
    assertThat(lease.told())
        .containsExactly(
            new FakeLease.Told.Enlisted(ENLISTMENT),
            new FakeLease.Told.Heard(new Event.Dismissed()));
  }
}
