package io.egressgateway.load.api.store;

/** How {@code status} is written. */
public enum StatusRule {
  /** With the rest of the object. */
  PART_OF_OBJECT,
  /** Only at {@code /status}; writes to the object itself leave it as it is. */
  SUBRESOURCE
}
