package io.egressgateway.load.bench.failover;

import io.egressgateway.load.failover.Scene;
import io.egressgateway.load.lab.Lull;
import java.time.Duration;
import java.util.Locale;
import java.util.function.Consumer;

/**
 * Between two runs: the scene is whole again and the machine has nothing else to do. Not
 * thread-safe.
 */
final class Rest {
  private static final Lull LULL = new Lull(0.5, Duration.ofSeconds(8));
  private static final int PERCENT = 100;

  /** Twenty seconds after its start a controller makes ready what the first failover needs. */
  private static final Duration PREPARATION = Duration.ofSeconds(25);

  private final Consumer<String> progress;
  private int restless;

  /** Says so where a run begins without rest. */
  Rest(Consumer<String> progress) {
    this.progress = progress;
  }

  /** Before the first run in a lab. */
  void first() throws InterruptedException {
    progress.accept("giving the controllers %d s to prepare".formatted(PREPARATION.toSeconds()));
    Thread.sleep(PREPARATION);
  }

  /** Waits until everything that was broken has come back, and then for a quiet second. */
  void in(Scene scene) throws Exception {
    scene.settle();
    Lull.Found found = LULL.await();
    if (!LULL.isMetBy(found)) {
      restless++;
      progress.accept(
          String.format(
              Locale.ROOT,
              "the machine is %.0f %% busy after %d s; going on",
              found.busy() * PERCENT,
              found.waited().toSeconds()));
    }
  }

  @Override
  public String toString() {
    return String.format(
        Locale.ROOT,
        "The first run begins %d s after the lab stands, when the controllers have prepared for"
            + " failovers. Before each run all leases are there again, and the machine is at most %.0f %% busy for a"
            + " second, waited for up to %d s: all nodes of the lab share its processors, as real"
            + " ones do not. Runs that began on a busier machine: %d.",
        PREPARATION.toSeconds(),
        LULL.busyMax() * PERCENT,
        LULL.limit().toSeconds(),
        restless);
  }
}
