package io.egressgateway.node.netlink.socket;

import io.egressgateway.node.netlink.wire.NetlinkMessage;

/**
 * A message and the words for it in an error.
 *
 * @param operation what it does to which object, such as {@code add route 10.0.0.0/8}
 */
public record Request(String operation, NetlinkMessage message) {}
