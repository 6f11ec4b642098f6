package io.egressgateway.load.bench.failover;

import static io.egressgateway.load.bench.report.Figures.MAX;

import io.egressgateway.core.model.Ipv4Address;
import io.egressgateway.core.model.NodeName;
import io.egressgateway.load.bench.report.Bar;
import io.egressgateway.load.bench.report.Figures;
import io.egressgateway.load.bench.report.Row;
import io.egressgateway.load.bench.report.Unit;
import io.egressgateway.load.failover.ManyPolicies;
import io.egressgateway.load.fault.Faults;
import io.egressgateway.load.lab.Lab;
import io.egressgateway.load.lab.LabNode;
import io.egressgateway.load.lab.Patience;
import io.egressgateway.load.lab.guide.GuideCluster;
import io.egressgateway.load.oracle.Holding;
import io.egressgateway.load.oracle.KernelOracle;
import io.egressgateway.load.oracle.SegmentOracle;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.function.Consumer;

/**
 * A gateway node that holds a thousand egress IPs loses its power; they have to be spread over the
 * two that are left.
 */
final class ManyAddresses {
  /** How many. */
  static final int NUMBER = 1_000;

  private static final Duration PACE = Duration.ofMillis(200);
  private static final Duration ALLOWED = Duration.ofSeconds(2);
  private static final Patience PATIENCE =
      new Patience(Duration.ofMinutes(5), Duration.ofMillis(500));

  private final Lab lab;
  private final Consumer<String> progress;

  ManyAddresses(Lab lab, Consumer<String> progress) {
    this.lab = lab;
    this.progress = progress;
  }

  /**
   * What was found.
   *
   * @param overlaps two holders at a time
   */
  record Found(Row row, int overlaps) {}

  Found measure() throws Exception {
    GuideCluster guide = GuideCluster.start(lab);
    List<String> gateways = guide.gatewayNodes();
    String first = gateways.getFirst();
    guide.label(first);
    progress.accept("creating %d policies".formatted(NUMBER));
    List<Ipv4Address> addresses = ManyPolicies.create(lab, NUMBER);
    NodeName victim = new NodeName(first);
    awaitPrepared(victim);
    gateways.stream().skip(1).forEach(guide::label);
    guide.awaitLeases(ManyPolicies.GATEWAY);
    try (SegmentOracle arp = SegmentOracle.start(lab.settings().topology(), addresses, PACE)) {
      PATIENCE.await("all addresses to be answered for", () -> all(arp, addresses, victim));
      progress.accept("%s answers for all of them; its power goes".formatted(victim));
      long began = System.nanoTime();
      new Faults(lab, progress).powerOff(victim);
      List<Holding> next =
          PATIENCE.await(
              "all addresses to be answered elsewhere", () -> next(arp, addresses, victim, began));
      return new Found(row(next, began), arp.overlaps().size());
    }
  }

  private void awaitPrepared(NodeName victim) throws Exception {
    LabNode node = lab.settings().topology().node(victim);
    KernelOracle kernels = new KernelOracle(lab.settings().topology());
    PATIENCE.await(
        "%s to have all of them".formatted(victim),
        () -> Optional.of(kernels.prepared(node).size()).filter(n -> n >= NUMBER));
  }

  private static Optional<Integer> all(
      SegmentOracle arp, List<Ipv4Address> addresses, NodeName holder) {
    long held =
        addresses.stream().filter(a -> arp.holder(a).filter(holder::equals).isPresent()).count();
    return Optional.of(addresses.size()).filter(n -> n == held);
  }

  private Optional<List<Holding>> next(
      SegmentOracle arp, List<Ipv4Address> addresses, NodeName victim, long sinceNanos) {
    List<Holding> found = new ArrayList<>();
    for (Ipv4Address address : addresses) {
      arp.successor(address, victim, sinceNanos).ifPresent(found::add);
    }
    return found.size() == addresses.size() ? Optional.of(found) : Optional.empty();
  }

  private Row row(List<Holding> next, long began) {
    List<Duration> times =
        next.stream().map(holding -> Duration.ofNanos(holding.firstNanos() - began)).toList();
    Map<NodeName, Integer> spread = new TreeMap<>();
    next.forEach(holding -> spread.merge(holding.node(), 1, Integer::sum));
    int difference = Collections.max(spread.values()) - Collections.min(spread.values());
    progress.accept("held now by " + spread);
    double bar = Figures.in(Unit.SECONDS, lab.settings().profile().terms().lease().plus(ALLOWED));
    Row row =
        Figures.times(
            NUMBER + " egress IPs of a node that dies, answered elsewhere",
            times,
            Unit.SECONDS,
            Map.of(MAX, new Bar.AtMost(bar, Unit.SECONDS)));
    return row.with(Figures.count("spread", difference), new Bar.AtMost(1, Unit.COUNT));
  }
}
