package io.egressgateway.core.event;

import io.egressgateway.core.model.EipNumber;
import io.egressgateway.core.model.Epoch;
import io.egressgateway.core.model.IpAddress;
import io.egressgateway.core.model.Ipv4Address;
import io.egressgateway.core.model.Ipv6Address;
import io.egressgateway.core.model.MacAddress;
import io.egressgateway.core.model.NodeNumber;
import io.egressgateway.core.model.NodeSession;
import io.egressgateway.core.model.Revision;
import io.egressgateway.core.model.WitnessLoss;
import java.time.Instant;
import java.util.Optional;

/** What happened to a node: its tunnel identity, its plan's revisions, the addresses it holds. */
public sealed interface NodeEvent {
  Instant at();

  /** The node joined the tunnel mesh. Another uid under the same name is another machine. */
  record NodeRegistered(String uid, TunnelIdentity tunnel, Instant at) implements NodeEvent {}

  /**
   * A node's end of the tunnel, for as long as the node exists.
   *
   * @param number unique in the cluster
   * @param mac address of the tunnel device
   */
  record TunnelIdentity(
      NodeNumber number, MacAddress mac, Optional<Ipv4Address> ipv4, Optional<Ipv6Address> ipv6) {}

  /**
   * No plan at or below this revision will be numbered anew. Revisions are reserved in blocks, so
   * that a plan costs no write and yet none repeats after a crash.
   */
  record RevisionsReserved(Revision upTo, Instant at) implements NodeEvent {}

  /**
   * The session may hold the address.
   *
   * @param onLoss as it was assigned
   */
  record EipGranted(
      IpAddress address,
      EipNumber number,
      Epoch epoch,
      NodeSession session,
      WitnessLoss onLoss,
      Instant at)
      implements NodeEvent {

    /** A grant that ends with the session's lease. */
    public EipGranted(
        IpAddress address, EipNumber number, Epoch epoch, NodeSession session, Instant at) {
      this(address, number, epoch, session, WitnessLoss.CLOSE, at);
    }
  }

  /** The node shall not hold the address in this epoch any more. */
  record EipWithdrawn(IpAddress address, Epoch epoch, Instant at) implements NodeEvent {}

  /** The session is over for good: nothing is granted to it again. */
  record SessionRevoked(NodeSession session, OwnershipProof proof, Instant at)
      implements NodeEvent {}

  /**
   * No controller has heard of the session for too long, though it keeps its lease: it gets nothing
   * any more, and the witnesses are asked to renew its lease no more. What it holds it holds until
   * its end is proved.
   */
  record SessionDenied(NodeSession session, Instant at) implements NodeEvent {}

  /** The Kubernetes node object is gone. */
  record NodeRemoved(Instant at) implements NodeEvent {}
}
