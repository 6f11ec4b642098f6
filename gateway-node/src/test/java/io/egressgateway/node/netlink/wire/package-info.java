/** Tests of the codecs: they read what they write, and survive what nobody should write. */
@NullMarked
package io.egressgateway.node.netlink.wire;

import org.jspecify.annotations.NullMarked;
