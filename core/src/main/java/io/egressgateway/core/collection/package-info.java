/**
 * Sorted collections that never change. Of most a changed copy shares nearly everything with the
 * one it was made of, and two that are related are compared by what they do not share; {@link
 * io.egressgateway.core.collection.CompactSet} is for what there is much of.
 */
@NullMarked
package io.egressgateway.core.collection;

import org.jspecify.annotations.NullMarked;
