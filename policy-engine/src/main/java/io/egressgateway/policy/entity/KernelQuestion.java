package io.egressgateway.policy.entity;

import io.egressgateway.core.model.EipNumber;
import io.egressgateway.core.model.IpAddress;
import io.egressgateway.core.model.NodeName;
import java.util.Optional;

/** What a node's agent is asked about the way of a packet through its kernel. */
public sealed interface KernelQuestion {

  /**
   * The node is the pod's.
   *
   * @param eip what the packet leaves with; absent if it is left alone
   * @param holder who has that; absent if nobody does
   */
  record OfPod(
      IpAddress pod, IpAddress destination, Optional<EipNumber> eip, Optional<NodeName> holder)
      implements KernelQuestion {}

  /**
   * The node holds the egress IP.
   *
   * @param sender the pod's node
   */
  record OfHolder(EipNumber eip, IpAddress address, NodeName sender, IpAddress destination)
      implements KernelQuestion {}
}
