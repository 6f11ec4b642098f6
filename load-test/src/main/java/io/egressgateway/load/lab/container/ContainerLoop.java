package io.egressgateway.load.lab.container;

import io.egressgateway.load.lab.container.ContainerReport.Phase;
import io.egressgateway.load.lab.container.ContainerReport.Readiness;
import io.fabric8.kubernetes.api.model.Container;
import io.fabric8.kubernetes.api.model.Probe;
import java.io.IOException;
import java.time.Clock;
import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/**
 * One container of a pod: starts it, asks its probes, starts it again when it ends. {@link #run} is
 * for one thread, which it takes until the container is done or is stopped; the rest is
 * thread-safe.
 */
final class ContainerLoop {
  private static final Duration RESTART_DELAY = Duration.ofSeconds(1);
  private static final int FAILURES_MAX = 3;

  /** When a container that has ended is started again. */
  enum Restart {
    ALWAYS,
    ON_FAILURE,
    NEVER;

    boolean applies(int exitCode) {
      return switch (this) {
        case ALWAYS -> true;
        case ON_FAILURE -> exitCode != 0;
        case NEVER -> false;
      };
    }
  }

  /** Starts the container. */
  interface Starter {
    /** Throws {@link UnsupportedPodException} as long as something that it needs is missing. */
    ContainerProcess start() throws IOException;
  }

  private final Container container;
  private final Starter starter;
  private final Prober prober;
  private final Clock clock;
  private final Runnable changed;
  private final CountDownLatch stopAsked = new CountDownLatch(1);
  private volatile ContainerReport report;
  private volatile @Nullable ContainerProcess process;

  /**
   * @param changed is called after each change of the report
   */
  ContainerLoop(
      Container container, Starter starter, Prober prober, Clock clock, Runnable changed) {
    this.container = container;
    this.starter = starter;
    this.prober = prober;
    this.clock = clock;
    this.changed = changed;
    this.report =
        new ContainerReport(
            container.getName(),
            String.valueOf(container.getImage()),
            new Phase.Waiting("ContainerCreating"),
            0);
  }

  ContainerReport report() {
    return report;
  }

  /** Runs until it is done or stopped; its last exit code, if it was not stopped. */
  Optional<Integer> run(Restart restart) throws InterruptedException {
    int restarts = 0;
    while (!stopped(Duration.ZERO)) {
      int exitCode = once(restarts);
      if (stopped(Duration.ZERO)) {
        return Optional.empty();
      }
      if (!restart.applies(exitCode)) {
        say(new Phase.Ended(exitCode), restarts);
        return Optional.of(exitCode);
      }
      restarts++;
      say(new Phase.Waiting("CrashLoopBackOff"), restarts);
      if (stopped(RESTART_DELAY)) {
        return Optional.empty();
      }
    }
    return Optional.empty();
  }

  private int once(int restarts) throws InterruptedException {
    Optional<ContainerProcess> started = start(restarts);
    if (started.isEmpty()) {
      return 0;
    }
    ContainerProcess running = started.get();
    process = running;
    String since = clock.instant().toString();
    if (stopped(Duration.ZERO)) {
      running.stop(Duration.ZERO); // asked while it started
    }
    if (container.getReadinessProbe() == null && container.getStartupProbe() == null) {
      say(new Phase.Running(since, Readiness.READY), restarts);
      watchLiveness(running);
    } else {
      say(new Phase.Running(since, Readiness.NOT_READY), restarts);
      watch(running, since, restarts);
    }
    return running.awaitEnd();
  }

  private Optional<ContainerProcess> start(int restarts) throws InterruptedException {
    while (true) {
      try {
        return Optional.of(starter.start());
      } catch (UnsupportedPodException | IOException e) {
        say(new Phase.Waiting("CreateContainerConfigError: " + e.getMessage()), restarts);
        if (stopped(RESTART_DELAY)) {
          return Optional.empty();
        }
      }
    }
  }

  private void watchLiveness(ContainerProcess running) {
    Probe liveness = container.getLivenessProbe();
    if (liveness != null) {
      Thread.ofVirtual().start(() -> quietly(() -> live(liveness, running)));
    }
  }

  private void watch(ContainerProcess running, String since, int restarts) {
    Thread.ofVirtual()
        .start(
            () ->
                quietly(
                    () -> {
                      started(running);
                      watchLiveness(running);
                      ready(running, since, restarts);
                    }));
  }

  private void started(ContainerProcess running) throws InterruptedException {
    Probe startup = container.getStartupProbe();
    int failures = 0;
    while (startup != null && running.isAlive() && !prober.passes(startup, container, running)) {
      failures++;
      if (failures >= Optional.ofNullable(startup.getFailureThreshold()).orElse(FAILURES_MAX)) {
        running.stop(RESTART_DELAY);
      }
      if (stopped(period(startup))) {
        return;
      }
    }
  }

  private void ready(ContainerProcess running, String since, int restarts)
      throws InterruptedException {
    Probe readiness = container.getReadinessProbe();
    while (running.isAlive()) {
      boolean passes = readiness == null || prober.passes(readiness, container, running);
      if (running.isAlive()) {
        say(new Phase.Running(since, passes ? Readiness.READY : Readiness.NOT_READY), restarts);
      }
      if (readiness == null || stopped(period(readiness))) {
        return;
      }
    }
  }

  private void live(Probe liveness, ContainerProcess running) throws InterruptedException {
    int delay = Optional.ofNullable(liveness.getInitialDelaySeconds()).orElse(0);
    int failures = 0;
    if (stopped(Duration.ofSeconds(delay))) {
      return;
    }
    while (running.isAlive()) {
      failures = prober.passes(liveness, container, running) ? 0 : failures + 1;
      if (failures >= Optional.ofNullable(liveness.getFailureThreshold()).orElse(FAILURES_MAX)) {
        running.stop(RESTART_DELAY);
      }
      if (stopped(period(liveness))) {
        return;
      }
    }
  }

  private static Duration period(Probe probe) {
    return Duration.ofSeconds(Optional.ofNullable(probe.getPeriodSeconds()).orElse(10));
  }

  private boolean stopped(Duration patience) throws InterruptedException {
    return stopAsked.await(patience.toMillis(), TimeUnit.MILLISECONDS);
  }

  private void say(Phase phase, int restarts) {
    if (note(phase, restarts)) {
      changed.run();
    }
  }

  private synchronized boolean note(Phase phase, int restarts) {
    ContainerReport before = report;
    report = new ContainerReport(before.name(), before.image(), phase, restarts);
    return !report.equals(before);
  }

  /** SIGTERM, SIGKILL after the grace; it is not started again. */
  void stop(Duration grace) throws InterruptedException {
    stopAsked.countDown();
    ContainerProcess running = process;
    if (running != null) {
      running.stop(grace);
    }
  }

  private interface Watch {
    void run() throws InterruptedException;
  }

  private static void quietly(Watch watch) {
    try {
      watch.run();
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }
}
