/** Tells what a node's kernel has of what the agent needs, and what others have in its way. */
@NullMarked
package io.egressgateway.node.doctor;

import org.jspecify.annotations.NullMarked;
