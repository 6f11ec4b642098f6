package io.egressgateway.k8s.status;

import io.egressgateway.core.model.PolicyKey;
import io.egressgateway.k8s.crd.EgressPolicyResource;
import java.util.Optional;

/**
 * Policies as a watch has shown them last, which may be a moment ago. Whoever writes a status needs
 * not ask the API for what he has already been told. Thread-safe.
 */
@FunctionalInterface
public interface SeenPolicies {
  /** The object, which must not be changed; empty if the watch has not shown it. */
  Optional<EgressPolicyResource> find(PolicyKey policy);
}
