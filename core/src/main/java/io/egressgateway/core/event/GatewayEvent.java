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
  record EgressIpPlaced(IpAddress address, NodeName node, Instant at) implements GatewayEvent {}

  /** No node can hold the address, or nobody needs it any more. */
  record EgressIpUnplaced(IpAddress address, Instant at) implements GatewayEvent {}

  /** The Kubernetes object is gone. */
  record GatewayRetired(Instant at) implements GatewayEvent {}
}
