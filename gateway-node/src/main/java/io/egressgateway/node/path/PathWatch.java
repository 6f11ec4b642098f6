package io.egressgateway.node.path;

import io.egressgateway.core.model.NodeName;
import io.egressgateway.core.plan.NodePlan;
import java.time.Duration;
import java.util.Collections;
import java.util.Optional;
import java.util.SortedSet;
import java.util.TreeSet;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import java.util.function.LongSupplier;
import java.util.random.RandomGenerator;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Asks the gateway nodes that the newest plan uses, through the tunnel, every two seconds. It
 * tells, and nothing follows from it for who holds an egress IP. Thread-safe.
 */
public final class PathWatch implements AutoCloseable {
  private static final Logger LOG = LoggerFactory.getLogger(PathWatch.class);
  private static final Duration PERIOD = Duration.ofSeconds(2);

  /** The nodes of a cluster that all started at once shall not go on asking at once. */
  private static final Duration JITTER = Duration.ofMillis(200);

  private final LongSupplier clock;
  private final RandomGenerator random;
  private volatile Optional<PathQuestions> questions = Optional.empty();
  private volatile SortedSet<NodeName> lost = Collections.emptySortedSet();
  private volatile Optional<Thread> thread = Optional.empty();

  /**
   * A watch that waits for {@link #start}.
   *
   * @param clock monotonic nanoseconds
   * @param random for when to ask
   */
  public PathWatch(LongSupplier clock, RandomGenerator random) {
    this.clock = clock;
    this.random = random;
  }

  /** This plan's gateway nodes are asked from now on. */
  public void wanted(NodePlan plan) {
    questions = Optional.of(PathQuestions.of(plan));
  }

  /** The gateway nodes that are not reached. */
  public SortedSet<NodeName> lost() {
    return lost;
  }

  /**
   * Starts to ask, in the calling thread's network namespace.
   *
   * @param listener is told {@link #lost} whenever it is another, on the watch's thread
   */
  public void start(Consumer<SortedSet<NodeName>> listener) {
    PathSocket socket = PathSocket.open(clock);
    thread =
        Optional.of(
            Thread.ofPlatform().name("paths").daemon(true).start(() -> run(socket, listener)));
  }

  private void run(PathSocket socket, Consumer<SortedSet<NodeName>> listener) {
    try (socket) {
      PathHealth health = PathHealth.unknown();
      while (true) {
        health = round(socket, health);
        tell(health.lost(), listener);
        TimeUnit.NANOSECONDS.sleep(PERIOD.toNanos() + random.nextLong(JITTER.toNanos()));
      }
    } catch (InterruptedException closing) {
      Thread.currentThread().interrupt();
    }
  }

  private PathHealth round(PathSocket socket, PathHealth before) {
    Optional<PathQuestions> asking = questions;
    if (asking.isEmpty() || asking.get().peers().isEmpty()) {
      return PathHealth.unknown();
    }
    SortedSet<NodeName> asked = new TreeSet<>(asking.get().peers().keySet());
    return socket.ask(asking.get()).map(answers -> before.after(asked, answers)).orElse(before);
  }

  private void tell(SortedSet<NodeName> now, Consumer<SortedSet<NodeName>> listener) {
    if (!now.equals(lost)) {
      if (now.isEmpty()) {
        LOG.info("all gateway nodes answer through the tunnel again before={}", lost);
      } else {
        LOG.warn("no answer through the tunnel from={} before={}", now, lost);
      }
      lost = now;
      listener.accept(now);
    }
  }

  @Override
  public void close() {
    thread.ifPresent(Thread::interrupt);
  }
}
