package io.egressgateway.load.sim;

import io.egressgateway.core.lease.LeaseProfile;
import java.io.PrintStream;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.stream.LongStream;

/** From the crash of a holder to another node's open gate, with nothing else going wrong. */
final class FailoverStudy {
  private static final int BAR_MAX = 40;
  private static final int BUCKETS_PER_SECOND = 10;

  /** What a prototype of the protocol needed, in seconds; written down when it was designed. */
  private record Expected(double p50, double p99, double max) {}

  /** Sorted, in nanoseconds. */
  record Times(LeaseProfile profile, List<Long> nanos) {
    Times {
      nanos = List.copyOf(nanos);
    }

    double quantile(double share) {
      return seconds(nanos.get(Math.min(nanos.size() - 1, (int) (nanos.size() * share))));
    }

    double min() {
      return seconds(nanos.getFirst());
    }

    double max() {
      return seconds(nanos.getLast());
    }

    private static double seconds(long nanos) {
      return nanos / (double) Chance.SECOND;
    }
  }

  private FailoverStudy() {}

  /**
   * Crashes so many holders.
   *
   * @throws IllegalStateException when one was not replaced within ten seconds
   */
  static Times measure(LeaseProfile profile, Campaign.Seeds seeds) {
    Simulation simulation = new Simulation(Scenario.calm(profile), 0);
    List<Long> nanos =
        LongStream.range(seeds.first(), seeds.first() + seeds.count())
            .parallel()
            .map(
                seed ->
                    simulation
                        .failover(seed)
                        .orElseThrow(
                            () -> new IllegalStateException("seed " + seed + ": no new holder")))
            .sorted()
            .boxed()
            .toList();
    return new Times(profile, nanos);
  }

  static void print(PrintStream out, Times times) {
    out.printf(
        Locale.ROOT,
        "%n%-12s lease %s, renewed every %s: %,d crashes%n",
        times.profile().name().toLowerCase(Locale.ROOT),
        text(times.profile().terms().lease()),
        text(times.profile().terms().renewal()),
        times.nanos().size());
    out.printf(
        Locale.ROOT,
        "  crash to open gate   min %.2f   p50 %.2f   p99 %.2f   max %.2f s%n",
        times.min(),
        times.quantile(0.5),
        times.quantile(0.99),
        times.max());
    expected(times.profile())
        .ifPresent(
            expected ->
                out.printf(
                    Locale.ROOT,
                    "  designed for                    p50 %.2f   p99 %.2f   max %.2f s"
                        + "   (ratio %.2f, %.2f, %.2f)%n",
                    expected.p50(),
                    expected.p99(),
                    expected.max(),
                    times.quantile(0.5) / expected.p50(),
                    times.quantile(0.99) / expected.p99(),
                    times.max() / expected.max()));
    histogram(out, times);
  }

  static String json(Times times) {
    return String.format(
        Locale.ROOT,
        "{\"profile\":\"%s\",\"crashes\":%d,\"minSeconds\":%.3f,\"p50Seconds\":%.3f,"
            + "\"p99Seconds\":%.3f,\"maxSeconds\":%.3f}",
        times.profile().name().toLowerCase(Locale.ROOT),
        times.nanos().size(),
        times.min(),
        times.quantile(0.5),
        times.quantile(0.99),
        times.max());
  }

  private static void histogram(PrintStream out, Times times) {
    long width = Chance.SECOND / BUCKETS_PER_SECOND;
    int first = (int) (times.nanos().getFirst() / width);
    int last = (int) (times.nanos().getLast() / width);
    long[] counts = new long[last - first + 1];
    for (long nanos : times.nanos()) {
      counts[(int) (nanos / width) - first]++;
    }
    long most = Arrays.stream(counts).max().orElse(1);
    for (int bucket = 0; bucket < counts.length; bucket++) {
      out.printf(
          Locale.ROOT,
          "  %4.1f s  %-" + BAR_MAX + "s %d%n",
          (first + bucket) / (double) BUCKETS_PER_SECOND,
          "#".repeat((int) Math.ceilDiv(counts[bucket] * BAR_MAX, most)),
          counts[bucket]);
    }
  }

  private static Optional<Expected> expected(LeaseProfile profile) {
    return switch (profile) {
      // Computed when it was designed, never run.
      case CONSERVATIVE -> Optional.of(new Expected(2.8, 3.1, 3.1));
      case DEFAULT -> Optional.of(new Expected(1.80, 2.06, 2.12));
      case FAST -> Optional.of(new Expected(1.40, 1.55, 1.62));
      case EXPRESS -> Optional.of(new Expected(0.74, 0.86, 0.92));
    };
  }

  private static String text(java.time.Duration duration) {
    return duration.toMillis() / 1000.0 + " s";
  }
}
