package io.egressgateway.node.flow;

import io.egressgateway.node.netlink.wire.conntrack.Tuple;
import java.util.List;

/**
 * What another node is told of an egress IP's connections.
 *
 * @param flows as they are now
 * @param ended are no more
 */
record FlowChanges(List<HandedFlow> flows, List<Tuple> ended) {
  FlowChanges {
    flows = List.copyOf(flows);
    ended = List.copyOf(ended);
  }

  int size() {
    return flows.size() + ended.size();
  }
}
