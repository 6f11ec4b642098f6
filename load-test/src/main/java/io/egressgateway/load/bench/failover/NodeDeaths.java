package io.egressgateway.load.bench.failover;

import static io.egressgateway.load.bench.report.Figures.MAX;
import static io.egressgateway.load.bench.report.Figures.P50;
import static io.egressgateway.load.bench.report.Figures.P99;

import io.egressgateway.core.lease.LeaseProfile;
import io.egressgateway.core.lease.LeaseTerms;
import io.egressgateway.load.bench.report.Bar;
import io.egressgateway.load.bench.report.Cell;
import io.egressgateway.load.bench.report.Figures;
import io.egressgateway.load.bench.report.Row;
import io.egressgateway.load.bench.report.Samples;
import io.egressgateway.load.bench.report.Unit;
import io.egressgateway.load.failover.Scene;
import io.egressgateway.load.failover.Takeover;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.function.Consumer;

/**
 * The holder loses its power, again and again; each time it boots again before the next one is
 * struck.
 *
 * @param profile the scene's leases
 */
record NodeDeaths(int times, LeaseProfile profile) implements Act {

  @Override
  public List<Row> play(Scene scene, Rest rest, Consumer<String> progress) throws Exception {
    List<Takeover> takeovers = new ArrayList<>();
    for (int i = 0; i < times; i++) {
      Spread.pause(i);
      Takeover.Observed seen = Takeover.watch(scene, scene.faults()::powerOff);
      Takeover takeover = seen.takeover();
      progress.accept(
          "%s node dies %d of %d: %s to %s, answered after %d ms, forwarded after %d ms"
              .formatted(
                  profile,
                  i + 1,
                  times,
                  takeover.from(),
                  takeover.to(),
                  takeover.firstAnswer().toMillis(),
                  takeover.forwarded().toMillis()));
      takeovers.add(takeover);
      seen.breakage().mend();
      rest.in(scene);
    }
    return List.of(row(takeovers));
  }

  private Row row(List<Takeover> takeovers) {
    List<Duration> whole = takeovers.stream().map(Takeover::whole).toList();
    LeaseTerms terms = profile.terms();
    double bound = Figures.in(Unit.SECONDS, terms.lease().minus(terms.renewal()));
    double median =
        Samples.of(whole.stream().map(t -> Figures.in(Unit.SECONDS, t)).toList()).median();
    return Figures.times(
            "node dies, answered and forwarding, " + profile, whole, Unit.SECONDS, bars())
        .with(new Cell("TTL - R", bound, Unit.SECONDS))
        .with(new Cell("p50 / (TTL - R)", median / bound, Unit.RATIO));
  }

  private Map<String, Bar> bars() {
    return switch (profile) {
      case DEFAULT -> Map.of(P50, atMost(1.9), P99, atMost(2.2), MAX, atMost(2.5));
      case EXPRESS -> Map.of(P99, atMost(1.0));
      case CONSERVATIVE, FAST -> Map.of();
    };
  }

  private static Bar atMost(double seconds) {
    return new Bar.AtMost(seconds, Unit.SECONDS);
  }
}
