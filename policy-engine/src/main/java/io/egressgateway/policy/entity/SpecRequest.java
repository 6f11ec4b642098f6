package io.egressgateway.policy.entity;

import io.egressgateway.core.model.GatewayName;
import io.egressgateway.core.model.NodeName;
import io.egressgateway.core.model.PolicyKey;

/**
 * An entity has started and lacks what Kubernetes says about its object; whoever watches Kubernetes
 * sends it: {@code Apply}, {@code Withdraw} or {@code Retire}, {@code Observe} and {@code
 * Endpoints}, or {@code Remove}. Repeated until it came.
 */
public sealed interface SpecRequest extends WatcherMessage {

  /** The policy waits for {@link PolicyEntity.Apply} or {@link PolicyEntity.Withdraw}. */
  record OfPolicy(PolicyKey policy) implements SpecRequest {}

  /** The gateway waits for {@link GatewayEntity.Apply} or {@link GatewayEntity.Retire}. */
  record OfGateway(GatewayName gateway) implements SpecRequest {}

  /**
   * The node waits for {@link NodeEntity.Observe} and {@link NodeEntity.Endpoints}, or {@link
   * NodeEntity.Remove}.
   */
  record OfNode(NodeName node) implements SpecRequest {}
}
