package io.egressgateway.k8s.status;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import akka.actor.testkit.typed.javadsl.ActorTestKit;
import akka.actor.testkit.typed.javadsl.ManualTime;
import akka.actor.typed.ActorRef;
import io.egressgateway.core.model.IpAddress;
import io.egressgateway.core.model.NodeName;
import io.egressgateway.core.model.PolicyKey;
import io.egressgateway.k8s.crd.EgressTunnel;
import io.egressgateway.k8s.translate.Violation;
import io.egressgateway.policy.domain.Holding;
import io.egressgateway.policy.domain.SpecVersion;
import io.egressgateway.policy.entity.Condition;
import io.egressgateway.policy.entity.FailoverObstacle;
import io.egressgateway.policy.entity.StatusReport;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.Executors;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

class StatusWriterTest {
  private static final long PATIENCE_MILLIS = 50;
  private static final int ATTEMPTS_MAX = 400;
  private static final long LONG_ENOUGH_SECONDS = 20;

  /** Between two attempts of the same write. */
  private static final Duration LONGEST_PAUSE = Duration.ofSeconds(8);

  private final ActorTestKit kit = ActorTestKit.create(ManualTime.config());
  private final ManualTime time = ManualTime.get(kit.system());

  /** A write that waits to be answered. */
  private record Write(Wanted wanted, CompletableFuture<Outcome> answer) {
    void settle() {
      answer.complete(new Outcome.Settled());
    }
  }

  private final BlockingQueue<Write> writes = new LinkedBlockingQueue<>();
  private final BlockingQueue<Map.Entry<PolicyKey, Optional<SpecVersion>>> awaited =
      new LinkedBlockingQueue<>();
  private final CompletableFuture<SeenPolicies> seen = new CompletableFuture<>();
  private final Map<ObjectRef.Key, StatusWatch.Shown> shown = new ConcurrentHashMap<>();
  private final ActorRef<StatusWriter.Command> writer =
      kit.spawn(
          StatusWriter.create(
              new StatusStore() {
                @Override
                public Outcome write(Wanted wanted) {
                  Write write = new Write(wanted, new CompletableFuture<>());
                  writes.add(write);
                  return write.answer().join();
                }

                @Override
                public void see(SeenPolicies policies) {
                  seen.complete(policies);
                }

                @Override
                public void doubt() {}
              },
              Executors.newVirtualThreadPerTaskExecutor(),
              new StatusWatch() {
                @Override
                public void awaits(PolicyKey policy, Optional<SpecVersion> version) {
                  awaited.add(Map.entry(policy, version));
                }

                @Override
                public void told(StatusReport report) {}

                @Override
                public void shows(ObjectRef.Key object, Optional<Shown> status) {
                  status.ifPresentOrElse(
                      news -> shown.put(object, news), () -> shown.remove(object));
                }

                @Override
                public void wrote(StatusWatch.Write write) {}

                @Override
                public void stopped() {}
              }));

  @AfterEach
  void stop() {
    kit.shutdownTestKit();
  }

  private static PolicyKey.Namespaced policy(int number) {
    return new PolicyKey.Namespaced("shop", "policy-" + number);
  }

  private void report(int policy, NodeName holder) {
    writer.tell(
        new StatusWriter.Report(
            new StatusReport.PolicyReport(
                policy(policy),
                Given.version(1),
                new TreeMap<>(Map.of(Given.EIP, new Holding.Programmed(holder))),
                Given.conditions(Given.READY))));
  }

  private static String holder(Write write) {
    return ((Wanted.OfPolicy) write.wanted())
        .report()
        .flatMap(StatusReport.PolicyReport::holder)
        .map(NodeName::toString)
        .orElse("nobody");
  }

  /** Lets time pass until there is a write; the writer's own threads may be slow. */
  private Write nextWrite() throws InterruptedException {
    return nextWrite(StatusWriter.GATHER);
  }

  /** As {@link #nextWrite()}, but so much of it at once. */
  private Write nextWrite(Duration step) throws InterruptedException {
    for (int attempt = 0; attempt < ATTEMPTS_MAX; attempt++) {
      time.timePasses(step);
      Write write = writes.poll(PATIENCE_MILLIS, TimeUnit.MILLISECONDS);
      if (write != null) {
        return write;
      }
    }
    throw new AssertionError("nothing was written");
  }

  private void expectNoWrite() throws InterruptedException {
    time.timePasses(StatusWriter.GATHER.multipliedBy(2));
    assertThat(writes.poll(PATIENCE_MILLIS, TimeUnit.MILLISECONDS)).isNull();
  }

  /** What an object says while the herd grows is not written: it says more than that. */
  @Test
  void thoseWhoWatchAreToldWhichSpecsAreAwaited() throws InterruptedException {
    writer.tell(new StatusWriter.Awaited(policy(1), Optional.of(Given.version(2))));
    writer.tell(new StatusWriter.Awaited(policy(1), Optional.empty()));
    assertThat(awaited.poll(1, TimeUnit.MINUTES))
        .isEqualTo(Map.entry(policy(1), Optional.of(Given.version(2))));
    assertThat(awaited.poll(1, TimeUnit.MINUTES)).isEqualTo(Map.entry(policy(1), Optional.empty()));
  }

