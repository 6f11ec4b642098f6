package io.egressgateway.load.sim;

import java.util.Optional;
import java.util.function.Consumer;
import java.util.stream.LongStream;

/** The runs of many seeds, on as many threads as there are processors. */
final class Campaign {
  private final Simulation simulation;

  Campaign(Simulation simulation) {
    this.simulation = simulation;
  }

  /** Runs all of them; somebody may watch the tally grow. */
  Tally run(Seeds seeds, Consumer<Tally> watcher) {
    Tally tally = new Tally();
    LongStream.range(seeds.first(), seeds.first() + seeds.count())
        .parallel()
        .forEach(
            seed -> {
              tally.add(simulation.run(seed, Optional.empty()));
              watcher.accept(tally);
            });
    return tally;
  }

  /**
   * Runs them in groups until one has broken the invariant.
   *
   * @return how many runs it took; empty if none did
   */
  Optional<Long> runUntilBroken(Invariant invariant, Seeds seeds) {
    int group = 4 * Runtime.getRuntime().availableProcessors();
    long done = 0;
    while (done < seeds.count()) {
      long count = Math.min(group, seeds.count() - done);
      Tally tally = run(new Seeds(seeds.first() + done, count), ignored -> {});
      done += count;
      if (tally.broken(invariant) > 0) {
        return Optional.of(done);
      }
    }
    return Optional.empty();
  }

  /** Seeds that follow on each other. */
  record Seeds(long first, long count) {}
}
