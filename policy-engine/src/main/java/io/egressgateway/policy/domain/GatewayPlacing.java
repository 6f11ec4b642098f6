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
import java.util.Collections;
import java.util.Optional;
import java.util.SortedMap;
import java.util.SortedSet;
import java.util.TreeSet;

/** Where a gateway's addresses should be, by what is known of its nodes. */
final class GatewayPlacing {
  private GatewayPlacing() {}

  /** Takes up the object, and places what is used. */
  static void settle(GatewayDraft draft, Observed observed) {
    if (observed instanceof Observed.Present seen) {
      boolean isNews = !draft.state().uid().equals(Optional.of(seen.version().uid()));
      if (isNews && !(seen.isRetiring() && draft.state().isIdle())) {
        draft.add(new GatewayAdopted(seen.version().uid(), draft.now()));
      }
      place(draft, seen, draft.state().used(), Collections.emptySortedMap());
    }
  }

  /** Places what this decision has given; what was used before is where it should be. */
  static void placeGiven(GatewayDraft draft, Observed observed) {
    if (observed instanceof Observed.Present seen) {
      place(draft, seen, draft.newlyUsed(), draft.before().loads());
    }
  }

  /** Ends the gateway when its object is gone and nothing of it is left. */
  static void retire(GatewayDraft draft, Observed observed) {
    if (observed.isRetiring() && draft.state().uid().isPresent() && draft.state().isIdle()) {
      draft.add(new GatewayRetired(draft.now()));
    }
  }

  /**
   * @param loads how many addresses beside these each node has
   */
  private static void place(
      GatewayDraft draft,
      Observed.Present seen,
      SortedSet<IpAddress> used,
      SortedMap<NodeName, Integer> loads) {
    SortedMap<NodeName, Fitness> members = seen.fitness();
    SortedMap<IpAddress, NodeName> before = draft.state().placements();
    TreeSet<IpAddress> wanted = new TreeSet<>(used);
    // While a member has not been heard of, nothing is placed that has no place yet.
    if (seen.members().values().stream().anyMatch(Member::isAwaited)) {
      wanted.retainAll(before.keySet());
    }
    SortedMap<IpAddress, NodeName> after = Placement.placeMore(before, wanted, members, loads);
    for (IpAddress address : wanted) {
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
