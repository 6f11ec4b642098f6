package io.egressgateway.policy.history;

import io.egressgateway.core.event.GatewayEvent;
import io.egressgateway.core.event.GatewayEvent.EgressIpPlaced;
import io.egressgateway.core.event.GatewayEvent.OrderTaken;
import io.egressgateway.core.event.GatewayEvent.PlacementReason;
import io.egressgateway.core.model.IpAddress;
import io.egressgateway.core.model.NodeName;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;

/** The places that a gateway chose for one egress IP, the oldest first, and why. */
final class PlacementLog {
  /** Gateway and ledger may be on controllers whose clocks differ. */
  private static final Duration SKEW_MAX = Duration.ofSeconds(1);

  private final List<Placed> places;

  private PlacementLog(List<Placed> places) {
    this.places = places;
  }

  /** A place that was chosen. */
  private record Placed(Instant at, NodeName node, String why) {}

  /**
   * @param journal of the gateway, the oldest first
   */
  static PlacementLog of(IpAddress address, List<GatewayEvent> journal) {
    List<Placed> places = new ArrayList<>();
    for (int i = 0; i < journal.size(); i++) {
      if (journal.get(i) instanceof EgressIpPlaced placed && placed.address().equals(address)) {
        Optional<String> order = order(journal.subList(i, journal.size()), placed.at());
        places.add(new Placed(placed.at(), placed.node(), why(placed.reason(), order)));
      }
    }
    return new PlacementLog(places);
  }

  /** An order is journalled behind what came of it, in the same write. */
  private static Optional<String> order(List<GatewayEvent> from, Instant at) {
    return from.stream()
        .takeWhile(event -> event.at().equals(at))
        .flatMap(
            event ->
                event instanceof OrderTaken taken ? Optional.of(taken.id()).stream() : noOrder())
        .findFirst();
  }

  private static Stream<String> noOrder() {
    return Stream.empty();
  }

  private static String why(PlacementReason reason, Optional<String> order) {
    return switch (reason) {
      case FIRST -> "it had no place";
      case NODE_LOST -> "the session of the node that had it was over";
      case NODE_UNFIT -> "the node that had it could not, or might not, hold it any more";
      case DRAIN -> "the node that had it was being emptied";
      case OPERATOR -> "an operator ordered it" + named(order);
      case REBALANCE -> "an operator had the egress IPs spread evenly" + named(order);
    };
  }

  private static String named(Optional<String> order) {
    return order.map(id -> " (order " + id + ")").orElse("");
  }

  /** Why the node was chosen, the last time before. */
  Optional<String> whyAt(NodeName node, Instant time) {
    return until(time)
        .filter(place -> place.node().equals(node))
        .reduce((former, later) -> later)
        .map(Placed::why);
  }

  /** Why it was to leave the node at that time. */
  Optional<String> whyNotAt(NodeName node, Instant time) {
    return until(time)
        .reduce((former, later) -> later)
        .filter(place -> !place.node().equals(node))
        .map(Placed::why);
  }

  private Stream<Placed> until(Instant time) {
    Instant limit = time.plus(SKEW_MAX);
    return places.stream().takeWhile(place -> !place.at().isAfter(limit));
  }
}
