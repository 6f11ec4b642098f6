/**
 * The native edge: the only package that calls the C library. It moves bytes and turns errno into
 * exceptions; what the bytes mean is known by {@code netlink.wire}.
 */
@NullMarked
package io.egressgateway.node.netlink.socket;

import org.jspecify.annotations.NullMarked;
