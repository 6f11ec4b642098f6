/**
 * What a node's kernel should have, as values. Nothing here decides who holds an address, and
 * nothing here knows how a kernel is programmed.
 */
@NullMarked
package io.egressgateway.core.plan;

import org.jspecify.annotations.NullMarked;
