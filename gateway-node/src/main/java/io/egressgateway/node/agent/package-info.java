/**
 * The agent's effects: it takes plans from a controller, brings the kernel to them and says so.
 * What the kernel should have is computed in {@code node.kernel}; who holds an address is decided
 * by the controllers.
 */
@NullMarked
package io.egressgateway.node.agent;

import org.jspecify.annotations.NullMarked;
