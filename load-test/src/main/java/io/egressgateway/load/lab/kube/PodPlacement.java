package io.egressgateway.load.lab.kube;

import io.egressgateway.core.model.Ipv4Address;
import io.egressgateway.core.model.Ipv6Address;
import io.egressgateway.load.lab.LabNode;
import io.egressgateway.load.lab.Topology;
import io.egressgateway.load.lab.net.NetNamespace;
import java.util.Optional;

/**
 * Where a pod runs.
 *
 * @param key which pod
 * @param uid tells a pod from a later one under the same name
 * @param address in the node's pod CIDR, or the node's own on its network
 */
public record PodPlacement(
    PodKey key, String uid, LabNode node, Attachment attachment, Ipv4Address address) {

  /** Which network a pod is on. */
  public enum Attachment {
    /** One of its own. */
    POD_NETWORK,
    /** Its node's. */
    HOST_NETWORK
  }

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

  /** Its address of IPv6, if it has one. */
  public Optional<Ipv6Address> addressV6() {
    return Topology.ipv6Of(node.stack(), address);
  }

  /** Whether it has no network of its own. */
  public boolean onHostNetwork() {
    return attachment == Attachment.HOST_NETWORK;
  }

  /** The network namespace in which its processes are. */
  public NetNamespace netNamespace() {
    return switch (attachment) {
      case POD_NETWORK -> NetNamespace.ofPod(key.namespace(), key.name());
      case HOST_NETWORK -> node.namespace();
    };
  }
}
