package io.egressgateway.node.agent;

import io.egressgateway.core.lease.AgentLeaseCore;
import io.egressgateway.core.lease.LeaseTerms;
import io.egressgateway.core.link.WitnessMembership;
import io.egressgateway.core.model.IpAddress;
import io.egressgateway.node.fence.Places;
import io.egressgateway.node.kernel.Uplink;
import java.util.Collections;
import java.util.SortedSet;
import java.util.TreeSet;
import java.util.concurrent.CompletionStage;

/**
 * This node's lease, as the rest of the agent deals with it. It alone opens and closes the gates of
 * egress IPs. Every method returns at once and may be called by any thread.
 */
public interface NodeLease {

  /** Where a lease is to be had, and on which terms. */
  record Enlistment(LeaseTerms terms, WitnessMembership witnesses) {}

  /**
   * Egress IPs on their links.
   *
   * @param uplink knows the link that answers for each
   * @param addresses all of this node's
   */
  record Holding(Uplink uplink, SortedSet<IpAddress> addresses) {
    public Holding {
      addresses = Collections.unmodifiableSortedSet(new TreeSet<>(addresses));
    }

    /** Which link answers for which. */
    public Places places() {
      return Places.of(uplink.name(), addresses, address -> uplink.portOf(address).name());
    }
  }

  /** Get a lease and keep it. */
  void enlist(Enlistment enlistment);

  /** Something has happened that concerns the lease. */
  void tell(AgentLeaseCore.Event event);

  /**
   * To be completed before the kernel is changed: each address of {@code next} gets a gate, closed
   * if it is new, and the gates of all others are closed.
   *
   * @return {@code next}; it fails with {@link io.egressgateway.node.kernel.KernelFault}
   */
  CompletionStage<Holding> expect(Holding next);

  /** The kernel has exactly these addresses, with all that they need but an open gate. */
  void ready(Holding holding);
}
