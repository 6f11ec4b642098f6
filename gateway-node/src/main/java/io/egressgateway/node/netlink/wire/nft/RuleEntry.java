package io.egressgateway.node.netlink.wire.nft;

/**
 * A rule as the kernel holds it.
 *
 * @param handle the kernel's number for it, by which it is deleted
 */
public record RuleEntry(NftRule rule, long handle) {}
