package io.egressgateway.k8s.watch;

import io.egressgateway.core.model.IpAddress;
import io.egressgateway.core.model.NodeName;
import io.egressgateway.k8s.crd.ApiGroup;

/** What an operator wants of a gateway, once: an annotation that goes when it has been answered. */
public sealed interface GatewayOrder {

  /** Key of the annotation. */
  String annotation();

  /** The annotation's value. */
  String value();

  /** Chosen by whoever wrote the annotation. */
  String id();

  /** One egress IP on one node. */
  record Move(String value, String id, IpAddress address, NodeName node) implements GatewayOrder {
    @Override
    public String annotation() {
      return ApiGroup.MOVE_ANNOTATION;
    }
  }

  /** All egress IPs spread evenly. */
  record Rebalance(String id) implements GatewayOrder {
    @Override
    public String annotation() {
      return ApiGroup.REBALANCE_ANNOTATION;
    }

    @Override
    public String value() {
      return id;
    }
  }

  /** A node of the gateway is off, somebody says. */
  record Fence(String value, String id, NodeName node, Assertion assertion)
      implements GatewayOrder {
    @Override
    public String annotation() {
      return ApiGroup.FENCE_ANNOTATION;
    }
  }

  /** Who vouches, and what for. */
  record Assertion(String by, String reason) {}

  /**
   * An annotation that says nothing that can be done.
   *
   * @param id {@link #NO_ID} if that cannot be read either
   * @param reason names the remedy
   */
  record Unreadable(String annotation, String value, String id, String reason)
      implements GatewayOrder {
    static final String NO_ID = "unreadable";
  }
}
