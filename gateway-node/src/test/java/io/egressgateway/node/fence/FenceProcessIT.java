package io.egressgateway.node.fence;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import io.egressgateway.core.model.IpAddress;
import io.egressgateway.node.fence.Tap.Kind;
import io.egressgateway.node.netlink.socket.RawClock;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.SortedSet;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.locks.LockSupport;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** What a fence does when the process that holds it does nothing any more. */
final class FenceProcessIT {
  private static final SortedSet<IpAddress> BOTH = FenceLab.set(FenceLab.EIP, FenceLab.EIP6);
  private static final Duration SLACK = Duration.ofMillis(50);
  private static final Duration CALM = Duration.ofMillis(300);
  private static final Duration PATIENCE = Duration.ofSeconds(20);
  private static final int LEASE_MILLIS = 1_000;
  private static final int LONG_LEASE_MILLIS = 60_000;
  private static final int ADDRESS_SECONDS = 60;

  private FenceLab lab;
  private Tap tap;
  private Optional<Process> holder = Optional.empty();
  private final List<String> said = new CopyOnWriteArrayList<>();

  @BeforeEach
  void start() throws Exception {
    lab = new FenceLab();
    lab.translate();
    tap = new Tap(lab);
    lab.hold(BOTH, ADDRESS_SECONDS);
  }

  @AfterEach
  void stop() throws Exception {
    killHolder();
    tap.close();
    lab.close();
  }

  private void killHolder() throws Exception {
    if (holder.isPresent()) {
      holder.get().destroyForcibly().waitFor();
    }
  }

  private void startHolder(int leaseMillis) {
    ProcessBuilder builder =
        new ProcessBuilder(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "-XX:+UseSerialGC",
                "-Xmx64m",
                "-XX:TieredStopAtLevel=1",
                "--enable-native-access=ALL-UNNAMED",
                "-cp",
                System.getProperty("java.class.path"),
                FenceHolder.class.getName(),
                Integer.toString(leaseMillis))
            .redirectErrorStream(true);
    // A child is born in the namespace of the thread that starts it.
    Process started = lab.node().run(builder::start);
    holder = Optional.of(started);
    Thread.ofPlatform().daemon(true).start(() -> listen(started.inputReader(UTF_8)));
  }

  private void listen(BufferedReader output) {
    try {
      for (String line = output.readLine(); line != null; line = output.readLine()) {
        said.add(line);
      }
    } catch (IOException closed) {
      throw new UncheckedIOException(closed);
    }
  }

  private void signal(String name) throws Exception {
    FenceLab.in(lab.node(), "kill -" + name + " " + holder.orElseThrow().pid());
  }

  private long lastDeadline() {
    return said.stream()
        .filter(line -> line.startsWith("deadline "))
        .mapToLong(line -> Long.parseLong(line.substring("deadline ".length())))
        .max()
        .orElseThrow();
  }

  private void awaitHolder() {
    Awaitility.await().atMost(PATIENCE).until(() -> said.size() > 1);
    tap.clear();
    awaitAnswers();
  }

  private void awaitAnswers() {
    Awaitility.await()
        .atMost(PATIENCE)
        .pollInterval(Duration.ofMillis(10))
        .until(
            () ->
                !tap.of(Kind.ADVERTISEMENT).isEmpty()
                    && !tap.of(Kind.UDP4).isEmpty()
                    && !tap.of(Kind.UDP6).isEmpty());
  }

  private static void passes(Duration time) {
    long end = RawClock.nanos() + time.toNanos();
    while (end - RawClock.nanos() > 0) {
      LockSupport.parkNanos(end - RawClock.nanos());
    }
  }

  @Test
  void aStoppedProcessGoesDarkAndStaysDarkWhenItGoesOn() throws Exception {
    try (Provocation all =
        Provocation.in(lab).asking().flowing().straying().start(Duration.ofMillis(4))) {
      startHolder(LEASE_MILLIS);
      awaitHolder();
      signal("STOP");
      passes(Duration.ofMillis(LEASE_MILLIS).plus(CALM));
      long deadline = lastDeadline();
      for (Kind kind : List.of(Kind.ARP_REPLY, Kind.UDP4, Kind.UDP6, Kind.ADVERTISEMENT)) {
        Duration last = tap.last(kind, deadline);
        System.out.printf("stopped: last %s %d ms after the deadline%n", kind, last.toMillis());
        assertThat(last).isLessThanOrEqualTo(SLACK);
      }
      signal("CONT");
      Awaitility.await().atMost(PATIENCE).until(() -> said.contains("lapsed"));
      passes(CALM);
      assertThat(tap.since(deadline + SLACK.toNanos())).isEmpty();
      assertThat(said).contains("announcement dropped");
      assertThat(all.rounds()).isPositive();
    }
  }

  @Test
  void whoeverAdoptsTheFenceOfAKilledProcessFindsAllGatesClosed() throws Exception {
    try (Provocation all = Provocation.in(lab).asking().flowing().start(Duration.ofMillis(4))) {
      startHolder(LONG_LEASE_MILLIS);
      awaitHolder();
      killHolder();
      tap.clear();
      awaitAnswers();
      NftFence adopted = lab.lease(() -> NftFence.open(RawClock::nanos));
      passes(SLACK);
      tap.clear();
      passes(CALM);
      assertThat(tap.all()).isEmpty();
      assertThat(all.rounds()).isPositive();
      assertThat(FenceLab.in(lab.node(), "nft list set inet egressgateway_fence gated_v4"))
          .contains(FenceLab.EIP.toString());
      lab.lease(
          () -> {
            adopted.close();
            return adopted;
          });
    }
  }
}
