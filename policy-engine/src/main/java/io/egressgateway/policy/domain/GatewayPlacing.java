package io.egressgateway.policy.domain;

import io.egressgateway.core.event.GatewayEvent;
import io.egressgateway.core.event.GatewayEvent.EgressIpPlaced;
import io.egressgateway.core.event.GatewayEvent.EgressIpUnplaced;
import io.egressgateway.core.event.GatewayEvent.GatewayAdopted;
import io.egressgateway.core.event.GatewayEvent.GatewayRetired;
import io.egressgateway.core.event.GatewayEvent.PlacementReason;
import io.egressgateway.core.model.IpAddress;
import io.egressgateway.core.model.NodeName;
import io.egressgateway.policy.domain.Gateway.Observed;
import io.egressgateway.policy.plan.Fitness;
import io.egressgateway.policy.plan.Placement;
import java.util.Optional;
import java.util.SortedMap;
import java.util.TreeSet;

/** Where a gateway's addresses should be, by what is known of its nodes. */
final class GatewayPlacing {
  private GatewayPlacing() {}

  /** Takes up the object, and places what is used. */
  static void settle(GatewayDraft draft, Observed observed) {
    if (observed instanceof Observed.Present seen) {
      if (!draft.state().uid().equals(Optional.of(seen.version().uid()))) {
        draft.add(new GatewayAdopted(seen.version().uid(), draft.now()));
      }
      place(draft, seen);
    }
    retire(draft, observed);
  }

  /** Ends the gateway when its object is gone and nothing of it is left. */
  static void retire(GatewayDraft draft, Observed observed) {
    if (observed instanceof Observed.Retiring
        && draft.state().uid().isPresent()
        && draft.state().concerned().isEmpty()) {
      draft.add(new GatewayRetired(draft.now()));
    }
  }

  private static void place(GatewayDraft draft, Observed.Present seen) {
    SortedMap<NodeName, Fitness> members = seen.fitness();
    SortedMap<IpAddress, NodeName> before = draft.state().placements();
    TreeSet<IpAddress> used = new TreeSet<>(draft.state().used());
    if (seen.members().values().stream().anyMatch(Member::isAwaited)) {
      used.retainAll(before.keySet());
    }
    SortedMap<IpAddress, NodeName> after = Placement.place(before, used, members);
    for (IpAddress address : used) {
      Optional<NodeName> was = Optional.ofNullable(before.get(address));
      Optional<NodeName> is = Optional.ofNullable(after.get(address));
      if (!was.equals(is)) {
        PlacementReason reason =
            was.map(node -> reason(Optional.ofNullable(members.get(node))))
                .orElse(PlacementReason.FIRST);
        draft.add(
            is.<GatewayEvent>map(node -> new EgressIpPlaced(address, node, reason, draft.now()))
                .orElseGet(() -> new EgressIpUnplaced(address, draft.now())));
      }
    }
  }

  private static PlacementReason reason(Optional<Fitness> left) {
    return left.map(
            fitness ->
                switch (fitness) {
                  case GOOD, KEEPS, UNFIT -> PlacementReason.NODE_UNFIT;
                  case DRAINED -> PlacementReason.DRAIN;
                  case RESERVE, LOST -> PlacementReason.NODE_LOST;
                })
        .orElse(PlacementReason.NODE_UNFIT);
  }
}
