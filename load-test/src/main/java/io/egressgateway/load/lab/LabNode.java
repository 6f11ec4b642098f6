package io.egressgateway.load.lab;

import io.egressgateway.core.model.Cidr;
import io.egressgateway.core.model.Ipv4Address;
import io.egressgateway.core.model.NodeName;
import io.egressgateway.load.lab.net.NetNamespace;

/**
 * A node of the lab's cluster.
 *
 * @param role what it is there for
 * @param underlay its address on the underlay, its InternalIP
 * @param podCidr where its pods get their addresses from; a /24
 */
public record LabNode(NodeName name, Role role, Ipv4Address underlay, Cidr podCidr) {

  /** What a node is there for. Only the scheduler of the lab looks at it. */
  public enum Role {
    /** Controllers run here. */
    CONTROL_PLANE,
    /** Meant to be labelled as a gateway; gets no pods. */
    GATEWAY,
    /** Gets the pods. */
    WORKER
  }

  /** The network namespace that is this node. */
  public NetNamespace namespace() {
    return NetNamespace.ofNode(name);
  }
}
