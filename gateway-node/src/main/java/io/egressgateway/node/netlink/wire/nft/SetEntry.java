package io.egressgateway.node.netlink.wire.nft;

/**
 * A set as the kernel holds it.
 *
 * @param handle the kernel's number for it
 */
public record SetEntry(NftSet set, long handle) {}
