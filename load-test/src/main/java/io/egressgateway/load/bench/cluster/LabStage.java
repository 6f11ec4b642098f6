package io.egressgateway.load.bench.cluster;

import io.egressgateway.load.lab.Lab;
import io.egressgateway.load.lab.LabSettings;
import io.egressgateway.load.lab.guide.GuideCluster;
import java.time.Duration;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;

/**
 * A lab with the guide's gateway and pods, but no policy yet.
 *
 * @param progress receives what goes on
 */
record LabStage(Lab lab, GuideCluster cluster, Consumer<String> progress) {
  private static final Duration REMOVAL = Duration.ofSeconds(60);
  private static final int LOG_LINES_ON_FAILURE = 20;

  /** What is done in a lab. */
  @FunctionalInterface
  interface Scene<T> {
    T play(LabStage stage) throws Exception;
  }

  /** Builds the lab, has the scene played and removes the lab, on a signal too. */
  static <T> T set(Consumer<String> progress, Scene<T> scene) throws Exception {
    CountDownLatch removed = new CountDownLatch(1);
    Thread onSignal = onSignal(Thread.currentThread(), removed);
    Runtime.getRuntime().addShutdownHook(onSignal);
    try (Lab lab = Lab.open(LabSettings.usual(), progress)) {
      try {
        return scene.play(build(lab, progress));
      } catch (InterruptedException e) {
        throw e;
      } catch (Exception e) {
        progress.accept(lab.supervisor().logTails(LOG_LINES_ON_FAILURE));
        throw e;
      } finally {
        progress.accept("removing the lab");
        // A signal may have left it behind; the removal waits for processes to end.
        Thread.interrupted();
      }
    } finally {
      removed.countDown();
    }
  }

  private static LabStage build(Lab lab, Consumer<String> progress) throws Exception {
    progress.accept(
        "building the lab: %d nodes, %d controller(s)"
            .formatted(lab.settings().topology().nodes().size(), lab.settings().controllers()));
    GuideCluster cluster = GuideCluster.start(lab);
    progress.accept("the mesh stands; creating the guide's gateway and pods");
    cluster.createGateway();
    cluster.createPods();
    return new LabStage(lab, cluster, progress);
  }

  /** Has the benchmark's thread remove the lab, as it does at its end, and waits for that. */
  private static Thread onSignal(Thread benchmark, CountDownLatch removed) {
    return Thread.ofPlatform()
        .unstarted(
            () -> {
              if (removed.getCount() == 0) {
                return;
              }
              benchmark.interrupt();
              try {
                if (!removed.await(REMOVAL.toMillis(), TimeUnit.MILLISECONDS)) {
                  System.err.println("the lab is not removed; the next one will do it");
                }
              } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
              }
            });
  }
}
