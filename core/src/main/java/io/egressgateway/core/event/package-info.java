/**
 * The facts that are journalled. Each is immutable, in the past tense, and holds all that replay
 * needs; the names and versions of their bytes are not here but in the journal's format.
 */
@NullMarked
package io.egressgateway.core.event;

import org.jspecify.annotations.NullMarked;
