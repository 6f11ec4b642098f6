/**
 * The agent as a process: its command line, its state directory and the composition of its parts.
 * Nothing is decided here but which part gets which setting.
 */
@NullMarked
package io.egressgateway.node.app;

import org.jspecify.annotations.NullMarked;