  @Test
  void aHerdIsWrittenWhenItGrowsNoMore() throws InterruptedException {
    for (int policy = 0; policy < StatusWriter.HERD; policy++) {
      report(policy, Given.WORKER_1);
    }
    expectNoWrite();
    for (int policy = 0; policy < StatusWriter.HERD + 10; policy++) {
      report(policy, Given.WORKER_2);
    }
    expectNoWrite();
    Set<Wanted> written = new HashSet<>();
    for (int write = 0; write < StatusWriter.HERD + 10; write++) {
      Write next = nextWrite();
      assertThat(holder(next)).isEqualTo("worker-2");
      written.add(next.wanted());
      next.settle();
    }
    assertThat(written).hasSize(StatusWriter.HERD + 10);
    expectNoWrite();
  }

  private void reportGateway(int addresses) {
    TreeMap<IpAddress, StatusReport.Placement> placements = new TreeMap<>();
    for (int number = 1; number <= addresses; number++) {
      placements.put(
          IpAddress.of("10.6.168." + number), Given.placed(Given.WORKER_1, policy(number)));
    }
    writer.tell(new StatusWriter.Report(Given.gatewayReport(placements)));
  }

  private static int addresses(Write write) {
    return ((Wanted.OfGateway) write.wanted()).report().orElseThrow().pools().placements().size();
  }

  @Test
  void aLargeGatewayRestsBetweenTwoWrites() throws InterruptedException {
    reportGateway(StatusWriter.HERD);
    nextWrite().settle();

    reportGateway(StatusWriter.HERD + 1);
    expectNoWrite();
    reportGateway(StatusWriter.HERD + 2);
    expectNoWrite();

    time.timePasses(StatusWriter.LARGE_RESTS);
    Write next = nextWrite();
    assertThat(addresses(next)).isEqualTo(StatusWriter.HERD + 2);
    next.settle();
  }

  @Test
  void aSmallOneDoesNot() throws InterruptedException {
    reportGateway(1);
    nextWrite().settle();

    reportGateway(2);
    time.timePasses(StatusWriter.GATHER);
    Write next = writes.poll(LONG_ENOUGH_SECONDS, TimeUnit.SECONDS);
    assertThat(next).isNotNull();
    assertThat(addresses(next)).isEqualTo(2);
    next.settle();
  }

  @Test
  void passesOnWhatIsWatched() throws Exception {
    SeenPolicies view = policy -> Optional.empty();
    writer.tell(new StatusWriter.Watching(view));

    assertThat(seen.get(10, TimeUnit.SECONDS)).isSameAs(view);
  }

  @Test
  void ofSeveralReportsTheNewestIsWritten() throws InterruptedException {
    report(1, Given.WORKER_1);
    report(1, Given.WORKER_2);
    Write write = nextWrite();
    assertThat(holder(write)).isEqualTo("worker-2");
    write.settle();
    expectNoWrite();
  }

  @Test
  void whatIsShownIsNotWrittenAgain() throws InterruptedException {
    report(1, Given.WORKER_1);
    nextWrite().settle();

    report(1, Given.WORKER_1);
    expectNoWrite();
  }

  @Test
  void aReportDuringAWriteIsWrittenAfterIt() throws InterruptedException {
    report(1, Given.WORKER_1);
    Write first = nextWrite();

    report(1, Given.WORKER_2);
    expectNoWrite();
    first.settle();

    Write second = nextWrite();
    assertThat(holder(second)).isEqualTo("worker-2");
    second.settle();
  }

  @Test
  void fewObjectsAreWrittenAtOnce() throws InterruptedException {
    for (int policy = 0; policy <= StatusWriter.IN_FLIGHT_MAX; policy++) {
      report(policy, Given.WORKER_1);
    }
    List<Write> underWay = new ArrayList<>();
    for (int index = 0; index < StatusWriter.IN_FLIGHT_MAX; index++) {
      underWay.add(nextWrite());
    }
    expectNoWrite();

    underWay.getFirst().settle();

    underWay.add(nextWrite());
    underWay.forEach(Write::settle);
  }

  @Test
  void aFailedWriteIsTriedAgainLater() throws InterruptedException {
    report(1, Given.WORKER_1);
    nextWrite().answer().complete(new Outcome.Failed("the API is away"));
    nextWrite().settle();
  }

  @Test
  void aBugInAWriteIsAFailedWrite() throws InterruptedException {
    report(1, Given.WORKER_1);
    nextWrite().answer().completeExceptionally(new IllegalStateException("a bug"));
    nextWrite().settle();
  }

  @Test
  void anObjectThatIsGoneIsLookedForWhenItIsReportedAgain() throws InterruptedException {
    report(1, Given.WORKER_1);
    nextWrite().answer().complete(new Outcome.Gone());
    expectNoWrite();

    report(1, Given.WORKER_1);
    nextWrite().settle();
  }

