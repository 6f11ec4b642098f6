package io.egressgateway.policy.witness;

import io.egressgateway.core.model.NodeName;
import io.egressgateway.core.tls.CertificateNames;
import io.grpc.Context;

/**
 * Who speaks, as a certificate of our authority says. One certificate may have several roles: that
 * of a controller that serves a witness is a witness's, too.
 */
record Caller(CertificateNames names) {
  static final Context.Key<Caller> CURRENT = Context.key("caller");

  /** The alternative name in every witness's certificate, whatever its address is. */
  static final String WITNESS_DNS_NAME = "witness.egressgateway";

  private static final String AGENT_COMMON_NAME_PREFIX = "egressgateway-agent:";
  private static final String AGENT_DNS_SUFFIX = ".agent.egressgateway";

  boolean isAgentOf(NodeName node) {
    return names.has(AGENT_COMMON_NAME_PREFIX + node, node + AGENT_DNS_SUFFIX);
  }

  boolean isController() {
    return names.has("egressgateway-controller", "controller.egressgateway");
  }

  boolean isWitness() {
    return names.has("egressgateway-witness", WITNESS_DNS_NAME);
  }

  /** For messages and for counting what it costs. */
  @Override
  public String toString() {
    return names.commonName().orElseGet(() -> String.join(",", names.dnsNames()));
  }
}
