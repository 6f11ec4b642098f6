package io.egressgateway.policy.plan;

/** Why an operator's order to a gateway is not carried out. */
public enum OrderRefusal {
  /** No EgressGateway of this name exists, or no valid spec of it has been seen. */
  GATEWAY_NOT_READY("GatewayNotReady"),
  /** No policy uses the address. */
  ADDRESS_NOT_IN_USE("AddressNotInUse"),
  /** The gateway's selector does not match the node. */
  NODE_NOT_SELECTED("NodeNotSelected"),
  /** The node cannot be given addresses now. */
  NODE_NOT_FIT("NodeNotFit"),
  /** The node's agent speaks, or the node can hold nothing. */
  NOTHING_TO_FENCE("NothingToFence");

  private final String reason;

  OrderRefusal(String reason) {
    this.reason = reason;
  }

  /** One word in CamelCase. */
  public String reason() {
    return reason;
  }
}
