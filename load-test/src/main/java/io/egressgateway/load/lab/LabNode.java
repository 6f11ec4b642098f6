package io.egressgateway.load.lab;

import io.egressgateway.core.model.Cidr;
import io.egressgateway.core.model.Ipv4Address;
import io.egressgateway.core.model.Ipv6Address;
import io.egressgateway.core.model.NodeName;
import io.egressgateway.load.lab.net.NetNamespace;
import java.util.Optional;

/**
 * A node of the lab's cluster.
 *
 * @param role what it is there for
 * @param stack which addresses it and its pods have
 * @param underlay its address on the underlay, its InternalIP
 * @param podCidr where its pods get their addresses from; a /24
 */
public record LabNode(NodeName name, Role role, Stack stack, Ipv4Address underlay, Cidr podCidr) {

  /** Which addresses everything in the lab has. */
  public enum Stack {
    IPV4,
    /** IPv6 addresses too; those of IPv4 are the primary ones. */
    DUAL
  }

  /** What a node is there for. Only the scheduler of the lab looks at it. */
  public enum Role {
    /** Controllers run here. */
    CONTROL_PLANE,
    /** Meant to be labelled as a gateway; gets no pods. */
    GATEWAY,
    /** Gets the pods. */
    WORKER
  }

  /** Its address of IPv6 on the underlay, if it has one. */
  public Optional<Ipv6Address> underlayV6() {
    return Topology.ipv6Of(stack, underlay);
  }

  /** Where its pods get their addresses of IPv6 from, if they have any; a /64. */
  public Optional<Cidr> podCidrV6() {
    return Topology.ipv6Of(stack, (Ipv4Address) podCidr.first())
        .map(first -> new Cidr(first, Topology.PREFIX_V6));
  }

  /** The network namespace that is this node. */
  public NetNamespace namespace() {
    return NetNamespace.ofNode(name);
  }
}
