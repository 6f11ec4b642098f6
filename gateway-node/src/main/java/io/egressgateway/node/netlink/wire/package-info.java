/**
 * What netlink messages look like: headers, attributes and the codecs above them. Pure: nothing
 * here opens a socket, reads a clock or depends on more than the JDK's buffers and the address
 * types.
 */
@NullMarked
package io.egressgateway.node.netlink.wire;

import org.jspecify.annotations.NullMarked;
