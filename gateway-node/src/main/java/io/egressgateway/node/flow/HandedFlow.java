package io.egressgateway.node.flow;

import io.egressgateway.core.model.NodeNumber;
import io.egressgateway.node.netlink.wire.conntrack.Layer4;
import io.egressgateway.node.netlink.wire.conntrack.ProtocolState;
import io.egressgateway.node.netlink.wire.conntrack.Tuple;

/**
 * A translated connection on its way from one gateway node to another.
 *
 * @param original from the pod to the server; a protocol with ports
 * @param translatedPort the port of the egress IP that the server knows
 * @param sender the node from which the pod's packets come
 * @param timeoutSeconds until the connection is forgotten without another packet
 */
record HandedFlow(
    Tuple original,
    int translatedPort,
    NodeNumber sender,
    long timeoutSeconds,
    ProtocolState protocol) {
  HandedFlow {
    if (!(original.layer4() instanceof Layer4.Ports)) {
      throw new IllegalArgumentException("a connection without ports: " + original);
    }
  }

  /** Whether it is the same in all but the remaining time. */
  boolean isAs(HandedFlow other) {
    return original.equals(other.original)
        && translatedPort == other.translatedPort
        && sender.equals(other.sender)
        && protocol.equals(other.protocol);
  }

  Layer4.Ports ports() {
    return (Layer4.Ports) original.layer4();
  }
}
