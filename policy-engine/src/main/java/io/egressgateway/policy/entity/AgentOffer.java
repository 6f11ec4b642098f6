package io.egressgateway.policy.entity;

import io.egressgateway.core.lease.LeaseTerms;
import io.egressgateway.core.model.Epoch;
import io.egressgateway.core.model.IpAddress;
import io.egressgateway.core.model.NodeName;
import io.egressgateway.core.model.NodeSession;
import io.egressgateway.core.model.WitnessAddress;
import io.egressgateway.core.model.WitnessLoss;
import io.egressgateway.core.plan.NodePlan;
import io.egressgateway.core.plan.PlanDelta;
import java.util.List;
import java.util.Objects;

/** What a node tells the session of its agent. */
public sealed interface AgentOffer extends ClusterMessage {

  /** The kernel should have this. The session passes it on as it is. */
  record WholePlan(NodePlan plan) implements AgentOffer {}

  /** The kernel should have what this makes of the plan at the delta's base. */
  record ChangedPlan(PlanDelta delta) implements AgentOffer {}

  /**
   * The node is to keep a lease.
   *
   * @param membership digest of the list of witnesses
   */
  record Enlist(LeaseTerms terms, List<WitnessAddress> witnesses, String membership)
      implements AgentOffer {
    public Enlist {
      witnesses = List.copyOf(witnesses);
    }
  }

  /** The node needs no lease any more. */
  record Dismiss() implements AgentOffer {}

  /** The session may hold the address: that is journalled. */
  record Grant(IpAddress address, Epoch epoch, NodeSession session, WitnessLoss onLoss)
      implements AgentOffer {
    public Grant {
      // A controller of an earlier version does not say.
      onLoss = Objects.requireNonNullElse(onLoss, WitnessLoss.CLOSE);
    }

    /** Of an address that ends with the session's lease. */
    public Grant(IpAddress address, Epoch epoch, NodeSession session) {
      this(address, epoch, session, WitnessLoss.CLOSE);
    }
  }

  /** The session is to stop holding the address. */
  record Release(IpAddress address, Epoch epoch, NodeSession session) implements AgentOffer {}

  /**
   * The address is about to move: its connections should be there first.
   *
   * @param receiver the node that gets them
   */
  record WantFlows(FlowParcel.Eip eip, NodeName receiver) implements AgentOffer {}

  /** Connections of an address that the node is about to hold. */
  record TakeFlows(NodeName sender, FlowParcel parcel) implements AgentOffer {}

  /**
   * An address whose connections another node is told of.
   *
   * @param receiver the node that is told
   */
  record Replicated(FlowParcel.Eip eip, NodeName receiver) {}

  /** Other nodes are to be told of these connections all the time, and of no others. */
  record Replicate(List<Replicated> replicated) implements AgentOffer {
    public Replicate {
      replicated = List.copyOf(replicated);
    }
  }

  /** What is new of the connections of an address that another node holds. */
  record TakeReplica(NodeName sender, FlowReplica part) implements AgentOffer {}

  /**
   * The agent is to read its kernel.
   *
   * @param id for the answer
   */
  record AskKernel(long id, KernelQuestion question) implements AgentOffer {}

  /** There is proof that the session is over. */
  record Fence(NodeSession session) implements AgentOffer {}

  /**
   * The node does not know the session, which speaks as if it did: it should attach at once. A node
   * that has started on another controller finds its agent again by it.
   */
  record Introduce() implements AgentOffer {}

  /** Another session of the same node has taken over: this one ends. */
  record Superseded() implements AgentOffer {}
}
