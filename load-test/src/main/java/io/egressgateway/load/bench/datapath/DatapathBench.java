package io.egressgateway.load.bench.datapath;

import io.egressgateway.core.plan.NodePlan;
import io.egressgateway.core.plan.PlanDelta;
import io.egressgateway.load.bench.report.Bar;
import io.egressgateway.load.bench.report.Bench;
import io.egressgateway.load.bench.report.Cell;
import io.egressgateway.load.bench.report.Findings;
import io.egressgateway.load.bench.report.Machine;
import io.egressgateway.load.bench.report.Row;
import io.egressgateway.load.bench.report.Samples;
import io.egressgateway.load.bench.report.Unit;
import io.egressgateway.load.lab.Privileges;
import io.egressgateway.node.agent.Reconciliation.Known;
import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.Consumer;
import java.util.function.UnaryOperator;

/** The kernel's work for a packet, a connection and a change, at growing numbers of policies. */
public final class DatapathBench implements Bench {
  /** The name by which it is started. */
  public static final String NAME = "datapath";

  private static final Bar PACKET_BAR = new Bar.AtMost(1.35, Unit.RATIO);
  private static final Bar CHEAPER_BAR = new Bar.AtLeast(300, Unit.RATIO);
  private static final Bar SPREAD_BAR = new Bar.AtMost(1.15, Unit.RATIO);
  private static final Bar CONNECTION_BAR = new Bar.AtMost(1.3, Unit.RATIO);
  private static final Bar LOAD_BAR = new Bar.AtMost(1_500, Unit.MILLISECONDS);
  private static final Bar FASTER_BAR = new Bar.AtLeast(20, Unit.RATIO);
  private static final Bar CHANGE_BAR = new Bar.AtMost(5, Unit.MILLISECONDS);

  /** The size that the bars for large ones are about. */
  private static final int LARGE = 10_000;

  /** As many as the kubelet lets a node have. */
  private static final int PODS_OF_NODE = 110;

  private static final int CHANGES = 200;
  private static final int CHANGES_UNTIMED = 20;
  private static final int TAKEOVERS = 40;

  private static final double PERCENT_99 = 99;
  private static final double NANOS_PER_MILLI = 1e6;

  private final List<Integer> sizes;
  private final int rounds;
  private final Duration turn;

  /**
   * @param sizes how many policies, in growing order
   * @param rounds turns of each side at each size, at least 1
   * @param turn how long each is
   */
  public DatapathBench(List<Integer> sizes, int rounds, Duration turn) {
    this.sizes = List.copyOf(sizes);
    this.rounds = rounds;
    this.turn = turn;
  }

  @Override
  public String name() {
    return NAME;
  }

  @Override
  public Optional<String> missing() {
    return Privileges.missing().or(DatapathStage::missing);
  }

  @Override
  public Findings run(Consumer<String> progress) throws Exception {
    return DatapathStage.set(progress, stage -> measure(stage, progress));
  }

  private Findings measure(DatapathStage stage, Consumer<String> progress) throws Exception {
    List<Row> rows = new ArrayList<>();
    List<Double> packets = new ArrayList<>();
    List<Double> connections = new ArrayList<>();
    progress.accept("warming up");
    stage.load(new PolicyScale(1));
    new Turns(stage.senders(), 1, turn).play();
    for (int policies : sizes) {
      PolicyScale scale = new PolicyScale(policies);
      progress.accept("%d policies, %d pods: loading".formatted(policies, scale.pods()));
      DatapathStage.Loaded loaded = stage.load(scale);
      progress.accept(
          "%d policies: loaded in %s ms by us, in %d ms with a rule per policy; packets flow"
              .formatted(
                  policies,
                  loaded.ours().stream().map(Duration::toMillis).toList(),
                  loaded.rulePerPolicy().toMillis()));
      Turns.Costs costs = new Turns(stage.senders(), rounds, turn).play();
      rows.add(packetRow(policies, costs));
      rows.add(connectionRow(policies, costs));
      rows.add(loadRow(scale, loaded));
      packets.add(costs.ours().over(costs.floor()));
      connections.add(costs.ours().connection());
    }
    rows.add(
        Row.of("packet, spread of ours / static between sizes")
            .with(
                new Cell("largest / smallest", ratioOfExtremes(packets), Unit.RATIO), SPREAD_BAR));
    rows.add(
        Row.of("connection, ours, most policies / fewest")
            .with(
                new Cell("ratio", connections.getLast() / connections.getFirst(), Unit.RATIO),
                CONNECTION_BAR));
    PolicyScale largest = new PolicyScale(sizes.getLast());
    for (int local : List.of(Math.min(PODS_OF_NODE, largest.pods()), largest.pods())) {
      progress.accept("changes one by one on a node with %d pods".formatted(local));
      rows.addAll(changes(stage.ours(), largest, local));
    }
    rows.add(takeover(stage.ours()));
    return new Findings(NAME, rows, remarks());
  }

  private static Row packetRow(int policies, Turns.Costs costs) {
    Row row =
        Row.of("packet, %d policies".formatted(policies))
            .with(micros("static", costs.floor().packet()))
            .with(micros("ours", costs.ours().packet()))
            .with(
                new Cell("ours / static", costs.ours().over(costs.floor()), Unit.RATIO), PACKET_BAR)
            .with(micros("rule per policy", costs.rulePerPolicy().packet()));
    Cell cheaper =
        new Cell("rule per policy / ours", costs.rulePerPolicy().over(costs.ours()), Unit.RATIO);
    return policies >= LARGE ? row.with(cheaper, CHEAPER_BAR) : row.with(cheaper);
  }

