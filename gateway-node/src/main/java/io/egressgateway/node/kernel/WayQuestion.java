package io.egressgateway.node.kernel;

import io.egressgateway.core.model.EipNumber;
import io.egressgateway.core.model.IpAddress;
import io.egressgateway.core.model.NodeName;
import java.util.Optional;

/** What is asked about the way of a packet through a node's kernel. */
public sealed interface WayQuestion {

  /**
   * The node is the pod's.
   *
   * @param destination of the pod's family
   * @param eip what the controllers say that it leaves with; absent if they leave it alone
   * @param holder what they say who holds that; absent if nobody does
   */
  record OfPod(
      IpAddress pod, IpAddress destination, Optional<EipNumber> eip, Optional<NodeName> holder)
      implements WayQuestion {}

  /**
   * The node is the one that holds the egress IP, as the controllers say.
   *
   * @param address the egress IP, or the slot that stands for the node's own
   * @param sender the pod's node
   */
  record OfHolder(EipNumber eip, IpAddress address, NodeName sender, IpAddress destination)
      implements WayQuestion {}
}
