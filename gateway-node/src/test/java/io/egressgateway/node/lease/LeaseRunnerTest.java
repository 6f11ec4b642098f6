package io.egressgateway.node.lease;

import static org.assertj.core.api.Assertions.assertThat;

import io.egressgateway.core.lease.AgentLeaseCore;
import io.egressgateway.core.lease.AgentLeaseCore.Event;
import io.egressgateway.core.lease.LeaseProfile;
import io.egressgateway.core.lease.LeaseTerms;
import io.egressgateway.core.lease.Rules;
import io.egressgateway.core.lease.Standing;
import io.egressgateway.core.link.WitnessMembership;
import io.egressgateway.core.model.Cidr;
import io.egressgateway.core.model.Epoch;
import io.egressgateway.core.model.GatewayName;
import io.egressgateway.core.model.IpAddress;
import io.egressgateway.core.model.MacAddress;
import io.egressgateway.core.model.NodeAddressSlot;
import io.egressgateway.core.model.NodeName;
import io.egressgateway.core.model.NodeSession;
import io.egressgateway.core.model.WitnessAddress;
import io.egressgateway.node.agent.LeaseNews;
import io.egressgateway.node.agent.NodeLease;
import io.egressgateway.node.agent.NodeLease.Holding;
import io.egressgateway.node.agent.Report;
import io.egressgateway.node.kernel.Uplink;
import io.egressgateway.node.lease.LeaseRunner.Errand;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.SortedMap;
import java.util.SortedSet;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

final class LeaseRunnerTest {
  private static final IpAddress EIP = IpAddress.of("10.6.168.201");
  private static final IpAddress OTHER = IpAddress.of("10.6.168.202");
  private static final MacAddress STRANGER = MacAddress.of("02:00:00:00:00:66");
  private static final NodeSession FIRST =
      new NodeSession(new NodeName("node-1"), "boot", 1L << 32);
  private static final Uplink UPLINK =
      new Uplink("eth0", 1500, MacAddress.of("02:00:00:00:00:01"), new TreeSet<>());
  private static final WitnessMembership WITNESSES =
      WitnessMembership.of(
          List.of(
              new WitnessAddress("w1", 1),
              new WitnessAddress("w2", 1),
              new WitnessAddress("w3", 1)));
  private static final NodeLease.Enlistment TERMS =
      new NodeLease.Enlistment(LeaseProfile.DEFAULT.terms(), WITNESSES);

  private final FakeFence fence = new FakeFence();
  private final List<LeaseNews> news = new ArrayList<>();
  private final List<IpAddress> announced = new ArrayList<>();
  private final SortedMap<IpAddress, String> ports = new TreeMap<>();
  private final List<Line> lines = new ArrayList<>();
  private final List<String> watched = new ArrayList<>();
  private final SortedMap<IpAddress, String> claimed = new TreeMap<>();
  private final Map<String, Lookout.Sightings> seers = new HashMap<>();
  private final List<IpAddress> probed = new ArrayList<>();
  private final List<String> probedOn = new ArrayList<>();
  private final List<CompletableFuture<SortedMap<IpAddress, MacAddress>>> answers =
      new ArrayList<>();
  private long now = Duration.ofHours(1).toNanos();
  private final LeaseRunner runner =
      new LeaseRunner(
          new AgentLeaseCore(Rules.ALL, FIRST),
          new LeaseRunner.Tools(
              () -> now,
              fence,
              (witnesses, answers) -> {
                lines.add(new Line());
                return lines.getLast();
              },
              new LeaseRunner.Voices(
                  new TestHerald(),
                  (link, sightings) -> {
                    seers.put(link, sightings);
                    return new TestLookout(link);
                  })),
          new Deaf(),
          news::add);

  private record Asked(NodeSession session, long sequence, Duration lease) {}

  private static final class Line implements WitnessLine {
    private final List<Asked> asked = new ArrayList<>();
    private boolean closed;

    @Override
    public void renew(NodeSession session, long sequence, Duration lease) {
      asked.add(new Asked(session, sequence, lease));
    }

