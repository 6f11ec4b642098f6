package io.egressgateway.node.netlink.wire.conntrack;

import java.util.Optional;

/**
 * One tracked connection.
 *
 * @param sourceNat only of entries to be made: the kernel tells of translation by the tuples alone
 */
public record ConntrackEntry(
    FlowKey key, Tuple reply, Progress progress, Optional<SourceNat> sourceNat) {
  /** An entry as the kernel tells of it. */
  public static ConntrackEntry observed(FlowKey key, Tuple reply, Progress progress) {
    return new ConntrackEntry(key, reply, progress, Optional.empty());
  }
}
