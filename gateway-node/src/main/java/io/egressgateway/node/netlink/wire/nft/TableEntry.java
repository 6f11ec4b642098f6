package io.egressgateway.node.netlink.wire.nft;

import java.util.OptionalInt;

/**
 * A table as the kernel holds it.
 *
 * @param handle the kernel's number for it
 * @param owner port id of the socket that owns it
 */
public record TableEntry(NftTable table, long handle, OptionalInt owner) {}
