/**
 * The link-layer frames that tell or ask a LAN who holds an address: ARP and neighbour discovery.
 * Encoders and decoders only; sending is {@code netlink.socket.PacketSocket}'s.
 */
@NullMarked
package io.egressgateway.node.netlink.wire.frame;

import org.jspecify.annotations.NullMarked;
