package io.egressgateway.load.api.store;

/** Where a resource's names are unique. */
public enum Scope {
  /** In the whole cluster. */
  CLUSTER,
  /** In each namespace. */
  NAMESPACED
}
