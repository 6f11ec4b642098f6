package io.egressgateway.load.bench.cluster;

import io.egressgateway.load.api.KubeApi;
import io.egressgateway.load.bench.api.Clients;
import io.egressgateway.load.bench.report.Bar;
import io.egressgateway.load.bench.report.Bench;
import io.egressgateway.load.bench.report.Cell;
import io.egressgateway.load.bench.report.Figures;
import io.egressgateway.load.bench.report.Findings;
import io.egressgateway.load.bench.report.Machine;
import io.egressgateway.load.bench.report.Row;
import io.egressgateway.load.bench.report.Unit;
import io.egressgateway.load.failover.Lapses;
import io.egressgateway.load.lab.LabSettings;
import io.egressgateway.load.lab.LabSettings.ApiChoice;
import io.egressgateway.load.lab.Privileges;
import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Consumer;

/** What a cluster of many policies and pods costs its controller, through a real kube-apiserver. */
public final class ScaleBench implements Bench {
  /** The name by which it is started. */
  public static final String NAME = "scale";

  private static final double SECONDS_PER_POLICY = 0.010;
  private static final double SECONDS_PER_POLICY_OF_HERD = 0.006;
  private static final double POD_MEDIAN = 50;
  private static final double POD_P99 = 300;
  private static final double POLICY_MEDIAN = 200;
  private static final double POLICY_P99 = 500;
  private static final double WRITES_PER_POD = 0.05;
  private static final double RESTART_SECONDS = 15;
  private static final double CONTROLLER_MEBIBYTES = 700;

  private final ScalePlan plan;

  /** Measures this. */
  public ScaleBench(ScalePlan plan) {
    this.plan = plan;
  }

  @Override
  public String name() {
    return NAME;
  }

  @Override
  public Optional<String> missing() {
    return Privileges.missing().or(KubeApi::missingAssets);
  }

  @Override
  public Findings run(Consumer<String> progress) throws Exception {
    return LabStage.set(
        LabSettings.usual().with(ApiChoice.REAL),
        progress,
        stage -> {
          try (ScaleScene scene = ScaleScene.set(stage, plan)) {
            return measure(stage, scene);
          }
        });
  }

  private Findings measure(LabStage stage, ScaleScene scene) throws Exception {
    Lapses lapses = Lapses.count(stage.lab());
    List<Row> rows = new ArrayList<>();
    Consumer<Row> found =
        row -> {
          rows.add(row);
          stage.progress().accept(row.text());
        };
    found.accept(atOnce("at once", scene.policies(), SECONDS_PER_POLICY, scene));
    found.accept(atOnce("once more", scene.policiesAgain(), SECONDS_PER_POLICY, scene));
    found.accept(
        Figures.times(
            "pod runs, its element is in its node's kernel",
            scene.podsToRules(),
            Unit.MILLISECONDS,
            Map.of(Figures.P50, millis(POD_MEDIAN), Figures.P99, millis(POD_P99))));
    found.accept(
        Figures.times(
            "policy applied, first connection with its egress IP",
            scene.policiesToPackets(),
            Unit.MILLISECONDS,
            Map.of(Figures.P50, millis(POLICY_MEDIAN), Figures.P99, millis(POLICY_P99))));
    found.accept(
        Row.of("writes of a policy and its slices while %d pods start".formatted(plan.burst()))
            .with(
                Figures.count("writes", scene.statusWrites()),
                new Bar.AtMost(plan.burst() * WRITES_PER_POD, Unit.COUNT)));
    found.accept(restart(scene.restart()));
    long pid = scene.controller().pid();
    found.accept(atOnce("at once", scene.herd(), SECONDS_PER_POLICY_OF_HERD, scene));
    found.accept(
        controller(scene)
            .with(Figures.count("ended", pid == scene.controller().pid() ? 0 : 1), Figures.none())
            .with(
                Figures.count("lapses", Lapses.count(stage.lab()).since(lapses)), Figures.none()));
    return new Findings(NAME, rows, remarks());
  }

  private static Bar millis(double limit) {
    return new Bar.AtMost(limit, Unit.MILLISECONDS);
  }

  private static Row atOnce(String how, PolicyHerd.Took took, double secondsEach, ScaleScene scene)
      throws Exception {
    int number = took.number();
    Duration plain = scene.plainWrites(number);
    double assigned = Figures.in(Unit.SECONDS, took.assigned());
    return Row.of("%d policies %s, all assigned and their statuses written".formatted(number, how))
        .with(
            new Cell("seconds", assigned, Unit.SECONDS),
            new Bar.AtMost(number * secondsEach, Unit.SECONDS))
        .with(new Cell("created", Figures.in(Unit.SECONDS, took.created()), Unit.SECONDS))
        .with(new Cell("plain", Figures.in(Unit.SECONDS, plain), Unit.SECONDS))
        .with(new Cell("seconds / plain", assigned / Figures.in(Unit.SECONDS, plain), Unit.RATIO));
  }

  private static Row restart(ControllerRestart.Seen seen) {
    return Row.of("controller killed")
        .with(
            new Cell("synced", Figures.in(Unit.SECONDS, seen.synced()), Unit.SECONDS),
            new Bar.AtMost(RESTART_SECONDS, Unit.SECONDS))
        .with(new Cell("agents linked", Figures.in(Unit.SECONDS, seen.linked()), Unit.SECONDS))
        .with(Figures.count("kernel changes", seen.changes()), Figures.none())
        .with(Figures.count("kernels changed", seen.changed()), Figures.none());
  }

  private static Row controller(ScaleScene scene) throws IOException {
    ProcessMemory memory = scene.memory();
    return Row.of("controller in the end")
        .with(new Cell("RSS", memory.resident(), Unit.MEBIBYTES))
        .with(
            new Cell("peak RSS", memory.peak(), Unit.MEBIBYTES),
            new Bar.AtMost(CONTROLLER_MEBIBYTES, Unit.MEBIBYTES));
  }

  private List<String> remarks() {
    return List.of(
        "One controller; %d pods on nodes that exist in the API only, and a policy with an egress IP of its own for every %d of them."
            .formatted(plan.pods(), Math.ceilDiv(plan.pods(), plan.policies())),
        "The first time the controller has just started and never seen a policy; once more: after all were deleted.",
        "The last %d policies share %d egress IPs, on the same two gateway nodes."
            .formatted(plan.herd(), plan.eips()),
        "plain: as many ConfigMaps created and updated once by the same %d clients. created: until the API had taken the last policy."
            .formatted(Clients.NUMBER),
        "ended, lapses: of the controller after the kill that was meant, of gateway nodes in the whole run.",
        "kube-apiserver, etcd, all nodes and the clients share this machine.",
        Machine.describe());
  }
}
