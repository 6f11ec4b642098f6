package io.egressgateway.policy.domain;

import io.egressgateway.core.model.ConnectionReplication;
import io.egressgateway.core.model.IpAddress;
import io.egressgateway.core.model.NodeAddressSlot;
import io.egressgateway.core.model.NodeName;
import java.util.Collections;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.TreeSet;

/**
 * Which node would go on with the connections of each address, were its node lost now: the very one
 * that the address would be given to.
 */
public final class Standbys {
  private Standbys() {}

  /** By the node that should hold them; empty if the gateway does not replicate connections. */
  public static SortedMap<NodeName, SortedMap<IpAddress, NodeName>> of(
      Gateway.State state, Gateway.Observed observed) {
    if (!(observed instanceof Gateway.Observed.Present seen)
        || seen.spec().replication() == ConnectionReplication.OFF) {
      return Collections.emptySortedMap();
    }
    TreeMap<NodeName, SortedMap<IpAddress, NodeName>> standbys = new TreeMap<>();
    for (NodeName node : new TreeSet<>(state.placements().values())) {
      TreeMap<IpAddress, NodeName> ofNode = new TreeMap<>();
      Gateway.refuges(state, observed, node)
          .forEach(
              (address, session) -> {
                // Connections of a node's own address end with it.
                if (!NodeAddressSlot.is(address)) {
                  ofNode.put(address, session.node());
                }
              });
      standbys.put(node, ofNode);
    }
    return standbys;
  }
}
