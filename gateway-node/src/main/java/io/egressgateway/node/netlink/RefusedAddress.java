package io.egressgateway.node.netlink;

import io.egressgateway.node.netlink.socket.NetlinkException;
import io.egressgateway.node.netlink.wire.route.Address;

/** One of several addresses, which the kernel refused to change as it was asked to. */
public record RefusedAddress(Address address, NetlinkException reason) {}
