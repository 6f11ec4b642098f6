/**
 * Whether the journal takes writes now: what real writes and, while there are none, a probe tell.
 */
@NullMarked
package io.egressgateway.persistence.health;

import org.jspecify.annotations.NullMarked;
