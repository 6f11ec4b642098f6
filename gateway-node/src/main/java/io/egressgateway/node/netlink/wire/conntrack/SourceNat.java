package io.egressgateway.node.netlink.wire.conntrack;

import io.egressgateway.core.model.IpAddress;
import java.util.OptionalInt;

/**
 * What the kernel is to make of a new entry's source: exactly this address and port.
 *
 * @param port of protocols with ports; empty to keep the source's own if it is free
 */
public record SourceNat(IpAddress address, OptionalInt port) {}
