package io.egressgateway.policy.link;

import io.egressgateway.core.model.NodeName;
import io.egressgateway.core.tls.CertificateNames;
import java.security.cert.X509Certificate;

/** Which node a client certificate speaks for. */
final class AgentIdentity {
  private static final String COMMON_NAME_PREFIX = "egressgateway-agent:";
  private static final String DNS_SUFFIX = ".agent.egressgateway";

  private AgentIdentity() {}

  /**
   * Whether the certificate is the agent's of this node. A node name may be longer than a common
   * name, so that the alternative name counts too.
   */
  static boolean speaksFor(X509Certificate certificate, NodeName node) {
    return CertificateNames.of(certificate).has(COMMON_NAME_PREFIX + node, node + DNS_SUFFIX);
  }
}
