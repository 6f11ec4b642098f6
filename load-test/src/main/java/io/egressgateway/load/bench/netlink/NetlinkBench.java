package io.egressgateway.load.bench.netlink;

import io.egressgateway.load.bench.report.Bar;
import io.egressgateway.load.bench.report.Bench;
import io.egressgateway.load.bench.report.Findings;
import io.egressgateway.load.bench.report.Machine;
import io.egressgateway.load.bench.report.Row;
import io.egressgateway.load.bench.report.Samples;
import io.egressgateway.load.bench.report.Unit;
import io.egressgateway.load.lab.Privileges;
import java.util.List;
import java.util.Locale;
import java.util.Objects;
import java.util.Optional;
import java.util.SortedMap;
import java.util.function.Consumer;

/** Netlink beside forked tools. Needs {@code ip} and {@code nft}. */
public final class NetlinkBench implements Bench {
  /** The name by which it is started. */
  public static final String NAME = "netlink";

  private static final Bar ELEMENT_BAR = new Bar.AtLeast(100, Unit.RATIO);
  private static final Bar BATCH_BAR = new Bar.AtMost(1000, Unit.MILLISECONDS);

  private static final double MICROS_PER_MILLI = 1e3;

  private final int rounds;

  /**
   * @param rounds how often each side takes its turn, at least 1
   */
  public NetlinkBench(int rounds) {
    this.rounds = rounds;
  }

  @Override
  public String name() {
    return NAME;
  }

  @Override
  public Optional<String> missing() {
    return Privileges.missing()
        .or(() -> DebianTool.missing(DebianTool.IP, DebianTool.NFT, DebianTool.TRUE));
  }

  @Override
  public Findings run(Consumer<String> progress) {
    // Another JMH on this machine is not our business; its lock file may be another user's.
    System.setProperty("jmh.ignoreLock", "true");
    try (BenchScene scene = BenchScene.build()) {
      return findings(scene.run(new Rounds(rounds, progress)::run));
    }
  }

  private Findings findings(SortedMap<String, Samples> samples) {
    Samples start = Objects.requireNonNull(samples.get("ProgramStart.forked"));
    Comparison routes = comparison("route: add, delete; beside 'ip route'", "RouteChange", samples);
    Comparison elements =
        comparison("set element: add, delete; beside 'nft'", "ElementChange", samples);
    Comparison batch =
        comparison(
            String.format(
                Locale.ROOT, "%,d set elements at once; beside 'nft -f'", ElementBatch.ELEMENTS),
            "ElementBatch",
            samples);
    return new Findings(
        NAME,
        List.of(
            change(routes)
                .with(routes.ratio())
                .with(routes.ratioOfFastest())
                .with(routes.ratioLessStart(start)),
            change(elements)
                .with(elements.ratio(), ELEMENT_BAR)
                .with(elements.ratioOfFastest())
                .with(elements.ratioLessStart(start)),
            Row.of(batch.name())
                .with(batch.oursMedian())
                .with(batch.oursP99(), BATCH_BAR)
                .with(batch.forkedMedian())
                .with(batch.ratio())
                .with(batch.ratioOfFastest())),
        remarks(List.of(routes, elements, batch), start));
  }

  private static Row change(Comparison comparison) {
    return Row.of(comparison.name())
        .with(comparison.oursMedian())
        .with(comparison.oursP99())
        .with(comparison.forkedMedian());
  }

  private static Comparison comparison(
      String name, String benchmark, SortedMap<String, Samples> samples) {
    return new Comparison(
        name,
        Objects.requireNonNull(samples.get(benchmark + ".netlink")),
        Objects.requireNonNull(samples.get(benchmark + ".forked")));
  }

  private List<String> remarks(List<Comparison> comparisons, Samples start) {
    List<String> counts =
        comparisons.stream()
            .map(c -> "%d and %d".formatted(c.ours().count(), c.forked().count()))
            .toList();
    return List.of(
        "Both sides took turns, %d rounds, in one network namespace; JMH in this JVM, no forks."
            .formatted(rounds),
        "Samples (ours and forked), row by row: " + String.join("; ", counts) + ".",
        "ratio: forked p50 / ours p50. A change by a tool is two runs of it, ours two requests.",
        "ratio of fastest: forked minimum / ours minimum, which other work disturbs the least.",
        String.format(
            Locale.ROOT,
            "ratio less start: of the p50, without the %.2f ms that two runs of 'true' take.",
            start.median() / MICROS_PER_MILLI),
        Machine.describe());
  }
}
