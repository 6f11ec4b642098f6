package io.egressgateway.k8s.translate;

import io.egressgateway.core.model.Cidr;
import io.egressgateway.core.model.IpAddress;
import io.egressgateway.core.model.Labels;
import io.egressgateway.core.model.NodeName;
import java.util.Collections;
import java.util.Optional;
import java.util.SortedSet;
import java.util.TreeSet;

/**
 * What matters of a Node.
 *
 * @param id which node
 * @param labels of the node
 * @param availability whether it may be given work
 * @param network its addresses
 */
public record NodeFacts(Id id, Labels labels, Availability availability, Network network) {

  /** Which node; another uid under the same name is another machine. */
  public record Id(NodeName name, String uid) {}

  /** Whether a node may be given work. */
  public enum Availability {
    /** It is ready. */
    READY,
    /** It is ready, and cordoned. */
    CORDONED,
    /** It is ready, and an operator empties it of egress IPs. */
    DRAINING,
    /** Its kubelet says that it is not ready, or is silent. */
    NOT_READY
  }

  /**
   * The node's addresses.
   *
   * @param internal its InternalIP addresses
   * @param pods the blocks that its pods' addresses are from, if Kubernetes gives them out
   */
  public record Network(SortedSet<IpAddress> internal, SortedSet<Cidr> pods) {
    public Network {
      internal = Collections.unmodifiableSortedSet(new TreeSet<>(internal));
      pods = Collections.unmodifiableSortedSet(new TreeSet<>(pods));
    }
  }

  /** Where its tunnel is reached: IPv4 where it has both. */
  public Optional<IpAddress> underlay() {
    return network.internal().stream().findFirst();
  }
}
