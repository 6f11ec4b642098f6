package io.egressgateway.load.lab.kube;

import io.egressgateway.core.model.Ipv4Address;
import io.egressgateway.load.lab.LabNode;
import io.egressgateway.load.lab.net.NetNamespace;

/**
 * Where a pod runs.
 *
 * @param key which pod
 * @param uid tells a pod from a later one under the same name
 * @param address in the node's pod CIDR
 */
public record PodPlacement(PodKey key, String uid, LabNode node, Ipv4Address address) {

  /** A pod's name. */
  public record PodKey(String namespace, String name) implements Comparable<PodKey> {
    @Override
    public int compareTo(PodKey other) {
      int byNamespace = namespace.compareTo(other.namespace);
      return byNamespace != 0 ? byNamespace : name.compareTo(other.name);
    }

    @Override
    public String toString() {
      return namespace + "/" + name;
    }
  }

  /** The network namespace that is this pod. */
  public NetNamespace netNamespace() {
    return NetNamespace.ofPod(key.namespace(), key.name());
  }
}
