package io.egressgateway.load.bench.cluster;

import io.egressgateway.core.model.Ipv4Address;
import io.egressgateway.load.lab.Lab;
import io.egressgateway.load.lab.PodExec;
import io.egressgateway.load.lab.kube.PodPlacement;
import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Predicate;

/**
 * Has a pod connect to the server outside again and again, to see when its source changes. Two
 * lanes take turns by themselves: one that waits for an answer that never comes does not hide what
 * the other sees. For one thread at a time.
 */
final class SourceProbe implements AutoCloseable {
  private static final int LANES = 2;
  private static final Duration ANSWER_PATIENCE = Duration.ofMillis(200);
  private static final Duration PAUSE = Duration.ofMillis(2);
  private static final Duration LIMIT = Duration.ofSeconds(30);

  private final List<PodExec> lanes = new ArrayList<>();

  SourceProbe(Lab lab, PodPlacement pod) throws IOException {
    for (int i = 0; i < LANES; i++) {
      lanes.add(lab.exec(pod));
    }
  }

  /**
   * What was seen.
   *
   * @param took from the given moment until the first awaited answer was there
   * @param connections tried in that time, the last included
   * @param silent how many of them got no answer
   */
  record Sight(Duration took, int connections, int silent) {}

  /**
   * Connects until the server sees an awaited source.
   *
   * @param sinceNanos the moment to count from, by {@link System#nanoTime}
   * @throws TimeoutException if there is none in half a minute
   */
  Sight await(Predicate<Ipv4Address> awaited, long sinceNanos) throws Exception {
    AtomicInteger connections = new AtomicInteger();
    AtomicInteger silent = new AtomicInteger();
    CompletableFuture<Long> seenNanos = new CompletableFuture<>();
    List<Thread> threads = new ArrayList<>();
    for (PodExec lane : lanes) {
      threads.add(
          Thread.ofPlatform()
              .daemon()
              .start(
                  () -> {
                    while (!seenNanos.isDone()) {
                      connections.incrementAndGet();
                      Optional<Ipv4Address> source = lane.sourceAddress(ANSWER_PATIENCE);
                      if (source.isEmpty()) {
                        silent.incrementAndGet();
                      } else if (awaited.test(source.get())) {
                        seenNanos.complete(System.nanoTime());
                      } else {
                        pause();
                      }
                    }
                  }));
    }
    try {
      long seen = seenNanos.get(LIMIT.toMillis(), TimeUnit.MILLISECONDS);
      return new Sight(Duration.ofNanos(seen - sinceNanos), connections.get(), silent.get());
    } catch (ExecutionException e) {
      throw new IllegalStateException("a probe of the pod's source failed", e);
    } finally {
      seenNanos.cancel(false);
      for (Thread thread : threads) {
        thread.join(ANSWER_PATIENCE.multipliedBy(2));
      }
    }
  }

  private static void pause() {
    try {
      Thread.sleep(PAUSE);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  /** How long one connection takes, answer included; empty if there is none. */
  Optional<Duration> once() {
    long started = System.nanoTime();
    return lanes
        .getFirst()
        .sourceAddress(ANSWER_PATIENCE)
        .map(source -> Duration.ofNanos(System.nanoTime() - started));
  }

  @Override
  public void close() {
    lanes.forEach(PodExec::close);
  }
}
