package io.egressgateway.load.bench.failover;

import io.egressgateway.load.bench.report.Cell;
import io.egressgateway.load.bench.report.Figures;
import io.egressgateway.load.bench.report.Row;
import io.egressgateway.load.bench.report.Unit;
import io.egressgateway.load.failover.Lapses;
import io.egressgateway.load.failover.Scene;
import io.egressgateway.load.fault.Breakage;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Consumer;

/** All controllers, the database and the Kubernetes API are away; the witnesses stay. */
record ControlPlaneOutage(Duration length) implements Act {
  private static final Duration REPORT = Duration.ofSeconds(60);

  @Override
  public List<Row> play(Scene scene, Rest rest, Consumer<String> progress) throws Exception {
    Lapses before = Lapses.count(scene.lab());
    long began = System.nanoTime();
    List<Breakage> broken = new ArrayList<>();
    broken.add(scene.faults().apiDown());
    broken.add(scene.faults().databaseDown());
    for (String controller : scene.faults().processes("controller-")) {
      broken.add(scene.faults().down(controller));
    }
    try {
      Duration left = length;
      while (left.isPositive()) {
        Duration step = left.compareTo(REPORT) < 0 ? left : REPORT;
        Thread.sleep(step);
        left = left.minus(step);
        progress.accept(
            "control plane away, %d s left: %d datagrams arrived, %d lost"
                .formatted(
                    left.toSeconds(), scene.stream().arrived(), scene.stream().lostSince(began)));
      }
    } finally {
      for (Breakage breakage : broken) {
        breakage.mend();
      }
    }
    rest.in(scene);
    return List.of(
        Row.of("controllers, database and API away")
            .with(new Cell("for", Figures.in(Unit.SECONDS, length), Unit.SECONDS))
            .with(Figures.count("lost", scene.stream().lostSince(began)), Figures.none())
            .with(
                Figures.count("lapses", Lapses.count(scene.lab()).since(before)), Figures.none()));
  }
}