    @Override
    public void close() {
      closed = true;
    }
  }

  private final class TestLookout implements Lookout {
    private final String link;

    TestLookout(String link) {
      this.link = link;
      watched.add(link);
    }

    @Override
    public void hold(SortedSet<IpAddress> addresses) {
      claimed.values().removeIf(link::equals);
      addresses.forEach(address -> claimed.put(address, link));
    }

    @Override
    public CompletionStage<SortedMap<IpAddress, MacAddress>> probe(SortedSet<IpAddress> addresses) {
      probed.add(addresses.first());
      probedOn.add(link);
      CompletableFuture<SortedMap<IpAddress, MacAddress>> answer = new CompletableFuture<>();
      answers.add(answer);
      return answer;
    }

    @Override
    public void close() {
      watched.remove(link);
      claimed.values().removeIf(link::equals);
    }
  }

  private final class Deaf implements LeaseRunner.Inbox {
    @Override
    public void probed(Errand.Probed probed) {
      take(probed);
    }

    @Override
    public void uplinkLost() {
      throw new AssertionError("the lookout of this test sees nothing");
    }

    @Override
    public void uplinkFound() {
      throw new AssertionError("the lookout of this test sees nothing");
    }

    @Override
    public void conflict(IpAddress address, MacAddress mac) {
      throw new AssertionError("the lookout of this test sees nothing");
    }

    @Override
    public void promised(int witness, long incarnation, long sequence) {
      throw new AssertionError("the line of this test does not answer");
    }

    @Override
    public void nacked(int witness, long incarnation) {
      throw new AssertionError("the line of this test does not answer");
    }
  }

  private final class TestHerald implements Herald {
    @Override
    public void announce(Uplink.Port port, IpAddress address) {
      announced.add(address);
      ports.put(address, port.name());
    }

    @Override
    public void close() {
      announced.clear();
    }
  }

  @BeforeEach
  void enlist() {
    take(new Errand.Enlist(TERMS));
  }

  private void take(Errand... errands) {
    for (Errand errand : errands) {
      runner.take(errand);
    }
    runner.settle();
  }

  private void hear(Event event) {
    take(new Errand.Tell(event, now));
  }

  /** Two of three promise what was asked for last. */
  private void promise() {
    Asked asked = lines.getLast().asked.getLast();
    hear(new Event.Promised(0, asked.session().incarnation(), asked.sequence()));
    hear(new Event.Promised(2, asked.session().incarnation(), asked.sequence()));
  }

  private void pass(Duration time) {
    long until = now + time.toNanos();
    while (runner.nextNanos() <= until) {
      now = Math.max(now, runner.nextNanos());
      runner.settle();
    }
    now = until;
  }

  private void prepare(IpAddress... addresses) {
    prepare(UPLINK, addresses);
  }

  private void prepare(Uplink uplink, IpAddress... addresses) {
    SortedSet<IpAddress> all = new TreeSet<>(List.of(addresses));
    CompletableFuture<Holding> done = new CompletableFuture<>();
    take(new Errand.Expect(new Holding(uplink, all), done));
    assertThat(done).isCompleted();
    take(new Errand.Ready(new Holding(uplink, all)));
  }

  private void hold() {
    promise();
    prepare(EIP);
    hear(new Event.Granted(EIP, new Epoch(3), FIRST));
  }

  private List<Report> reports() {
    return news.stream()
        .filter(LeaseNews.Told.class::isInstance)
        .map(told -> ((LeaseNews.Told) told).report())
        .filter(report -> !(report instanceof Report.Beat))
        .toList();
  }

  @Test
  void aGrantOpensTheGateAndIsAnnouncedAndReported() {
    hold();
    assertThat(fence.gated()).containsExactly(EIP);
    assertThat(fence.last().orElseThrow().open()).containsExactly(EIP);
    assertThat(announced).containsExactly(EIP);
    assertThat(reports()).containsExactly(new Report.Opened(EIP, new Epoch(3), FIRST));
    assertThat(news).contains(new LeaseNews.Changed(FIRST, Standing.LEASED));
  }

