package io.egressgateway.load.bench.failover;

import static io.egressgateway.load.bench.report.Figures.MAX;

import io.egressgateway.core.lease.LeaseProfile;
import io.egressgateway.core.model.NodeName;
import io.egressgateway.load.bench.report.Bar;
import io.egressgateway.load.bench.report.Figures;
import io.egressgateway.load.bench.report.Row;
import io.egressgateway.load.bench.report.Unit;
import io.egressgateway.load.failover.Scene;
import io.egressgateway.load.failover.Takeover;
import io.egressgateway.load.fault.Faults;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.function.Consumer;

/**
 * The holder's agent is stopped for longer than its lease: the kernel alone must end it.
 *
 * @param profile the scene's leases
 */
record Pauses(int times, LeaseProfile profile) implements Act {
  private static final Duration SLACK = Duration.ofMillis(50);

  @Override
  public List<Row> play(Scene scene, Rest rest, Consumer<String> progress) throws Exception {
    List<Duration> lastHeard = new ArrayList<>();
    for (int i = 0; i < times; i++) {
      Spread.pause(i);
      Takeover.Observed seen =
          Takeover.watch(scene, holder -> scene.faults().pause(Faults.agentOf(holder)));
      NodeName paused = seen.takeover().from();
      seen.breakage().mend();
      rest.in(scene);
      // Heard again after it was woken, it would have the address at the same time as another.
      long last = scene.arp().lastHeard(scene.eip(), paused).orElse(seen.takeover().beganNanos());
      Duration after = Duration.ofNanos(last - seen.takeover().beganNanos());
      lastHeard.add(after);
      progress.accept(
          "pause %d of %d: %s last heard %d ms after it was stopped, %s heard after %d ms"
              .formatted(
                  i + 1,
                  times,
                  paused,
                  after.toMillis(),
                  seen.takeover().to(),
                  seen.takeover().firstAnswer().toMillis()));
    }
    Bar bar =
        new Bar.AtMost(Figures.in(Unit.SECONDS, profile.terms().lease().plus(SLACK)), Unit.SECONDS);
    return List.of(
        Figures.times(
            "agent stopped, last answer or packet of the node, " + profile,
            lastHeard,
            Unit.SECONDS,
            Map.of(MAX, bar)));
  }
}
