package io.egressgateway.core.model;

/** What {@link PoolEntry#parse} made of one item of {@code spec.ippools}. */
public sealed interface PoolParse {

  /** The item is well formed; the range holds the addresses that may be handed out. */
  record Valid(IpRange range) implements PoolParse {}

  /**
   * The item is refused.
   *
   * @param text the item as the user wrote it
   * @param reason one sentence for the user that names the item and, where there is one, the remedy
   */
  record Invalid(String text, String reason) implements PoolParse {}
}