  @Test
  void theNodesOwnAddressIsLeasedAndNotAnnounced() {
    IpAddress slot = NodeAddressSlot.of(new GatewayName("default"));
    promise();
    prepare(slot);
    hear(new Event.Granted(slot, new Epoch(3), FIRST));
    assertThat(reports()).containsExactly(new Report.Opened(slot, new Epoch(3), FIRST));
    assertThat(announced).isEmpty();
    assertThat(claimed).isEmpty();
  }

  @Test
  void aGrantMayComeBeforeTheKernelIsReady() {
    promise();
    hear(new Event.Granted(EIP, new Epoch(3), FIRST));
    assertThat(reports()).isEmpty();
    prepare(EIP);
    assertThat(reports()).containsExactly(new Report.Opened(EIP, new Epoch(3), FIRST));
  }

  @Test
  void manyGrantsAreOneWrite() {
    promise();
    prepare(EIP, OTHER);
    int before = fence.writes().size();
    take(
        new Errand.Tell(new Event.Granted(EIP, new Epoch(3), FIRST), now),
        new Errand.Tell(new Event.Granted(OTHER, new Epoch(2), FIRST), now));
    assertThat(fence.writes()).hasSize(before + 1);
    assertThat(reports()).hasSize(2);
  }

  @Test
  void aReleaseClosesTheGateAndEndsTheAnnouncements() {
    hold();
    hear(new Event.ReleaseAsked(EIP, new Epoch(3), FIRST));
    assertThat(fence.last().orElseThrow().open()).isEmpty();
    assertThat(reports()).contains(new Report.Released(EIP, new Epoch(3), FIRST));
    hear(new Event.Granted(EIP, new Epoch(3), FIRST));
    assertThat(fence.last().orElseThrow().open()).as("a late copy of the grant").isEmpty();
    announced.clear();
    pass(Duration.ofMillis(1500));
    assertThat(announced).isEmpty();
  }

  @Test
  void anAddressThatLeavesThePlanIsClosedBeforeItIsTakenAway() {
    hold();
    CompletableFuture<Holding> done = new CompletableFuture<>();
    take(new Errand.Expect(new Holding(UPLINK, new TreeSet<>()), done));
    assertThat(done).isCompleted();
    assertThat(fence.last().orElseThrow().open()).isEmpty();
  }

  @Test
  void whoWantsAGateClosedHearsWhenTheKernelRefuses() {
    hold();
    fence.refuseNext(1);
    CompletableFuture<Holding> done = new CompletableFuture<>();
    take(new Errand.Expect(new Holding(UPLINK, new TreeSet<>()), done));
    assertThat(done).isCompletedExceptionally();
  }

  @Test
  void withoutRenewalsTheLeaseLapsesAndTheNextIncarnationBeginsEmpty() {
    hold();
    pass(TERMS.terms().lease());
    assertThat(fence.last().orElseThrow().open()).isEmpty();
    NodeSession next = lines.getLast().asked.getLast().session();
    assertThat(next.isLaterThan(FIRST)).isTrue();
    promise();
    news.clear();
    hear(new Event.Granted(EIP, new Epoch(3), FIRST));
    assertThat(reports()).as("of the session before").isEmpty();
    hear(new Event.Granted(EIP, new Epoch(4), next));
    assertThat(reports()).containsExactly(new Report.Opened(EIP, new Epoch(4), next));
  }

  @Test
  void nothingIsAnnouncedOnceTheLeaseIsOver() {
    hold();
    announced.clear();
    // The thread was not scheduled: nothing has noticed the end of the lease yet.
    now += TERMS.terms().lease().toNanos();
    runner.settle();
    assertThat(announced).isEmpty();
  }

  @Test
  void aWriteThatCameTooLateOpensNothing() {
    promise();
    prepare(EIP);
    fence.beLateNext(1);
    hear(new Event.Granted(EIP, new Epoch(3), FIRST));
    assertThat(reports()).isEmpty();
    assertThat(announced).isEmpty();
  }

