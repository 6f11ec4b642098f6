package io.egressgateway.load.bench.cluster;

import io.egressgateway.load.bench.report.Bar;
import io.egressgateway.load.bench.report.Bench;
import io.egressgateway.load.bench.report.Cell;
import io.egressgateway.load.bench.report.Findings;
import io.egressgateway.load.bench.report.Machine;
import io.egressgateway.load.bench.report.Row;
import io.egressgateway.load.bench.report.Samples;
import io.egressgateway.load.bench.report.Unit;
import io.egressgateway.load.lab.LabNode;
import io.egressgateway.load.lab.Patience;
import io.egressgateway.load.lab.PodExec;
import io.egressgateway.load.lab.Privileges;
import io.egressgateway.load.lab.guide.GuideCluster;
import io.egressgateway.load.lab.guide.GuideObjects.PolicyStatus;
import io.egressgateway.load.lab.process.LabProcess;
import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.function.Consumer;

/**
 * Memory of the idle product and of agents in a large cluster, and how long an agent takes from its
 * start to a plan applied.
 */
public final class FootprintBench implements Bench {
  /** The name by which it is started. */
  public static final String NAME = "footprint";

  private static final Bar AGENT_BAR = new Bar.AtMost(160, Unit.MEBIBYTES);
  private static final Bar CONTROLLER_BAR = new Bar.AtMost(450, Unit.MEBIBYTES);
  private static final Bar START_BAR = new Bar.AtMost(3, Unit.SECONDS);
  private static final double MILLIS_PER_SECOND = 1e3;

  private final Set<Part> parts;
  private final Duration settle;
  private final int starts;

  /** What can be measured by itself. */
  public enum Part {
    /** The guide's cluster at rest, and starts of an agent in it. */
    IDLE,
    /** Agents in a large cluster. */
    LARGE
  }

  /**
   * @param parts at least one
   * @param settle how long everything is left alone before memory is read
   * @param starts how many starts of an agent are timed, at least 1
   */
  public FootprintBench(Set<Part> parts, Duration settle, int starts) {
    this.parts = Set.copyOf(parts);
    this.settle = settle;
    this.starts = starts;
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
    List<Row> rows = new ArrayList<>();
    if (parts.contains(Part.IDLE)) {
      rows.addAll(LabStage.set(progress, this::measure));
    }
    if (parts.contains(Part.LARGE)) {
      rows.addAll(new LargeClusterMemory(settle, progress).rows());
    }
    return new Findings(NAME, rows, remarks());
  }

  private List<Row> measure(LabStage stage) throws Exception {
    LabNode holder = applyPolicy(stage);
    stage.progress().accept("idle for %d s".formatted(settle.toSeconds()));
    Thread.sleep(settle);
    List<Row> rows = new ArrayList<>();
    rows.add(memory("agent, the largest of %d", stage.lab().agents(), AGENT_BAR));
    rows.add(memory("controller, the largest of %d", stage.lab().controllers(), CONTROLLER_BAR));
    AgentStart start = new AgentStart(stage.lab().supervisor(), holder);
    List<Double> seconds = new ArrayList<>();
    for (int i = 1; i <= starts; i++) {
      Duration took = start.measure();
      seconds.add(took.toMillis() / MILLIS_PER_SECOND);
      stage
          .progress()
          .accept("start %d of %d: plan applied after %d ms".formatted(i, starts, took.toMillis()));
    }
    Samples samples = Samples.of(seconds);
    rows.add(
        Row.of("agent start to plan applied, %d times".formatted(starts))
            .with(new Cell("median", samples.median(), Unit.SECONDS))
            .with(new Cell("max", samples.max(), Unit.SECONDS), START_BAR));
    return rows;
  }

  /** Also waits for everything to come to rest: the last to do is the policy's status. */
  private static LabNode applyPolicy(LabStage stage) throws Exception {
    GuideCluster cluster = stage.cluster();
    stage.progress().accept("applying the guide's policy");
    try (PodExec pod = stage.lab().exec(cluster.matchedPod())) {
      cluster.createPolicy(pod);
    }
    PolicyStatus status =
        Patience.USUAL.await(
            "the policy's status",
            () -> cluster.objects().policyStatus(GuideCluster.NAMESPACE, GuideCluster.POLICY));
    return stage.lab().settings().topology().nodes().stream()
        .filter(node -> node.name().equals(status.holder()))
        .findFirst()
        .orElseThrow(() -> new IllegalStateException(status.holder() + " is no node of the lab"));
  }

  private static Row memory(String name, List<LabProcess> processes, Bar bar) throws IOException {
    List<ProcessMemory> all = new ArrayList<>();
    for (LabProcess process : processes) {
      all.add(ProcessMemory.of(process.pid()));
    }
    ProcessMemory largest =
        all.stream().max(Comparator.comparingDouble(ProcessMemory::resident)).orElseThrow();
    return Row.of(name.formatted(processes.size()))
        .with(new Cell("RSS", largest.resident(), Unit.MEBIBYTES), bar)
        .with(new Cell("PSS", largest.proportional(), Unit.MEBIBYTES))
        .with(new Cell("peak RSS", largest.peak(), Unit.MEBIBYTES));
  }

  private List<String> remarks() {
    return List.of(
        "Memory: one gateway, one policy, %d s after its status was written. PSS counts shared pages by shares."
            .formatted(settle.toSeconds()),
        "Memory in a large cluster: agents as in production with the plans that the planner makes for two of its nodes,",
        "given by a stand-in for the controllers; after 100 pods came and went on each. Peak: since the process began.",
        "Start: of the node that holds the egress IP, with a kernel that was cleared of our objects before,",
        "from the start of the launcher's process to the log line that the agent writes when the kernel is right.",
        Machine.describe());
  }
}
