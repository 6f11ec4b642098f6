package io.egressgateway.core.model;

/**
 * Two ranges of one pool that share an address.
 *
 * @param lower the one that starts first
 * @param upper the other
 */
public record Overlap(IpRange lower, IpRange upper) {

  /** One sentence that names both. */
  @Override
  public String toString() {
    return lower + " overlaps " + upper;
  }
}
