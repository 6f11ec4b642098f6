package io.egressgateway.node.lease;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.egressgateway.core.lease.AgentLeaseCore.Event;
import io.egressgateway.core.lease.LeaseProfile;
import io.egressgateway.core.lease.Standing;
import io.egressgateway.core.link.WitnessMembership;
import io.egressgateway.core.model.Epoch;
import io.egressgateway.core.model.IpAddress;
import io.egressgateway.core.model.MacAddress;
import io.egressgateway.core.model.NodeName;
import io.egressgateway.core.model.NodeSession;
import io.egressgateway.core.model.WitnessAddress;
import io.egressgateway.node.agent.LeaseNews;
import io.egressgateway.node.agent.NodeLease;
import io.egressgateway.node.agent.Report;
import io.egressgateway.node.kernel.KernelFault;
import io.egressgateway.node.kernel.Uplink;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.SortedMap;
import java.util.SortedSet;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** The keeper with its thread, witnesses that promise at once, and a fence that takes all. */
final class LeaseKeeperTest {
  private static final IpAddress EIP = IpAddress.of("10.6.168.201");
  private static final NodeSession FIRST = new NodeSession(new NodeName("node-1"), "boot", 1);
  private static final Uplink UPLINK =
      new Uplink("eth0", 1500, MacAddress.of("02:00:00:00:00:01"), new TreeSet<>());
  private static final NodeLease.Holding HOLDING =
      new NodeLease.Holding(UPLINK, new TreeSet<>(List.of(EIP)));
  private static final NodeLease.Enlistment TERMS =
      new NodeLease.Enlistment(
          LeaseProfile.CONSERVATIVE.terms(),
          WitnessMembership.of(List.of(new WitnessAddress("w1", 1))));
  private static final long PATIENCE_SECONDS = 20;

  private final FakeFence fence = new FakeFence();
  private final BlockingQueue<LeaseNews> news = new LinkedBlockingQueue<>();
  private final BlockingQueue<IpAddress> announced = new LinkedBlockingQueue<>();
  private final CompletableFuture<Throwable> died = new CompletableFuture<>();
  private final LeaseKeeper keeper =
      new LeaseKeeper(
          FIRST,
          new LeaseKeeper.Setting(
              System::nanoTime,
              Thread.ofPlatform().name("lease").daemon(true).factory(),
              (witnesses, answers) -> new Promising(answers),
              died::complete));

  private record Promising(WitnessLine.Answers answers) implements WitnessLine {
    @Override
    public void renew(NodeSession session, long sequence, Duration lease) {
      answers.promised(0, session.incarnation(), sequence);
    }

    @Override
    public void close() {
      // Nothing is open.
    }
  }

  private final class Calling implements Herald {
    @Override
    public void announce(Uplink.Port port, IpAddress address) {
      announced.add(address);
    }

    @Override
    public void close() {
      // Nothing is open.
    }
  }

  private record Blind() implements Lookout {
    @Override
    public void hold(SortedSet<IpAddress> addresses) {
      // It sees nothing anyway.
    }

    @Override
    public CompletionStage<SortedMap<IpAddress, MacAddress>> probe(SortedSet<IpAddress> addresses) {
      return CompletableFuture.completedStage(new TreeMap<>());
    }

    @Override
    public void close() {
      // Nothing is open.
    }
  }

  private LeaseKeeper.Opened open() {
    return new LeaseKeeper.Opened(fence, new Calling(), (uplink, sightings) -> new Blind());
  }

  @AfterEach
  void stop() {
    keeper.close();
  }

  private LeaseNews await(Class<? extends LeaseNews> kind) throws InterruptedException {
    while (true) {
      LeaseNews next =
          Optional.ofNullable(news.poll(PATIENCE_SECONDS, TimeUnit.SECONDS)).orElseThrow();
      if (kind.isInstance(next)) {
        return next;
      }
    }
  }

  private void awaitReport(Report report) throws InterruptedException {
    while (!await(LeaseNews.Told.class).equals(new LeaseNews.Told(report))) {
      // Beats come in between.
    }
  }

  private void hold() throws Exception {
    keeper.start(this::open, news::add).toCompletableFuture().get();
    keeper.enlist(TERMS);
    while (!await(LeaseNews.Changed.class).equals(new LeaseNews.Changed(FIRST, Standing.LEASED))) {
      // The standing before.
    }
    assertThat(keeper.expect(HOLDING).toCompletableFuture().get()).isEqualTo(HOLDING);
    keeper.ready(HOLDING);
    keeper.tell(new Event.Granted(EIP, new Epoch(2), FIRST));
    awaitReport(new Report.Opened(EIP, new Epoch(2), FIRST));
  }

  @Test
  void aGrantIsOpenedAnnouncedAndReportedByTheThread() throws Exception {
    hold();
    assertThat(announced.poll(PATIENCE_SECONDS, TimeUnit.SECONDS)).isEqualTo(EIP);
  }

  @Test
  void leavingEndsWithTheLastRelease() throws Exception {
    hold();
    CompletableFuture<Standing> left = keeper.leave().toCompletableFuture();
    awaitReport(new Report.Beat(FIRST, Standing.LEAVING));
    assertThat(left).isNotDone();
    keeper.tell(new Event.ReleaseAsked(EIP, new Epoch(2), FIRST));
    assertThat(left.get(PATIENCE_SECONDS, TimeUnit.SECONDS)).isEqualTo(Standing.LEAVING);
  }

  @Test
  void aBugThatKillsTheThreadIsTold() throws Exception {
    keeper
        .start(
            this::open,
            told -> {
              throw new IllegalStateException("a bug of the test");
            })
        .toCompletableFuture()
        .get();
    keeper.enlist(TERMS);
    assertThat(died.get(PATIENCE_SECONDS, TimeUnit.SECONDS)).hasMessage("a bug of the test");
  }

  @Test
  void whatTheKernelHasNotIsToldAtTheStart() {
    CompletionStage<?> started =
        keeper.start(
            () -> {
              throw new KernelFault("adopt", "table", "it belongs to another agent");
            },
            news::add);
    assertThatThrownBy(() -> started.toCompletableFuture().get(PATIENCE_SECONDS, TimeUnit.SECONDS))
        .hasCauseInstanceOf(KernelFault.class)
        .hasMessageContaining("another agent");
  }
}
