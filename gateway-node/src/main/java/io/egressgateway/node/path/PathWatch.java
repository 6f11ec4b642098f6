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
 * Asks the gateway nodes that the newest plan uses, through the tunnel, again and again. It tells,
 * and nothing follows from it for who holds an egress IP. Thread-safe.
 */
public final class PathWatch implements AutoCloseable {
  private static final Logger LOG = LoggerFactory.getLogger(PathWatch.class);

  /** The nodes of a cluster that all started at once shall not go on asking at once. */
  private static final int JITTER_SHARE = 10;

  private final Pace pace;
  private final LongSupplier clock;
  private final RandomGenerator random;
  private volatile Optional<PathQuestions> questions = Optional.empty();
  private volatile SortedSet<NodeName> lost = Collections.emptySortedSet();
  private volatile Optional<Thread> thread = Optional.empty();

  /**
   * How often it asks.
   *
   * @param period from the end of one round of questions to the next one, at most a tenth longer
   * @param patience for how long it waits for answers, positive
   */
  public record Pace(Duration period, Duration patience) {
    /** Every two seconds; answers come within one. */
    public static final Pace USUAL = new Pace(Duration.ofSeconds(2), Duration.ofSeconds(1));
  }

  /**
   * A watch that waits for {@link #start}.
   *
   * @param clock monotonic nanoseconds
   * @param random for when to ask
   */
  public PathWatch(Pace pace, LongSupplier clock, RandomGenerator random) {
    this.pace = pace;
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
    PathSocket socket = PathSocket.open(pace.patience(), clock);
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
        long period = pace.period().toNanos();
        TimeUnit.NANOSECONDS.sleep(period + random.nextLong(period / JITTER_SHARE));
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
