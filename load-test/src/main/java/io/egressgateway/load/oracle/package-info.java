/**
 * Independent witnesses of what the product does, from outside: who answers for an egress IP on the
 * wire, which sources the server sees and when, what stands in the nodes' kernels. They believe no
 * log and no status of the product, and change nothing.
 */
@NullMarked
package io.egressgateway.load.oracle;

import org.jspecify.annotations.NullMarked;
