package io.egressgateway.policy.entity;

import io.egressgateway.core.plan.NodePlan;
import io.egressgateway.core.plan.PlanDelta;

/** What a node tells the session of its agent. */
public sealed interface AgentOffer extends ClusterMessage {

  /** The kernel should have this. The session passes it on as it is. */
  record WholePlan(NodePlan plan) implements AgentOffer {}

  /** The kernel should have what this makes of the plan at the delta's base. */
  record ChangedPlan(PlanDelta delta) implements AgentOffer {}

  /** Another session of the same node has taken over: this one ends. */
  record Superseded() implements AgentOffer {}
}
