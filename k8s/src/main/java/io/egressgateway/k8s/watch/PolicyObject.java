package io.egressgateway.k8s.watch;

import io.egressgateway.core.model.PolicyKey;
import io.egressgateway.k8s.crd.EgressPolicy;
import io.egressgateway.policy.domain.SpecVersion;

/**
 * An EgressPolicy as the API has it. It is not translated yet, because what it means depends on the
 * defaults of its namespace and cluster.
 */
public record PolicyObject(PolicyKey.Namespaced key, SpecVersion version, EgressPolicy resource) {

  /** Whether it leaves the choice of the gateway to a default. */
  boolean namesNoGateway() {
    EgressPolicy.Spec spec = resource.getSpec();
    return spec == null || spec.egressGatewayName() == null || spec.egressGatewayName().isEmpty();
  }
}
