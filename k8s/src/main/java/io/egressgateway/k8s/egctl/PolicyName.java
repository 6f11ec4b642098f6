package io.egressgateway.k8s.egctl;

import io.egressgateway.core.model.PolicyKey;

/** A policy as the command line names it. */
record PolicyName(PolicyKey key) {

  /**
   * {@code namespace/name} is an EgressPolicy, {@code name} an EgressClusterPolicy.
   *
   * @throws IllegalArgumentException if it is neither
   */
  static PolicyName parse(String text) {
    String kind = text.contains("/") ? PolicyKey.NAMESPACED_KIND : PolicyKey.CLUSTER_KIND;
    return new PolicyName(PolicyKey.parse(kind + "/" + text));
  }
}
