/**
 * Keeps this node's lease: one thread that drives the lease's state machine, writes the gates to
 * the kernel's fence and announces what is open. What is decided is decided in {@code core.lease};
 * how a gate looks in the kernel is the business of {@code node.fence}.
 */
@NullMarked
package io.egressgateway.node.lease;

import org.jspecify.annotations.NullMarked;
