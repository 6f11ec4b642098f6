package io.egressgateway.node.netlink.wire.conntrack;

/**
 * What the kernel knows of a flow besides its addresses.
 *
 * @param status IPS_… bits
 * @param mark all 32 bits count
 * @param timeoutSeconds until it is forgotten without another packet; 0 to 2^32 - 1
 */
public record Progress(int status, int mark, long timeoutSeconds, ProtocolState protocol) {
  /** Whether all bits of {@code mask} are set in the status. */
  public boolean hasStatus(int mask) {
    return (status & mask) == mask;
  }
}
