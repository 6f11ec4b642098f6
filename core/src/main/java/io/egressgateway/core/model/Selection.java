package io.egressgateway.core.model;

import java.util.Optional;

/** Whose traffic a policy is about. */
public sealed interface Selection {

  /** Which namespaces; empty means all that the policy's scope reaches. */
  Optional<LabelSelector> namespaceSelector();

  /**
   * Pods by label.
   *
   * @param namespaceSelector which namespaces; empty means all that the policy's scope reaches: its
   *     own namespace for an EgressPolicy, every namespace for an EgressClusterPolicy
   */
  record Pods(LabelSelector podSelector, Optional<LabelSelector> namespaceSelector)
      implements Selection {}

  /**
   * Pods by address: of a pod, those addresses that are in a block.
   *
   * @param namespaceSelector as in {@link Pods}
   */
  record Subnets(CidrSet cidrs, Optional<LabelSelector> namespaceSelector) implements Selection {

    /**
     * Checks that there is an address.
     *
     * @throws IllegalArgumentException when there is no address
     */
    public Subnets {
      if (cidrs.isEmpty()) {
        throw new IllegalArgumentException("a selection by subnet needs at least one CIDR");
      }
    }
  }
}
