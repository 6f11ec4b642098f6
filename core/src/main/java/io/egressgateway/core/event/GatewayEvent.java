package io.egressgateway.core.event;

import io.egressgateway.core.model.IpAddress;
import io.egressgateway.core.model.NodeName;
import io.egressgateway.core.model.PolicyKey;
import java.time.Instant;
import java.util.Collections;
import java.util.SortedSet;
import java.util.TreeSet;

/** What happened to an egress gateway: which policy has which address, and where it should be. */
public sealed interface GatewayEvent {
  Instant at();

  /** The Kubernetes object of this uid was taken up; another uid is another gateway. */
  record GatewayAdopted(String uid, Instant at) implements GatewayEvent {}

  /** A policy was given these addresses, at most one of each family; it may share them. */
  record EgressIpAllocated(PolicyKey policy, SortedSet<IpAddress> addresses, Instant at)
      implements GatewayEvent {
    public EgressIpAllocated {
      addresses = Collections.unmodifiableSortedSet(new TreeSet<>(addresses));
    }
  }

  /** The policy needs its addresses no more. */
  record EgressIpFreed(PolicyKey policy, Instant at) implements GatewayEvent {}

  /** The address should be held by this node. The address's own ledger says when it is. */
  record EgressIpPlaced(IpAddress address, NodeName node, PlacementReason reason, Instant at)
      implements GatewayEvent {}

  /** Why an address was given a place. */
  enum PlacementReason {
    /** It had none. */
    FIRST,
    /** The session of the node that it was on is over. */
    NODE_LOST,
    /** The node that it was on may not, or cannot, hold addresses any more. */
    NODE_UNFIT,
    /** The node that it was on is being emptied. */
    DRAIN,
    /** An operator asked for it. */
    OPERATOR,
    /** To spread the addresses evenly, because an operator asked for it. */
    REBALANCE
  }

  /**
   * An operator's order was carried out, or found to need nothing.
   *
   * @param id given by whoever ordered; an order with the same id is not carried out again
   */
  record OrderTaken(String id, Instant at) implements GatewayEvent {}

  /** No node can hold the address, or nobody needs it any more. */
  record EgressIpUnplaced(IpAddress address, Instant at) implements GatewayEvent {}

  /** The Kubernetes object is gone. */
  record GatewayRetired(Instant at) implements GatewayEvent {}
}
