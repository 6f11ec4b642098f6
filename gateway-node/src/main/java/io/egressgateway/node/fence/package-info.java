/**
 * Lets the kernel itself end the use of an egress IP when the node's lease ends, whatever becomes
 * of this process. It knows gates and deadlines; who may hold an address is decided elsewhere.
 */
@NullMarked
package io.egressgateway.node.fence;

import org.jspecify.annotations.NullMarked;
