package io.egressgateway.policy.entity;

import io.egressgateway.core.plan.NodePlan;

/** What a node tells the session of its agent. */
public sealed interface AgentOffer extends ClusterMessage {

  /** The kernel should have this. The session passes it on as it is. */
  record WholePlan(NodePlan plan) implements AgentOffer {}

  /** Another session of the same node has taken over: this one ends. */
  record Superseded() implements AgentOffer {}
}