  @Test
  void aRefusedWriteIsTriedAgain() {
    promise();
    prepare(EIP);
    fence.refuseNext(1);
    hear(new Event.Granted(EIP, new Epoch(3), FIRST));
    assertThat(reports()).isEmpty();
    pass(Duration.ofMillis(100));
    assertThat(reports()).containsExactly(new Report.Opened(EIP, new Epoch(3), FIRST));
  }

  @Test
  void whatIsOpenIsAnnouncedAnewWhenTheUplinkIsAnother() {
    hold();
    announced.clear();
    Uplink other = new Uplink("eth1", 1500, MacAddress.of("02:00:00:00:00:02"), new TreeSet<>());
    now += Duration.ofMillis(10).toNanos();
    take(new Errand.Ready(new Holding(other, new TreeSet<>(List.of(EIP)))));
    assertThat(announced).containsExactly(EIP);
  }

  /** The uplink beside a link with the network of this address. */
  private static Uplink beside(IpAddress address) {
    Uplink.Port wan = new Uplink.Port("wan", MacAddress.of("02:00:00:00:00:03"));
    return UPLINK.connectedTo(List.of(new Uplink.Network(Cidr.ofAddress(address), 3, wan)));
  }

  private void holdBoth(Uplink uplink) {
    promise();
    prepare(uplink, EIP, OTHER);
    hear(new Event.Granted(EIP, new Epoch(3), FIRST));
    hear(new Event.Granted(OTHER, new Epoch(3), FIRST));
  }

  @Test
  void eachAddressIsGatedAnnouncedAndWatchedOnItsLink() {
    holdBoth(beside(OTHER));
    Map<IpAddress, String> links = Map.of(EIP, "eth0", OTHER, "wan");
    assertThat(fence.places().orElseThrow().links()).isEqualTo(links);
    assertThat(ports).isEqualTo(links);
    assertThat(claimed).isEqualTo(links);
    assertThat(watched).containsExactlyInAnyOrder("eth0", "wan");
  }

  @Test
  void onlyWhatMovesToAnotherLinkIsAnnouncedAnewAndItsGateStaysOpen() {
    holdBoth(beside(OTHER));
    pass(Duration.ofSeconds(1));
    announced.clear();
    take(new Errand.Ready(new Holding(UPLINK, new TreeSet<>(List.of(EIP, OTHER)))));
    assertThat(announced).containsExactly(OTHER);
    assertThat(ports).containsEntry(OTHER, "eth0");
    assertThat(fence.places().orElseThrow().links()).containsEntry(OTHER, "eth0");
    assertThat(fence.last().orElseThrow().open()).containsExactly(EIP, OTHER);
    assertThat(watched).containsExactly("eth0");
    assertThat(claimed).isEqualTo(Map.of(EIP, "eth0", OTHER, "eth0"));
  }

  @Test
  void anotherNetworkOfTheNodeIsOfNoConcern() {
    holdBoth(UPLINK);
    announced.clear();
    Uplink beside = beside(IpAddress.of("10.99.0.1"));
    take(new Errand.Ready(new Holding(beside, new TreeSet<>(List.of(EIP, OTHER)))));
    assertThat(announced).isEmpty();
    assertThat(watched).containsExactly("eth0");
  }

  @Test
  void theGatesAreToldOfANewLinkBeforeTheKernelIfItIsKnown() {
    holdBoth(UPLINK);
    CompletableFuture<Holding> done = new CompletableFuture<>();
    Holding next = new Holding(beside(OTHER), new TreeSet<>(List.of(EIP, OTHER)));
    take(new Errand.Expect(next, done));
    assertThat(done).isCompleted();
    assertThat(fence.places().orElseThrow().links()).containsEntry(OTHER, "wan");
    assertThat(fence.last().orElseThrow().open()).containsExactly(EIP, OTHER);
  }

