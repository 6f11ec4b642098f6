package io.egressgateway.policy.entity;

import io.egressgateway.core.event.OwnershipProof.FenceAsserted;
import io.egressgateway.core.model.NodeName;
import io.egressgateway.policy.domain.Node;
import io.egressgateway.policy.plan.OrderRefusal;
import java.util.Optional;

/** An operator's word that a machine is off, and what is answered to it. */
record FenceOrder(NodeName node, NodeEntity.AssertFence fence) {

  /** The reason as the journal has it; the order's name tells a repetition from a new order. */
  String journalled() {
    return fence.reason() + " (order " + fence.order() + ")";
  }

  GatewayEntity.OrderReply accepted() {
    return new GatewayEntity.OrderAccepted(fence.order());
  }

  /** What can be answered without doing anything. */
  Optional<GatewayEntity.OrderReply> answer(Node.State state, NodeLease lease) {
    boolean done =
        state.revoked().stream()
            .anyMatch(
                revocation ->
                    revocation.proof() instanceof FenceAsserted asserted
                        && asserted.reason().equals(journalled()));
    if (done) {
      return Optional.of(accepted());
    }
    return lease.isFenceable()
        ? Optional.empty()
        : Optional.of(
            new GatewayEntity.OrderDeclined(
                fence.order(),
                OrderRefusal.NOTHING_TO_FENCE,
                "either the agent of node "
                    + node
                    + " speaks, so that the machine is not off: stop it, or move what it holds with"
                    + " 'egctl drain "
                    + node
                    + "'; or nothing that it may still hold is known"));
  }
}
