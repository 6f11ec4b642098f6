package io.egressgateway.load.bench.failover;

import static io.egressgateway.load.bench.report.Figures.MAX;

import io.egressgateway.core.model.NodeName;
import io.egressgateway.load.bench.report.Bar;
import io.egressgateway.load.bench.report.Figures;
import io.egressgateway.load.bench.report.Row;
import io.egressgateway.load.bench.report.Unit;
import io.egressgateway.load.failover.Scene;
import io.egressgateway.load.failover.Takeover;
import io.egressgateway.load.fault.Breakage;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.function.Consumer;

/** The holder loses its power, and a controller is killed at the same moment. */
record NodeAndController(int times) implements Act {
  private static final Bar BAR = new Bar.AtMost(8, Unit.SECONDS);

  @Override
  public List<Row> play(Scene scene, Rest rest, Consumer<String> progress) throws Exception {
    List<String> controllers = scene.faults().processes("controller-");
    List<Duration> whole = new ArrayList<>();
    for (int i = 0; i < times; i++) {
      Spread.pause(i);
      String victim = controllers.get(i % controllers.size());
      Takeover.Observed seen = Takeover.watch(scene, holder -> strike(scene, holder, victim));
      whole.add(seen.takeover().whole());
      progress.accept(
          "%s and %s die, %d of %d: elsewhere after %d ms"
              .formatted(
                  seen.takeover().from(),
                  victim,
                  i + 1,
                  times,
                  seen.takeover().whole().toMillis()));
      seen.breakage().mend();
      scene.awaitRestart(victim);
      rest.in(scene);
    }
    return List.of(
        Figures.times("node and a controller die together", whole, Unit.SECONDS, Map.of(MAX, BAR)));
  }

  private static Breakage strike(Scene scene, NodeName holder, String controller) throws Exception {
    Breakage off = scene.faults().powerOff(holder);
    scene.faults().crash(controller).mend();
    return off;
  }
}
