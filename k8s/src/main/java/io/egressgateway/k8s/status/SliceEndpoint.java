package io.egressgateway.k8s.status;

import io.egressgateway.core.collection.CompactSet;
import io.egressgateway.core.model.IpAddress;
import io.egressgateway.core.model.NodeName;
import java.util.Comparator;
import java.util.SortedSet;

/**
 * A pod that a policy selects, as an EgressEndpointSlice shows it.
 *
 * @param addresses of the pod; never empty, since a pod without an address sends nothing
 */
public record SliceEndpoint(
    String namespace, String pod, NodeName node, SortedSet<IpAddress> addresses)
    implements Comparable<SliceEndpoint> {

  private static final Comparator<SliceEndpoint> ORDER =
      Comparator.comparing(SliceEndpoint::namespace)
          .thenComparing(SliceEndpoint::pod)
          .thenComparing(SliceEndpoint::node)
          .thenComparing(endpoint -> endpoint.addresses().toString());

  public SliceEndpoint {
    addresses = CompactSet.copyOf(addresses);
  }

  @Override
  public int compareTo(SliceEndpoint other) {
    return ORDER.compare(this, other);
  }
}
