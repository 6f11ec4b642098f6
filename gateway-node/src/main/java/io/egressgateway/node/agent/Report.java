package io.egressgateway.node.agent;

import io.egressgateway.core.lease.Standing;
import io.egressgateway.core.model.Epoch;
import io.egressgateway.core.model.IpAddress;
import io.egressgateway.core.model.MacAddress;
import io.egressgateway.core.model.NodeName;
import io.egressgateway.core.model.NodeSession;
import io.egressgateway.core.model.Revision;
import io.egressgateway.node.flow.FlowCourier;
import io.egressgateway.node.flow.FlowParcel;
import io.egressgateway.node.flow.FlowReplica;
import io.egressgateway.node.kernel.KernelFault;
import io.egressgateway.node.kernel.Uplink;
import io.egressgateway.node.kernel.WayFact;
import java.time.Duration;
import java.util.Collections;
import java.util.List;
import java.util.SortedSet;
import java.util.TreeSet;

/** What the agent tells the controllers. */
public sealed interface Report {

  /**
   * The kernel has the plan: written, and read back or acknowledged in a transaction, equal.
   *
   * @param took from receipt to read-back
   */
  record Applied(Revision revision, Duration took) implements Report {}

  /** The kernel could not be brought to the plan; the agent keeps trying. */
  record Failed(Revision revision, KernelFault fault) implements Report {}

  /**
   * What the node is connected with, how its clock runs, where its tunnel does not lead, and what
   * is wrong in its kernel.
   *
   * @param clockPpm rate of the steered clock off the hardware's; above 0 it runs fast
   * @param lostPaths gateway nodes that are used and not reached through the tunnel
   */
  record Facts(Uplink uplink, int clockPpm, SortedSet<NodeName> lostPaths, Findings findings)
      implements Report {
    public Facts {
      lostPaths = Collections.unmodifiableSortedSet(new TreeSet<>(lostPaths));
    }
  }

  /** The session is as it was said before, or has changed. */
  record Beat(NodeSession session, Standing standing) implements Report {}

  /** The gate of the address is open in the kernel. */
  record Opened(IpAddress address, Epoch epoch, NodeSession session) implements Report {}

  /** The gate of the address is closed in the kernel, and this grant will not open it again. */
  record Released(IpAddress address, Epoch epoch, NodeSession session) implements Report {}

  /** A foreign machine answers for the address. */
  record Conflict(IpAddress address, MacAddress mac) implements Report {}

  /** A part of the connections of an address, for the node that is about to hold it. */
  record FlowsHanded(FlowParcel parcel) implements Report {}

  /** What is new of the connections of an address that this node holds, for another node. */
  record FlowsReplicated(FlowReplica part) implements Report {}

  /** The connections of the address that another node sent are in the kernel. */
  record FlowsInstalled(IpAddress address, FlowCourier.Outcome outcome) implements Report {}

  /** The answer to a question about the kernel, which it names by its number. */
  record Examined(long question, Outcome outcome) implements Report {}

  /** What became of a question about the kernel. */
  sealed interface Outcome {
    /** In the order in which a packet meets them. */
    record Read(List<WayFact> facts) implements Outcome {
      public Read {
        facts = List.copyOf(facts);
      }
    }

    /** Why there is no answer, for people. */
    record Unread(String reason) implements Outcome {}
  }
}
