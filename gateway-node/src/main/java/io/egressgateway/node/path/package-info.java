/** Whether the tunnel leads to the gateway nodes that this node uses. Moves nothing. */
@NullMarked
package io.egressgateway.node.path;

import org.jspecify.annotations.NullMarked;
