package io.egressgateway.load.bench.failover;

import static io.egressgateway.load.bench.report.Figures.P99;

import io.egressgateway.core.model.NodeName;
import io.egressgateway.load.bench.report.Bar;
import io.egressgateway.load.bench.report.Figures;
import io.egressgateway.load.bench.report.Row;
import io.egressgateway.load.bench.report.Unit;
import io.egressgateway.load.failover.Scene;
import io.egressgateway.load.failover.Takeover;
import io.egressgateway.load.failover.Takeover.Disturbance;
import io.egressgateway.load.oracle.TcpConnects.Tally;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.function.Consumer;

/**
 * The egress IP leaves its holder on request.
 *
 * @param name of the way it is asked for
 * @param way asks for it, and afterwards makes the former holder fit again
 */
record PlannedMoves(String name, int times, Way way) implements Act {
  private static final Bar GAP = new Bar.AtMost(100, Unit.MILLISECONDS);

  /** How a move is asked for. */
  interface Way {
    /** Has the address leave this holder; returns when another node answers. */
    void leave(Scene scene, NodeName holder) throws Exception;

    /** Makes the former holder one that can get addresses. */
    void restore(Scene scene, NodeName former) throws Exception;
  }

  @Override
  public List<Row> play(Scene scene, Rest rest, Consumer<String> progress) throws Exception {
    List<Duration> gaps = new ArrayList<>();
    long lost = 0;
    Tally before = scene.connects().tally();
    for (int i = 0; i < times; i++) {
      Spread.pause(i);
      NodeName holder = scene.holder();
      Disturbance seen = Takeover.disturbance(scene, () -> way.leave(scene, holder));
      gaps.add(seen.gap());
      lost += seen.lost();
      way.restore(scene, holder);
      rest.in(scene);
      progress.accept(
          "%s %d of %d: %s to %s, gap %d ms"
              .formatted(name, i + 1, times, holder, scene.holder(), seen.gap().toMillis()));
    }
    scene.connects().settle();
    Tally tally = scene.connects().tally().since(before);
    return List.of(
        Figures.times(
                name + ", gap of a 10 ms datagram stream",
                gaps,
                Unit.MILLISECONDS,
                Map.of(P99, GAP))
            .with(Figures.count("lost", lost))
            .with(Figures.count("connects", tally.answered() + tally.failed()))
            .with(Figures.count("over 0.9 s", tally.slow()))
            .with(Figures.count("failed", tally.failed()), Figures.none()));
  }
}
