package io.egressgateway.node.netlink.wire.nft;

import java.util.OptionalInt;

/**
 * How a rule or an element names its set.
 *
 * @param name the set's, or the pattern an anonymous set was created with
 * @param batchNumber within the transaction that creates the set, and there only; what an anonymous
 *     set is found by
 */
public record SetReference(String name, OptionalInt batchNumber) {
  /** A set by its name. */
  public static SetReference named(SetId id) {
    return new SetReference(id.name(), OptionalInt.empty());
  }

  /** A set made in the same transaction. */
  public static SetReference inBatch(SetId id, int batchNumber) {
    return new SetReference(id.name(), OptionalInt.of(batchNumber));
  }
}
