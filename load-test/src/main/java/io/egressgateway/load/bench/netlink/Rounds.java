package io.egressgateway.load.bench.netlink;

import io.egressgateway.load.bench.report.Samples;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Iterator;
import java.util.List;
import java.util.Map;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import org.openjdk.jmh.results.RunResult;
import org.openjdk.jmh.runner.Runner;
import org.openjdk.jmh.runner.RunnerException;
import org.openjdk.jmh.runner.options.Options;
import org.openjdk.jmh.runner.options.OptionsBuilder;
import org.openjdk.jmh.runner.options.TimeValue;
import org.openjdk.jmh.runner.options.VerboseMode;

/**
 * Runs all of this package's benchmarks by turns, round after round, so that whatever else the
 * machine does disturbs both sides of each comparison alike. JMH works in this JVM (no forks):
 * rounds of a second could not each pay for the start of one.
 */
final class Rounds {
  private static final int WARM_UP_ROUNDS = 2;
  private static final TimeValue TURN = TimeValue.seconds(1);

  private final int rounds;
  private final Consumer<String> progress;

  Rounds(int rounds, Consumer<String> progress) {
    this.rounds = rounds;
    this.progress = progress;
  }

  /**
   * All samples, in microseconds, by {@code Class.method}. Runs on the calling thread's network
   * namespace: the threads that JMH makes inherit it.
   *
   * @throws RunnerException if a benchmark fails
   */
  SortedMap<String, Samples> run() throws RunnerException {
    SortedMap<String, List<Double>> values = new TreeMap<>();
    for (int round = 1; round <= WARM_UP_ROUNDS + rounds; round++) {
      boolean warmUp = round <= WARM_UP_ROUNDS;
      progress.accept(
          warmUp
              ? "warm-up %d of %d".formatted(round, WARM_UP_ROUNDS)
              : "round %d of %d".formatted(round - WARM_UP_ROUNDS, rounds));
      for (RunResult result : new Runner(options()).run()) {
        if (!warmUp) {
          values
              .computeIfAbsent(label(result), label -> new ArrayList<>())
              .addAll(microseconds(result));
        }
      }
    }
    SortedMap<String, Samples> samples = new TreeMap<>();
    values.forEach((label, list) -> samples.put(label, Samples.of(list)));
    return samples;
  }

  private static Options options() {
    return new OptionsBuilder()
        .include("^" + Rounds.class.getPackageName().replace(".", "\\.") + "\\.")
        .forks(0)
        .warmupIterations(0)
        .measurementIterations(1)
        .measurementTime(TURN)
        .timeUnit(TimeUnit.MICROSECONDS)
        .shouldFailOnError(true)
        .verbosity(VerboseMode.SILENT)
        .build();
  }

  private static String label(RunResult result) {
    String qualified = result.getParams().getBenchmark();
    int method = qualified.lastIndexOf('.');
    return qualified.substring(qualified.lastIndexOf('.', method - 1) + 1);
  }

  private static Collection<Double> microseconds(RunResult result) {
    List<Double> values = new ArrayList<>();
    Iterator<Map.Entry<Double, Long>> raw = result.getPrimaryResult().getStatistics().getRawData();
    while (raw.hasNext()) {
      Map.Entry<Double, Long> entry = raw.next();
      for (long i = 0; i < entry.getValue(); i++) {
        values.add(entry.getKey());
      }
    }
    return values;
  }
}
