/** Tests of the link-layer frames. */
@NullMarked
package io.egressgateway.node.netlink.wire.frame;

import org.jspecify.annotations.NullMarked;
