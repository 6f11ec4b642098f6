/**
 * Tracked connections as values, with the codec for the messages of ctnetlink. It decides nothing
 * about which connections matter.
 */
@NullMarked
package io.egressgateway.node.netlink.wire.conntrack;

import org.jspecify.annotations.NullMarked;