  @Test
  void aRivalOnAFurtherLinkIsReportedAndItsLossCostsTheOthersNothing() {
    Uplink uplink = beside(OTHER);
    promise();
    prepare(uplink, EIP, OTHER);
    hear(new Event.Granted(OTHER, new Epoch(1), FIRST));
    assertThat(probed).containsExactly(OTHER);
    assertThat(probedOn).containsExactly("wan");
    answers.getFirst().complete(new TreeMap<>(Map.of(OTHER, STRANGER)));
    assertThat(reports()).containsExactly(new Report.Conflict(OTHER, STRANGER));
    // The inbox of this test would not have it.
    assertThat(seers)
        .hasEntrySatisfying(
            "wan",
            seer -> {
              seer.uplinkLost();
              seer.uplinkFound();
            });
  }

  @Test
  void leavingIsOverWhenTheLastAddressIsReleased() {
    hold();
    CompletableFuture<Standing> left = new CompletableFuture<>();
    take(new Errand.Leave(left));
    assertThat(left).isNotDone();
    assertThat(news).contains(new LeaseNews.Changed(FIRST, Standing.LEAVING));
    assertThat(fence.last().orElseThrow().open()).containsExactly(EIP);
    hear(new Event.ReleaseAsked(EIP, new Epoch(3), FIRST));
    assertThat(left).isCompletedWithValue(Standing.LEAVING);
  }

  @Test
  void theFirstHolderEverAsksTheSegmentBeforeItOpens() {
    promise();
    prepare(EIP);
    hear(new Event.Granted(EIP, new Epoch(1), FIRST));
    hear(new Event.Granted(EIP, new Epoch(1), FIRST));
    assertThat(probed).as("once for both").containsExactly(EIP);
    assertThat(reports()).isEmpty();
    answers.getFirst().complete(new TreeMap<>());
    assertThat(reports()).containsExactly(new Report.Opened(EIP, new Epoch(1), FIRST));
    assertThat(claimed).containsOnlyKeys(EIP);
  }

  @Test
  void anAddressThatAnotherHostHasIsNotOpenedAndAskedForAgain() {
    promise();
    prepare(EIP);
    hear(new Event.Granted(EIP, new Epoch(1), FIRST));
    answers.getFirst().complete(new TreeMap<>(Map.of(EIP, STRANGER)));
    assertThat(reports()).containsExactly(new Report.Conflict(EIP, STRANGER));
    assertThat(fence.last().orElseThrow().open()).isEmpty();
    hear(new Event.Granted(EIP, new Epoch(1), FIRST));
    answers.getLast().complete(new TreeMap<>());
    assertThat(fence.last().orElseThrow().open()).containsExactly(EIP);
  }

  @Test
  void anAddressOnTheMoveDoesNotWaitForTheSegment() {
    hold();
    assertThat(probed).isEmpty();
  }

  @Test
  void theUplinkIsWatchedWhileThereIsALeaseToLose() {
    prepare();
    assertThat(watched).containsExactly("eth0");
    hear(new Event.Dismissed());
    assertThat(watched).isEmpty();
  }

  @Test
  void aLostUplinkClosesAndGivesBackWhatIsHeld() {
    hold();
    hear(new Event.UplinkLost());
    pass(LeaseRunner.UPLINK_DOUBT);
    assertThat(fence.last().orElseThrow().open()).isEmpty();
    assertThat(reports()).contains(new Report.Released(EIP, new Epoch(3), FIRST));
    assertThat(news).contains(new LeaseNews.Changed(FIRST, Standing.UPLINK_DOWN));
  }

  @Test
  void anUplinkThatIsFoundAtOnceWasNotLost() {
    hold();
    hear(new Event.UplinkLost());
    hear(new Event.UplinkFound());
    pass(LeaseRunner.UPLINK_DOUBT.multipliedBy(2));
    assertThat(fence.last().orElseThrow().open()).containsExactly(EIP);
    assertThat(news).doesNotContain(new LeaseNews.Changed(FIRST, Standing.UPLINK_DOWN));
  }

