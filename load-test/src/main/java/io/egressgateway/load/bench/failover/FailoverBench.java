package io.egressgateway.load.bench.failover;

import io.egressgateway.core.lease.LeaseProfile;
import io.egressgateway.load.bench.report.Bench;
import io.egressgateway.load.bench.report.Figures;
import io.egressgateway.load.bench.report.Findings;
import io.egressgateway.load.bench.report.Machine;
import io.egressgateway.load.bench.report.Row;
import io.egressgateway.load.failover.Scene;
import io.egressgateway.load.lab.LabRun;
import io.egressgateway.load.lab.LabSettings;
import io.egressgateway.load.lab.LabSettings.ApiChoice;
import io.egressgateway.load.lab.Privileges;
import io.egressgateway.load.lab.Topology;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.function.Consumer;

/** The figures of failover, each beside its bar. */
public final class FailoverBench implements Bench {
  /** The name by which it is started. */
  public static final String NAME = "failover";

  private static final int GATEWAYS = 3;
  private static final int WORKERS = 1;

  private final FailoverPlan plan;
  private final List<Row> rows = new ArrayList<>();
  private final List<String> troubles = new ArrayList<>();
  private long scenes;
  private long overlaps;
  private long leaks;

  /** Measures this. */
  public FailoverBench(FailoverPlan plan) {
    this.plan = plan;
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
    String before = Machine.describe();
    Rest rest = new Rest(progress);
    Stage stage = new Stage(progress, rest);
    inScene(plan.profile(), stage, chosen(EnumSet.range(Part.MOVE, Part.ROLLING)));
    inScene(
        plan.profile(),
        stage,
        chosen(EnumSet.of(Part.NODE, Part.PAUSE, Part.CONTROLLER, Part.BOTH, Part.OUTAGE)));
    inScene(LeaseProfile.EXPRESS, stage, chosen(EnumSet.of(Part.EXPRESS)));
    if (plan.parts().contains(Part.THOUSAND)) {
      ManyAddresses.Found found =
          LabRun.play(
              settings(plan.profile()),
              progress,
              lab -> new ManyAddresses(lab, progress).measure());
      scenes++;
      rows.add(found.row());
      overlaps += found.overlaps();
    }
    rows.add(
        Row.of("two holders of an egress IP at once, ever")
            .with(Figures.count("scenes", scenes))
            .with(Figures.count("seen", overlaps), Figures.none()));
    rows.add(
        Row.of("packets with a source that is not the policy's, ever")
            .with(Figures.count("scenes", scenes))
            .with(Figures.count("seen", leaks), Figures.none()));
    return new Findings(NAME, rows, remarks(before, rest));
  }

  private LabSettings settings(LeaseProfile profile) {
    return LabSettings.usual()
        .with(ApiChoice.EMBEDDED)
        .with(Topology.of(GATEWAYS, WORKERS))
        .with(profile)
        .withControllers(plan.controllers());
  }

  /** Who is told what happens, and what there is between two runs. */
  private record Stage(Consumer<String> progress, Rest rest) {}

  private Set<Part> chosen(Set<Part> parts) {
    parts.retainAll(plan.parts());
    return parts;
  }

  /**
   * Planned moves have a scene of their own: a node that died again and again is given nothing for
   * a while, whoever orders it.
   */
  private void inScene(LeaseProfile profile, Stage stage, Set<Part> parts) throws Exception {
    if (parts.isEmpty()) {
      return;
    }
    scenes++;
    LabRun.play(
        settings(profile),
        stage.progress(),
        lab -> Scene.play(lab, stage.progress(), scene -> perform(scene, stage, parts)));
  }

  private int perform(Scene scene, Stage stage, Set<Part> parts) throws InterruptedException {
    Consumer<String> progress = stage.progress();
    stage.rest().first();
    for (Part part : parts) {
      progress.accept("measuring " + part);
      try {
        stage.rest().in(scene);
        rows.addAll(act(part).play(scene, stage.rest(), progress));
      } catch (InterruptedException e) {
        throw e;
      } catch (Exception e) {
        // The other parts are worth measuring all the same.
        troubles.add("Not measured: %s: %s".formatted(part, e.getMessage()));
        progress.accept(troubles.getLast());
      }
    }
    scene.violations().forEach(violation -> troubles.add("Violation: " + violation));
    overlaps += scene.arp().overlaps().size();
    leaks += scene.sources().leaks().size();
    return parts.size();
  }

  private Act act(Part part) {
    int times = plan.times();
    return switch (part) {
      case NODE -> new NodeDeaths(times, plan.profile());
      case EXPRESS -> new NodeDeaths(times, LeaseProfile.EXPRESS);
      case MOVE -> new PlannedMoves("egctl vip move", times, new MoveByCommand());
      case DRAIN -> new PlannedMoves("egctl drain", times, new DrainByCommand());
      case ROLLING -> new PlannedMoves("agent restarted by SIGTERM", times, new AgentRestart());
      case PAUSE -> new Pauses(times, plan.profile());
      case CONTROLLER -> new ControllerCrashes(times);
      case BOTH -> new NodeAndController(times);
      case OUTAGE -> new ControlPlaneOutage(plan.outage());
      case THOUSAND -> throw new IllegalArgumentException("has a scene of its own");
    };
  }

  private List<String> remarks(String before, Rest rest) {
    List<String> remarks = new ArrayList<>();
    remarks.add(
        "%d gateway nodes, %d controller(s), 3 witnesses, lease profile %s; %d runs of each part where time allows."
            .formatted(GATEWAYS, plan.controllers(), plan.profile(), plan.times()));
    remarks.add(
        "Seen from outside: ARP asked every 5 ms by the router, a datagram every 10 ms and a connection every 20 ms from a pod.");
    remarks.add(
        "egctl gives way to all other processes (nice 10): it runs on no node's processors.");
    remarks.add(
        "TTL - R: a silent crash cannot be taken over sooner, since the last renewal may be that young.");
    remarks.add(rest.toString());
    remarks.addAll(troubles);
    remarks.add("Before: " + before);
    remarks.add("After: " + Machine.describe());
    return remarks;
  }
}
