/** Tests of witnesses as processes, with the clients that agents and controllers have. */
@NullMarked
package io.egressgateway.load.witness;

import org.jspecify.annotations.NullMarked;