  @Test
  void whatALookoutSawThatWasClosedIsNotSaidOfTheNextUplink() {
    hold();
    Errand late = new Errand.Tell(new Event.UplinkLost(), now);
    now += Duration.ofMillis(10).toNanos();
    Uplink other = new Uplink("eth1", 1500, MacAddress.of("02:00:00:00:00:02"), new TreeSet<>());
    take(new Errand.Ready(new Holding(other, new TreeSet<>(List.of(EIP)))));
    now += Duration.ofMillis(10).toNanos();
    take(late);
    pass(LeaseRunner.UPLINK_DOUBT.multipliedBy(2));
    assertThat(watched).containsExactly("eth1");
    assertThat(fence.last().orElseThrow().open()).containsExactly(EIP);
    hear(new Event.UplinkLost());
    pass(LeaseRunner.UPLINK_DOUBT);
    assertThat(fence.last().orElseThrow().open()).as("the next one is heard").isEmpty();
    assertThat(news).contains(new LeaseNews.Changed(FIRST, Standing.UPLINK_DOWN));
  }

  @Test
  void whatALookoutSawThatWasClosedIsNotSaidOfTheNextLease() {
    prepare();
    Errand late = new Errand.Tell(new Event.UplinkLost(), now);
    hear(new Event.Dismissed());
    take(late);
    pass(LeaseRunner.UPLINK_DOUBT);
    take(new Errand.Enlist(TERMS));
    pass(TERMS.terms().renewal());
    promise();
    assertThat(watched).containsExactly("eth0");
    NodeSession next = lines.getLast().asked.getLast().session();
    assertThat(news).contains(new LeaseNews.Changed(next, Standing.LEASED));
  }

  @Test
  void aRivalThatIsSeenIsReported() {
    hold();
    take(new Errand.Claimed(EIP, STRANGER));
    assertThat(reports()).contains(new Report.Conflict(EIP, STRANGER));
    assertThat(fence.last().orElseThrow().open()).containsExactly(EIP);
  }

  @Test
  void theSameEnlistmentChangesNothing() {
    hold();
    take(new Errand.Enlist(TERMS));
    assertThat(lines).hasSize(1);
    assertThat(fence.last().orElseThrow().open()).containsExactly(EIP);
  }

  @Test
  void otherTermsAreTheSameLeaseRenewedDifferently() {
    hold();
    news.clear();
    LeaseTerms terms = LeaseProfile.EXPRESS.terms();
    take(new Errand.Enlist(new NodeLease.Enlistment(terms, WITNESSES)));
    for (int renewals = 0; renewals < 10; renewals++) {
      pass(terms.renewal());
      promise();
    }
    assertThat(lines).hasSize(1);
    assertThat(lines.getFirst().asked.getLast().lease()).isEqualTo(terms.lease());
    assertThat(fence.last().orElseThrow().open()).containsExactly(EIP);
    assertThat(news).as("of the same lease").allMatch(LeaseNews.Told.class::isInstance);
    assertThat(reports()).isEmpty();
  }

  @Test
  void otherWitnessesAreAnotherSession() {
    hold();
    WitnessMembership others =
        WitnessMembership.of(
            List.of(
                new WitnessAddress("w4", 1),
                new WitnessAddress("w5", 1),
                new WitnessAddress("w6", 1)));
    take(new Errand.Enlist(new NodeLease.Enlistment(TERMS.terms(), others)));
    assertThat(lines).hasSize(2);
    assertThat(lines.getFirst().closed).isTrue();
    assertThat(fence.last().orElseThrow().open()).isEmpty();
    pass(TERMS.terms().renewal());
    assertThat(lines.getLast().asked).isNotEmpty();
    assertThat(lines.getLast().asked.getLast().session().isLaterThan(FIRST)).isTrue();
  }

  @Test
  void whoIsDismissedHoldsNothing() {
    hold();
    hear(new Event.Dismissed());
    assertThat(fence.last().orElseThrow().open()).isEmpty();
    assertThat(lines.getFirst().closed).isTrue();
  }
}
