/**
 * What a node's kernel should have, what it has, and the ordered difference, as values. It sends
 * nothing, reads nothing and decides nothing about who holds an address.
 */
@NullMarked
package io.egressgateway.node.kernel;

import org.jspecify.annotations.NullMarked;
