package io.egressgateway.load.bench.failover;

import io.egressgateway.load.bench.report.Figures;
import io.egressgateway.load.bench.report.Row;
import io.egressgateway.load.failover.Lapses;
import io.egressgateway.load.failover.PolicyChurn;
import io.egressgateway.load.failover.Scene;
import java.util.List;
import java.util.function.Consumer;

/** Controllers are killed in turn while policies come and go. */
record ControllerCrashes(int times) implements Act {

  @Override
  public List<Row> play(Scene scene, Rest rest, Consumer<String> progress) throws Exception {
    List<String> controllers = scene.faults().processes("controller-");
    Lapses before = Lapses.count(scene.lab());
    long began = System.nanoTime();
    long changes;
    try (PolicyChurn churn = PolicyChurn.start(scene.lab())) {
      for (int i = 0; i < times; i++) {
        Spread.pause(i);
        String victim = controllers.get(i % controllers.size());
        long struck = System.nanoTime();
        scene.faults().crash(victim).mend();
        scene.awaitRestart(victim);
        rest.in(scene);
        progress.accept(
            "%s killed, %d of %d: %d datagrams lost, longest gap %d ms"
                .formatted(
                    victim,
                    i + 1,
                    times,
                    scene.stream().lostSince(struck),
                    scene.stream().longestGapSince(struck).toMillis()));
      }
      changes = churn.changes();
    }
    return List.of(
        Row.of("controller killed while policies change")
            .with(Figures.count("runs", times))
            .with(Figures.count("policy changes", changes))
            .with(Figures.count("lost", scene.stream().lostSince(began)), Figures.none())
            .with(
                Figures.count("lapses", Lapses.count(scene.lab()).since(before)), Figures.none()));
  }
}
