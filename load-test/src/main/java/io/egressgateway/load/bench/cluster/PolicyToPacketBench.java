package io.egressgateway.load.bench.cluster;

import io.egressgateway.load.bench.report.Bar;
import io.egressgateway.load.bench.report.Bench;
import io.egressgateway.load.bench.report.Cell;
import io.egressgateway.load.bench.report.Findings;
import io.egressgateway.load.bench.report.Machine;
import io.egressgateway.load.bench.report.Row;
import io.egressgateway.load.bench.report.Samples;
import io.egressgateway.load.bench.report.Unit;
import io.egressgateway.load.lab.Privileges;
import io.egressgateway.load.lab.kube.PodPlacement;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.Consumer;

/**
 * From creating a policy to the first connection with its egress IP, and back after deleting it.
 */
public final class PolicyToPacketBench implements Bench {
  /** The name by which it is started. */
  public static final String NAME = "policy-to-packet";

  private static final Bar MEDIAN_BAR = new Bar.AtMost(150, Unit.MILLISECONDS);
  private static final Bar P99_BAR = new Bar.AtMost(500, Unit.MILLISECONDS);

  /** Of the ancestor, measured in a like lab. */
  private static final double ANCESTOR_MEDIAN_MILLIS = 650;

  private static final double P99 = 99;
  private static final double PERCENT = 100;
  private static final double NANOS_PER_MILLI = 1e6;
  private static final int PLAIN_CONNECTIONS = 50;

  /** Pauses differ, so that no timer of the product is always met in the same phase. */
  private static final Duration PAUSE_STEP = Duration.ofMillis(137);

  private static final int PAUSES = 10;

  private final int times;

  /**
   * @param times how often the policy is created, at least 1
   */
  public PolicyToPacketBench(int times) {
    this.times = times;
  }

  @Override
  public String name() {
    return NAME;
  }

  @Override
  public Optional<String> missing() {
    return Privileges.missing();
  }

  @Override
  public Findings run(Consumer<String> progress) throws Exception {
    return LabStage.set(progress, this::measure);
  }

  private Findings measure(LabStage stage) throws Exception {
    PodPlacement pod = stage.cluster().matchedPod();
    try (SourceProbe probe = new SourceProbe(stage.lab(), pod)) {
      probe.await(pod.node().underlay()::equals, System.nanoTime());
      List<Double> plain = new ArrayList<>();
      for (int i = 0; i < PLAIN_CONNECTIONS; i++) {
        probe.once().ifPresent(took -> plain.add(millis(took)));
      }
      List<PolicyTurn> turns = new ArrayList<>();
      for (int i = 0; i < times; i++) {
        PolicyTurn turn = PolicyTurn.take(stage.lab().client(), probe, pod.node().underlay());
        stage
            .progress()
            .accept(
                "%d of %d: egress IP after %d ms, node's address after %d ms"
                    .formatted(
                        i + 1,
                        times,
                        turn.applied().took().toMillis(),
                        turn.deleted().took().toMillis()));
        turns.add(turn);
        Thread.sleep(PAUSE_STEP.multipliedBy(i % PAUSES));
      }
      return findings(turns, Samples.of(plain));
    }
  }

  private Findings findings(List<PolicyTurn> turns, Samples plain) {
    Samples applied = samples(turns.stream().map(PolicyTurn::applied).toList());
    Samples deleted = samples(turns.stream().map(PolicyTurn::deleted).toList());
    return new Findings(
        NAME,
        List.of(
            Row.of("policy applied, first connection with its egress IP")
                .with(cell("median", applied.median()), MEDIAN_BAR)
                .with(cell("p99", applied.percentile(P99)), P99_BAR)
                .with(cell("max", applied.max()))
                .with(cell("first", millis(turns.getFirst().applied().took())))
                .with(
                    new Cell(
                        "ancestor / ours", ANCESTOR_MEDIAN_MILLIS / applied.median(), Unit.RATIO)),
            Row.of("policy deleted, first connection with the node's address")
                .with(cell("median", deleted.median()))
                .with(cell("p99", deleted.percentile(P99)))
                .with(cell("max", deleted.max()))
                .with(cell("first", millis(turns.getFirst().deleted().took()))),
            Row.of("a connection and its answer, no policy: the least there can be")
                .with(cell("median", plain.median()))
                .with(cell("p99", plain.percentile(P99)))
                .with(cell("max", plain.max()))),
        remarks(turns));
  }

  private List<String> remarks(List<PolicyTurn> turns) {
    return List.of(
        "Policy created and deleted %d times through the Kubernetes API; agents and controller are processes."
            .formatted(times),
        "The pod connects every %d ms. Without an answer in %d ms: %s after applying, %s after deleting."
            .formatted(
                SourceProbe.PACE.toMillis(),
                SourceProbe.ANSWER_PATIENCE.toMillis(),
                silent(turns.stream().map(PolicyTurn::applied).toList()),
                silent(turns.stream().map(PolicyTurn::deleted).toList())),
        "p99 is nearest-rank: of %d values it is the largest but %d. first: the first of them, with cold code."
            .formatted(times, times - (int) Math.ceil(P99 / PERCENT * times)),
        "ancestor / ours: its median of 650 ms in a like lab / our median.",
        Machine.describe());
  }

  private static String silent(List<SourceProbe.Sight> sights) {
    return "%d of %d connections"
        .formatted(
            sights.stream().mapToInt(SourceProbe.Sight::silent).sum(),
            sights.stream().mapToInt(SourceProbe.Sight::connections).sum());
  }

  private static Cell cell(String column, double millis) {
    return new Cell(column, millis, Unit.MILLISECONDS);
  }

  private static Samples samples(List<SourceProbe.Sight> sights) {
    return Samples.of(sights.stream().map(sight -> millis(sight.took())).toList());
  }

  private static double millis(Duration duration) {
    return duration.toNanos() / NANOS_PER_MILLI;
  }
}
