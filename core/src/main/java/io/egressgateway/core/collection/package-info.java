/**
 * Sorted collections that never change: a changed copy shares nearly everything with the one it was
 * made of, and two that are related are compared by what they do not share.
 */
@NullMarked
package io.egressgateway.core.collection;

import org.jspecify.annotations.NullMarked;
