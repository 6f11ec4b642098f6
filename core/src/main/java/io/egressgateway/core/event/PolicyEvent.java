package io.egressgateway.core.event;

import io.egressgateway.core.model.EgressIpRequest;
import io.egressgateway.core.model.GatewayName;
import io.egressgateway.core.model.Generation;
import io.egressgateway.core.model.IpAddress;
import java.time.Instant;
import java.util.Collections;
import java.util.SortedSet;
import java.util.TreeSet;

/** What happened to an egress policy. */
public sealed interface PolicyEvent {
  Instant at();

  /**
   * A spec was accepted. What it selects is not journalled: Kubernetes holds it.
   *
   * @param uid of the Kubernetes object; another uid under the same name is another policy
   * @param generation the spec's generation that was decided on
   * @param gateway the gateway it names
   * @param request the kind of address it asks for
   */
  record PolicyAccepted(
      String uid, Generation generation, GatewayName gateway, EgressIpRequest request, Instant at)
      implements PolicyEvent {}

  /** The gateway gave the policy these addresses, at most one of each family. */
  record EgressIpBound(SortedSet<IpAddress> addresses, Instant at) implements PolicyEvent {
    public EgressIpBound {
      addresses = Collections.unmodifiableSortedSet(new TreeSet<>(addresses));
    }
  }

  /** The policy has no address any more: its gateway took it back or changed. */
  record EgressIpUnbound(Instant at) implements PolicyEvent {}

  /** The Kubernetes object is gone. */
  record PolicyWithdrawn(Instant at) implements PolicyEvent {}
}