  private static Row connectionRow(int policies, Turns.Costs costs) {
    return Row.of("connection, %d policies".formatted(policies))
        .with(micros("static", costs.floor().connection()))
        .with(micros("ours", costs.ours().connection()))
        .with(micros("rule per policy", costs.rulePerPolicy().connection()));
  }

  private static Row loadRow(PolicyScale scale, DatapathStage.Loaded loaded) {
    Samples times = Samples.of(loaded.ours().stream().map(DatapathBench::millis).toList());
    double ours = times.median();
    double others = millis(loaded.rulePerPolicy());
    Row row = Row.of("full load, %d policies, %d pods".formatted(scale.policies(), scale.pods()));
    Cell our = new Cell("ours, median", ours, Unit.MILLISECONDS);
    Cell slowest = new Cell("max", times.max(), Unit.MILLISECONDS);
    Cell other = new Cell("rule per policy", others, Unit.MILLISECONDS);
    Cell faster = new Cell("rule per policy / ours", others / ours, Unit.RATIO);
    return scale.policies() >= LARGE
        ? row.with(our, LOAD_BAR).with(slowest).with(other).with(faster, FASTER_BAR)
        : row.with(our).with(slowest).with(other).with(faster);
  }

  private static List<Row> changes(OurTables ours, PolicyScale scale, int local)
      throws IOException {
    NodeKernel kernel = ours.worker();
    kernel.clear();
    NodePlan plan = ours.plans().worker(scale, local);
    Known known = kernel.apply(plan, Optional.empty()).known();
    Changes pods = new Changes(kernel, plan, known);
    Samples added = pods.time(CHANGES, NodePlans::withPod);
    Samples moved = pods.time(CHANGES, NodePlans::withMove);
    String node = "on a node with %d pods".formatted(local);
    return List.of(change("pod added " + node, added), change("egress IP moved, " + node, moved));
  }

  private static Row change(String name, Samples took) {
    return Row.of(name)
        .with(new Cell("p50", took.median(), Unit.MILLISECONDS))
        .with(new Cell("p99", took.percentile(PERCENT_99), Unit.MILLISECONDS), CHANGE_BAR);
  }

  /** What a gateway node does when another dies, and when its egress IPs are drained. */
  private static Row takeover(OurTables ours) throws IOException {
    PolicyScale scale = new PolicyScale(PolicyScale.EGRESS_IPS_MAX);
    NodeKernel kernel = ours.gateway();
    NodePlan plan = ours.plans().gateway(scale);
    Known known = kernel.apply(plan, Optional.empty()).known();
    Samples took =
        new Changes(kernel, plan, known)
            .time(TAKEOVERS, before -> ours.plans().withTakeover(before, scale));
    return Row.of("%d egress IPs come or go at once".formatted(scale.egressIps()))
        .with(new Cell("p50", took.median(), Unit.MILLISECONDS))
        .with(new Cell("p99", took.percentile(PERCENT_99), Unit.MILLISECONDS));
  }

  /** A row of changes to one kernel, each built upon the one before. */
  private static final class Changes {
    private final NodeKernel kernel;
    private NodePlan plan;
    private Known known;

    Changes(NodeKernel kernel, NodePlan plan, Known known) {
      this.kernel = kernel;
      this.plan = plan;
      this.known = known;
    }

    Samples time(int times, UnaryOperator<NodePlan> change) throws IOException {
      List<Double> took = new ArrayList<>();
      int untimed = Math.min(CHANGES_UNTIMED, times);
      for (int i = 0; i < untimed + times; i++) {
        // As it comes from a controller: what changes, and not the whole.
        PlanDelta delta = PlanDelta.between(plan, change.apply(plan).at(plan.revision().next()));
        long started = System.nanoTime();
        plan = delta.applyTo(plan);
        known = kernel.apply(plan, Optional.of(known)).known();
        if (i >= untimed) {
          took.add(millis(Duration.ofNanos(System.nanoTime() - started)));
        }
      }
      return Samples.of(took);
    }
  }

  private static double ratioOfExtremes(List<Double> values) {
    Samples samples = Samples.of(values);
    return samples.max() / samples.min();
  }

  /** Printed as microseconds. */
  private static Cell micros(String column, double micros) {
    return new Cell(column, micros / 1_000, Unit.MILLISECONDS);
  }

  private static double millis(Duration duration) {
    return duration.toNanos() / NANOS_PER_MILLI;
  }

  private List<String> remarks() {
    return List.of(
        "Processor time for a datagram of 64 bytes from pod to server, over worker and gateway node, one way, sender included;",
        "for a connection: opened, one byte there and back, reset, both ends included. Medians of %d turns of %d ms, all sides by turns."
            .formatted(rounds, turn.toMillis()),
        "static: one VXLAN tunnel, one routing rule, one translation, whatever the number of policies.",
        "rule per policy: iptables and two sets of ipset each, as spidernet-io/egressgateway does; loaded by ipset restore and iptables-restore.",
        "ours: with the gates of a lease on the gateway node; full load and changes count until what was written is there for certain.",
        Machine.describe());
  }
}
