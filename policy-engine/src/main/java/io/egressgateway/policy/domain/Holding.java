package io.egressgateway.policy.domain;

import io.egressgateway.core.model.GatewayName;
import io.egressgateway.core.model.NodeName;
import java.util.Optional;

/** Who holds an egress IP, as its ledger tells the gateway. */
public sealed interface Holding {

  /** Nobody: packets to be sent with the address are dropped. */
  record Nobody() implements Holding {}

  /** Nobody, and no node of the gateway could. */
  record Unplaced() implements Holding {}

  /** The node owns the address but has not confirmed that its kernel has it. */
  record Assigned(NodeName node) implements Holding {}

  /** The node's kernel answers for the address. */
  record Programmed(NodeName node) implements Holding {}

  /** The node was asked to stop and has not confirmed that it did; it may still answer. */
  record Leaving(NodeName node) implements Holding {}

  /** The address belongs to another gateway as long as that gateway has users for it. */
  record Occupied(GatewayName gateway) implements Holding {}

  /** The node that owns the address, whether or not its kernel has it. */
  default Optional<NodeName> holder() {
    return switch (this) {
      case Assigned assigned -> Optional.of(assigned.node());
      case Programmed programmed -> Optional.of(programmed.node());
      case Leaving leaving -> Optional.of(leaving.node());
      case Nobody ignored -> Optional.empty();
      case Unplaced ignored -> Optional.empty();
      case Occupied ignored -> Optional.empty();
    };
  }
}
