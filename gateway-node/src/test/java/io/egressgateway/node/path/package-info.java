/** Tests of the watch over the tunnel's paths; the one with a kernel is with the agent's. */
@NullMarked
package io.egressgateway.node.path;

import org.jspecify.annotations.NullMarked;
