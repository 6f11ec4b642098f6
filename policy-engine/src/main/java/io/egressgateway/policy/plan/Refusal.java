package io.egressgateway.policy.plan;

/** Why a gateway gives a policy no address. */
public enum Refusal {
  /** No EgressGateway of this name exists. */
  GATEWAY_NOT_FOUND("GatewayNotFound"),
  /** The EgressGateway exists, but no valid spec of it has been seen yet. */
  GATEWAY_NOT_READY("GatewayNotReady"),
  /** The EgressGateway is being deleted. */
  GATEWAY_RETIRING("GatewayRetiring"),
  /** An address that the policy names is in no pool of the gateway. */
  EGRESS_IP_NOT_IN_POOL("EgressIpNotInPool"),
  /** Every address of the pool is taken. */
  POOL_EXHAUSTED("PoolExhausted"),
  /** The gateway has no pool at all. */
  POOL_EMPTY("PoolEmpty"),
  /** The gateway does not serve the policy's namespace. */
  NAMESPACE_NOT_ALLOWED("NamespaceNotAllowed");

  private final String reason;

  Refusal(String reason) {
    this.reason = reason;
  }

  /** The reason of the status condition: one word in CamelCase. */
  public String reason() {
    return reason;
  }
}
