/** Tests of the fence, in network namespaces of their own. */
@NullMarked
package io.egressgateway.node.fence;

import org.jspecify.annotations.NullMarked;
