package io.egressgateway.node.netlink.wire.conntrack;

import java.util.OptionalLong;

/**
 * By what an entry is found.
 *
 * @param original the direction of the first packet
 * @param zone 0 unless somebody keeps apart flows with the same addresses
 * @param id the kernel's own, if it is to be exactly that entry and no later one of the same
 *     addresses
 */
public record FlowKey(Tuple original, int zone, OptionalLong id) {
  /** The entry of these addresses in the common zone, whichever it is. */
  public static FlowKey of(Tuple original) {
    return new FlowKey(original, 0, OptionalLong.empty());
  }
}
