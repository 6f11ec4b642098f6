package io.egressgateway.load.lab.container;

import io.egressgateway.load.lab.container.ContainerLoop.Restart;
import io.fabric8.kubernetes.api.model.Container;
import io.fabric8.kubernetes.api.model.Pod;
import io.fabric8.kubernetes.api.model.PodStatus;
import java.io.IOException;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/** A pod whose containers run: first its init containers one by one, then the others at once. */
final class RunningPod {
  private static final Duration GRACE = Duration.ofSeconds(30);

  private final PodFacts facts;
  private final String startedAt;
  private final List<ContainerLoop> init;
  private final List<ContainerLoop> containers;
  private final Prober prober;
  private final Consumer<PodStatus> statuses;
  private final AtomicReference<@Nullable PodStatus> last = new AtomicReference<>();
  private volatile boolean stopping;

  /** Makes the loop of a container; the second argument is to be called when its report changes. */
  interface Loops {
    ContainerLoop loop(Container container, Runnable changed);
  }

  /**
   * @param prober closed when the pod is stopped
   * @param statuses receives each new status
   */
  RunningPod(
      PodFacts facts, String startedAt, Loops loops, Prober prober, Consumer<PodStatus> statuses) {
    this.facts = facts;
    this.startedAt = startedAt;
    this.prober = prober;
    this.statuses = statuses;
    this.init = loops(facts.pod().getSpec().getInitContainers(), loops);
    this.containers = loops(facts.pod().getSpec().getContainers(), loops);
  }

  private List<ContainerLoop> loops(@Nullable List<Container> specs, Loops loops) {
    return Optional.ofNullable(specs).orElse(List.of()).stream()
        .map(container -> loops.loop(container, this::report))
        .toList();
  }

  /** Starts in the background. */
  void start() {
    report();
    Thread.ofVirtual().name("pod-" + facts.name()).start(this::run);
  }

  Pod pod() {
    return facts.pod();
  }

  private void run() {
    try {
      for (ContainerLoop loop : init) {
        if (loop.run(Restart.ON_FAILURE).isEmpty()) {
          return;
        }
      }
      Restart restart = restart();
      for (ContainerLoop loop : containers) {
        Thread.ofVirtual().start(() -> run(loop, restart));
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  private static void run(ContainerLoop loop, Restart restart) {
    try {
      loop.run(restart);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  private Restart restart() {
    return switch (String.valueOf(facts.pod().getSpec().getRestartPolicy())) {
      case "Never" -> Restart.NEVER;
      case "OnFailure" -> Restart.ON_FAILURE;
      default -> Restart.ALWAYS;
    };
  }

  private void report() {
    if (stopping) {
      return;
    }
    PodStatus status =
        PodStatuses.status(
            facts,
            startedAt,
            init.stream().map(ContainerLoop::report).toList(),
            containers.stream().map(ContainerLoop::report).toList());
    if (!status.equals(last.getAndSet(status))) {
      statuses.accept(status);
    }
  }

  /** Ends every container, as long as that takes. */
  void stop() throws IOException {
    stopping = true;
    Duration grace =
        Optional.ofNullable(facts.pod().getMetadata().getDeletionGracePeriodSeconds())
            .map(Duration::ofSeconds)
            .orElse(GRACE);
    try {
      for (ContainerLoop loop : containers) {
        loop.stop(grace);
      }
      for (ContainerLoop loop : init) {
        loop.stop(grace);
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new IOException("interrupted while pod " + facts.name() + " ended", e);
    } finally {
      prober.close();
    }
  }
}