  @Test
  void whatIsForgottenIsNotWritten() throws InterruptedException {
    report(1, Given.WORKER_1);
    writer.tell(new StatusWriter.Forget(new ObjectRef.Policy(policy(1))));

    expectNoWrite();
  }

  @Test
  void anObjectThatComesBackDuringItsWriteIsWrittenAgain() throws InterruptedException {
    report(1, Given.WORKER_1);
    Write first = nextWrite();
    writer.tell(new StatusWriter.Forget(new ObjectRef.Policy(policy(1))));
    report(1, Given.WORKER_1);
    expectNoWrite();
    first.settle();

    nextWrite().settle();
  }

  @Test
  void anObjectThatComesBackIsWrittenAgain() throws InterruptedException {
    report(1, Given.WORKER_1);
    nextWrite().settle();
    writer.tell(new StatusWriter.Forget(new ObjectRef.Policy(policy(1))));

    report(1, Given.WORKER_1);
    nextWrite().settle();
  }

  private void reportNode() {
    writer.tell(
        new StatusWriter.Report(Given.nodeReport(Given.WORKER_1, StatusReport.Phase.READY)));
  }

  private void loseTunnel() {
    writer.tell(new StatusWriter.Missing(new ObjectRef.Tunnel(Given.WORKER_1)));
  }

  @Test
  void aTunnelThatSomebodyDeletesIsWrittenAgain() throws InterruptedException {
    reportNode();
    nextWrite().settle();

    loseTunnel();
    Write again = nextWrite();
    assertThat(again.wanted()).isInstanceOf(Wanted.OfTunnel.class);
    again.settle();
    expectNoWrite();
  }

  @Test
  void aTunnelThatSomebodyDeletesDuringItsWriteIsWrittenAgain() throws InterruptedException {
    reportNode();
    Write first = nextWrite();
    loseTunnel();
    expectNoWrite();
    first.settle();

    nextWrite().settle();
  }

  @Test
  void aTunnelThatShouldNotBeThereIsNotMissed() throws InterruptedException {
    loseTunnel();
    expectNoWrite();
  }

  @Test
  void aDeletionThatWasGivenUpIsTriedAgainWhenItIsAskedFor() throws InterruptedException {
    writer.tell(new StatusWriter.Forget(new ObjectRef.Tunnel(Given.WORKER_1)));
    for (int attempt = 0; attempt <= StatusWriter.RETRIES_MAX; attempt++) {
      nextWrite(LONGEST_PAUSE).answer().complete(new Outcome.Failed("the API is away"));
    }
    writer.tell(new StatusWriter.Forget(new ObjectRef.Tunnel(Given.WORKER_1)));
    assertThat(nextWrite().wanted()).isEqualTo(new Wanted.NoTunnel(Given.WORKER_1));
  }

  private static List<String> conditions(Write write) {
    return ((Wanted.OfGateway) write.wanted())
        .verdict().conditions().stream().map(Condition::type).toList();
  }

  @Test
  void whatKeepsAControllerFromFailingOverIsForgottenWithTheController()
      throws InterruptedException {
    writer.tell(new StatusWriter.Report(Given.gatewayReport(new TreeMap<>())));
    nextWrite().settle();

    writer.tell(
        new StatusWriter.Obstacles(
            "c1:1", new TreeSet<>(List.of(FailoverObstacle.JOURNAL_UNAVAILABLE))));
    Write blocked = nextWrite();
    assertThat(conditions(blocked)).contains(FailoverObstacle.CONDITION);
    blocked.settle();

    time.timePasses(StatusWriter.OBSTACLES_LAST);
    assertThat(conditions(nextWrite())).doesNotContain(FailoverObstacle.CONDITION);
  }

  private void awaitShown(Map<ObjectRef.Key, StatusWatch.Shown> expected) {
    await().untilAsserted(() -> assertThat(shown).isEqualTo(expected));
  }

  /** A report alone is not all that a status says. */
  @Test
  void whoWatchesIsToldWhatTheStatusesSay() {
    ObjectRef.Key wrong = new ObjectRef.Policy(Given.POLICY);
    ObjectRef.Key node = new ObjectRef.Tunnel(Given.WORKER_1);
    List<Violation> violations =
        List.of(new Violation("spec.destSubnet[0]", "x", "no CIDR", "write a CIDR"));
    writer.tell(
        new StatusWriter.Violations(ObjectRef.of(Given.POLICY, Given.version(1)), violations));
    reportNode();
    writer.tell(new StatusWriter.NotReadyNodes(new TreeSet<>(Set.of(Given.WORKER_1))));
    awaitShown(
        Map.of(
            wrong,
            new StatusWatch.Shown(
                Conditions.invalid(violations, new TreeSet<>()), Optional.empty()),
            node,
            new StatusWatch.Shown(
                Given.nodeReport(Given.WORKER_1, StatusReport.Phase.READY).conditions(),
                Optional.of(EgressTunnel.Phase.NODE_NOT_READY))));

    writer.tell(new StatusWriter.Forget(wrong));
    writer.tell(new StatusWriter.Report(new StatusReport.NodeGone(Given.WORKER_1)));
    awaitShown(Map.of());
  }
}
