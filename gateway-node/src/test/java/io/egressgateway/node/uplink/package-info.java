/** Tests of the watch on the uplink; those with a segment have network namespaces of their own. */
@NullMarked
package io.egressgateway.node.uplink;

import org.jspecify.annotations.NullMarked;
