package io.egressgateway.node.netlink.wire.nft;

/**
 * A chain as the kernel holds it.
 *
 * @param handle the kernel's number for it
 */
public record ChainEntry(NftChain chain, long handle) {}
