package io.egressgateway.core.plan;

import io.egressgateway.core.collection.PersistentMap;
import io.egressgateway.core.model.EipNumber;
import io.egressgateway.core.model.IpAddress;
import io.egressgateway.core.model.NodeNumber;
import java.util.SortedMap;
import java.util.TreeMap;

/**
 * Where egress IPs are, as far as this node needs to know.
 *
 * @param routes egress IP to the node that holds it. An egress IP that the selection uses and that
 *     is absent here is held by nobody: its packets are dropped, never sent with another source
 * @param held egress IPs that this node itself holds: it answers for them and translates to them
 */
public record Ownership(
    SortedMap<EipNumber, NodeNumber> routes, SortedMap<EipNumber, IpAddress> held) {
  public Ownership {
    routes = PersistentMap.copyOf(routes);
    held = PersistentMap.copyOf(held);
  }

  /** Nothing is known to be anywhere. */
  public static Ownership none() {
    return new Ownership(new TreeMap<>(), new TreeMap<>());
  }
}
