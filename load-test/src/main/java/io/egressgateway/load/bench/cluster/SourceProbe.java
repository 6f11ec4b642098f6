package io.egressgateway.load.bench.cluster;

import io.egressgateway.core.model.Ipv4Address;
import io.egressgateway.load.lab.Lab;
import io.egressgateway.load.lab.Patience;
import io.egressgateway.load.lab.PodExec;
import io.egressgateway.load.lab.kube.PodPlacement;
import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Executors;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.ScheduledFuture;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Predicate;

/**
 * Has a pod connect to the server outside at a steady pace, to see when its source changes. A
 * connection does not wait for the one before it: one whose first packet is lost would hide for a
 * second what the next one sees. For one thread at a time.
 */
final class SourceProbe implements AutoCloseable {
  /** From one connection to the next. */
  static final Duration PACE = Duration.ofMillis(5);

  /** Twenty times what a connection takes where nothing is lost. */
  static final Duration ANSWER_PATIENCE = Duration.ofMillis(50);

  private static final Duration LIMIT = Duration.ofSeconds(30);

  /** Enough for connections of which none is answered. */
  private static final int LANES = Math.toIntExact(ANSWER_PATIENCE.dividedBy(PACE)) + 2;

  private final List<PodExec> lanes = new ArrayList<>();
  private final BlockingQueue<PodExec> idle = new LinkedBlockingQueue<>();
  private final ScheduledExecutorService pace =
      Executors.newSingleThreadScheduledExecutor(
          task -> Thread.ofPlatform().name("probe-pace").daemon().unstarted(task));

  SourceProbe(Lab lab, PodPlacement pod) throws IOException {
    for (int i = 0; i < LANES; i++) {
      lanes.add(lab.exec(pod));
    }
    idle.addAll(lanes);
  }

  /**
   * What was seen.
   *
   * @param took from the given moment until the first awaited answer was there
   * @param connections begun in that time
   * @param silent how many of them got no answer within {@link #ANSWER_PATIENCE}
   */
  record Sight(Duration took, int connections, int silent) {}

  private record Watch(
      Predicate<Ipv4Address> awaited,
      CompletableFuture<Long> seenNanos,
      AtomicInteger connections,
      AtomicInteger silent) {
    void answered(Optional<Ipv4Address> source) {
      if (source.isEmpty()) {
        silent.incrementAndGet();
      } else if (awaited.test(source.get())) {
        seenNanos.complete(System.nanoTime());
      }
    }
  }

  /**
   * Connects until the server sees an awaited source.
   *
   * @param sinceNanos the moment to count from, by {@link System#nanoTime}
   * @throws TimeoutException if there is none in half a minute; the message says what was seen
   */
  Sight await(Predicate<Ipv4Address> awaited, long sinceNanos) throws Exception {
    Watch watch =
        new Watch(awaited, new CompletableFuture<>(), new AtomicInteger(), new AtomicInteger());
    ScheduledFuture<?> ticking =
        pace.scheduleAtFixedRate(() -> connect(watch), 0, PACE.toNanos(), TimeUnit.NANOSECONDS);
    try {
      long seen = watch.seenNanos.get(LIMIT.toMillis(), TimeUnit.MILLISECONDS);
      ticking.cancel(false);
      awaitIdle();
      return new Sight(
          Duration.ofNanos(seen - sinceNanos), watch.connections.get(), watch.silent.get());
    } catch (TimeoutException e) {
      throw Patience.explained(
          e,
          "in %d s none of %d connections had the awaited source, %d had no answer"
              .formatted(LIMIT.toSeconds(), watch.connections.get(), watch.silent.get()));
    } catch (ExecutionException e) {
      throw new IllegalStateException("a probe of the pod's source failed", e);
    } finally {
      ticking.cancel(false);
    }
  }

  private void connect(Watch watch) {
    PodExec lane = idle.poll();
    if (lane == null) {
      return; // the machine is too busy for the pace
    }
    watch.connections.incrementAndGet();
    Thread.ofVirtual()
        .start(
            () -> {
              watch.answered(lane.sourceAddress(ANSWER_PATIENCE));
              idle.add(lane);
            });
  }

  /** Waits for the connections that are under way, so that all are counted. */
  private void awaitIdle() throws InterruptedException {
    List<PodExec> all = new ArrayList<>();
    for (int i = 0; i < LANES; i++) {
      all.add(idle.take());
    }
    idle.addAll(all);
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
    pace.shutdownNow();
    lanes.forEach(PodExec::close);
  }
}
