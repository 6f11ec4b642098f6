package io.egressgateway.k8s.watch;

import io.egressgateway.core.model.PolicyKey;
import io.egressgateway.k8s.crd.EgressPolicyResource;
import io.egressgateway.k8s.translate.PolicyTranslator;
import io.egressgateway.policy.domain.SpecVersion;

/**
 * A policy as the API has it. It is not translated yet, because what it means depends on the
 * defaults of its namespace and cluster.
 */
public record PolicyObject(PolicyKey key, SpecVersion version, EgressPolicyResource resource) {

  /** Whether it says where to, other than by exceptions. */
  boolean namesDestinations() {
    return PolicyTranslator.namesDestinations(resource);
  }

  /** Whether it leaves the choice of the gateway to a default. */
  boolean namesNoGateway() {
    return PolicyTranslator.namesNoGateway(resource);
  }
}
