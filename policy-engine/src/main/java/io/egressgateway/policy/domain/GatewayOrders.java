package io.egressgateway.policy.domain;

import io.egressgateway.core.event.GatewayEvent.EgressIpPlaced;
import io.egressgateway.core.event.GatewayEvent.OrderTaken;
import io.egressgateway.core.event.GatewayEvent.PlacementReason;
import io.egressgateway.core.model.IpAddress;
import io.egressgateway.core.model.NodeName;
import io.egressgateway.policy.domain.Gateway.Command;
import io.egressgateway.policy.domain.Gateway.Observed;
import io.egressgateway.policy.domain.Gateway.Outcome;
import io.egressgateway.policy.domain.Gateway.State;
import io.egressgateway.policy.plan.Fitness;
import io.egressgateway.policy.plan.OrderRefusal;
import io.egressgateway.policy.plan.Placement;
import java.util.Optional;
import java.util.SortedMap;
import java.util.TreeMap;

/** What operators order of a gateway. An order is carried out once, or declined with a reason. */
final class GatewayOrders {
  private GatewayOrders() {}

  /** Places the address on the node that an operator chose. */
  static Outcome move(GatewayDraft draft, Observed observed, Command.Move move) {
    if (draft.state().memory().orders().contains(move.order())) {
      return new Outcome.Current();
    }
    if (!(observed instanceof Observed.Present seen)) {
      return notReady(draft.state());
    }
    if (!draft.state().given().isUsed(move.address())) {
      return new Outcome.Declined(
          OrderRefusal.ADDRESS_NOT_IN_USE,
          "no policy of EgressGateway %s uses %s".formatted(draft.state().name(), move.address()));
    }
    Member member = seen.members().get(move.node());
    if (member == null) {
      return new Outcome.Declined(
          OrderRefusal.NODE_NOT_SELECTED,
          "spec.nodeSelector of EgressGateway %s does not match node %s; label the node"
              .formatted(draft.state().name(), move.node()));
    }
    Optional<Outcome> unfit = unfit(move.node(), member, seen.fitness());
    if (unfit.isPresent()) {
      return unfit.get();
    }
    if (!move.node().equals(draft.state().placements().get(move.address()))) {
      draft.add(
          new EgressIpPlaced(move.address(), move.node(), PlacementReason.OPERATOR, draft.now()));
    }
    draft.add(new OrderTaken(move.order(), draft.now()));
    return new Outcome.Current();
  }

  private static Optional<Outcome> unfit(
      NodeName node, Member member, SortedMap<NodeName, Fitness> fitness) {
    return switch (fitness.getOrDefault(node, Fitness.LOST)) {
      case GOOD -> Optional.empty();
      // What it were given would be placed on the good one at once.
      case RESERVE ->
          fitness.containsValue(Fitness.GOOD)
              ? Optional.of(
                  new Outcome.Declined(
                      OrderRefusal.NODE_NOT_FIT,
                      "node %s cannot be given addresses now: it lost its lease too often of late,"
                              .formatted(node)
                          + " and others did not; name one of those, or wait until it has been"
                          + " steady for a while"))
              : Optional.empty();
      case KEEPS, DRAINED, UNFIT, LOST ->
          Optional.of(
              new Outcome.Declined(
                  OrderRefusal.NODE_NOT_FIT,
                  "node %s cannot be given addresses now: it is %s and its agent is %s"
                      .formatted(
                          node,
                          member.eligibility(),
                          member
                              .standing()
                              .map(standing -> standing.kind().toString())
                              .orElse("not heard of"))));
    };
  }

  private static Outcome notReady(State state) {
    return new Outcome.Declined(
        OrderRefusal.GATEWAY_NOT_READY,
        "EgressGateway %s does not exist, or has not been seen with a valid spec"
            .formatted(state.name()));
  }

  /** Spreads the addresses evenly. */
  static Outcome rebalance(GatewayDraft draft, Observed observed, String order) {
    if (draft.state().memory().orders().contains(order)) {
      return new Outcome.Current();
    }
    if (!(observed instanceof Observed.Present seen)) {
      return notReady(draft.state());
    }
    SortedMap<IpAddress, NodeName> current = new TreeMap<>(draft.state().placements());
    current.keySet().retainAll(draft.state().used());
    Placement.rebalance(current, seen.fitness())
        .forEach(
            (address, node) -> {
              if (!node.equals(current.get(address))) {
                draft.add(
                    new EgressIpPlaced(address, node, PlacementReason.REBALANCE, draft.now()));
              }
            });
    draft.add(new OrderTaken(order, draft.now()));
    return new Outcome.Current();
  }
}
