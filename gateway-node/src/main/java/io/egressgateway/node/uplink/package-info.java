/**
 * Watches the link by which egress IPs are reached: whether it still leads anywhere, and whether
 * another host claims one of our addresses. It tells; what follows is decided elsewhere.
 */
@NullMarked
package io.egressgateway.node.uplink;

import org.jspecify.annotations.NullMarked;
