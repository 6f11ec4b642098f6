package io.egressgateway.k8s.status;

/** Where statuses are kept. */
interface StatusStore {

  /**
   * Makes the store show what is wanted, and writes only if it does not yet. Blocks; may be called
   * from several threads, though not for one object at a time. Idempotent; throws nothing.
   */
  Outcome write(Wanted wanted);

  /** Policies need not be read again that are seen here. */
  void see(SeenPolicies policies);

  /**
   * Somebody else may have changed what was written here: what is remembered of it is forgotten.
   */
  void doubt();
}
