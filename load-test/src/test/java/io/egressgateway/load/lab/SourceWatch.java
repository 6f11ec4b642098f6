package io.egressgateway.load.lab;

import io.egressgateway.core.model.Ipv4Address;
import java.time.Duration;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.ScheduledFuture;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;

/** Opens connections from a pod all the time and notes which source addresses the server saw. */
final class SourceWatch implements AutoCloseable {
  private static final Duration ANSWER_PATIENCE = Duration.ofSeconds(3);

  private static final Duration PAUSE = Duration.ofMillis(10);

  private final PodExec pod;
  private final Map<Ipv4Address, Integer> seen = new TreeMap<>();
  private final AtomicInteger unanswered = new AtomicInteger();
  private final ScheduledExecutorService rounds =
      Executors.newSingleThreadScheduledExecutor(
          task -> Thread.ofPlatform().name("source-watch").daemon().unstarted(task));

  private final ScheduledFuture<?> watching;

  SourceWatch(PodExec pod) {
    this.pod = pod;
    this.watching =
        rounds.scheduleWithFixedDelay(this::connect, 0, PAUSE.toMillis(), TimeUnit.MILLISECONDS);
  }

  private void connect() {
    Optional<Ipv4Address> source = pod.sourceAddress(ANSWER_PATIENCE);
    synchronized (seen) {
      source.ifPresentOrElse(
          address -> seen.merge(address, 1, Integer::sum), unanswered::incrementAndGet);
    }
  }

  /** How often each address was seen so far. */
  Map<Ipv4Address, Integer> seen() {
    synchronized (seen) {
      return new TreeMap<>(seen);
    }
  }

  /** Waits until as many more connections were answered. */
  void awaitAnswers(int more) throws Exception {
    int before = total();
    Patience.USUAL.await(
        more + " more answers", () -> Optional.of(total()).filter(now -> now >= before + more));
  }

  private int total() {
    return seen().values().stream().mapToInt(Integer::intValue).sum();
  }

  /** Connections without an answer in three seconds. */
  int unanswered() {
    return unanswered.get();
  }

  @Override
  public void close() {
    watching.cancel(false);
    rounds.close();
  }
}
