/** The fault matrix in the lab: real processes, real kernels, oracles. These tests need root. */
@NullMarked
package io.egressgateway.load.failover;

import org.jspecify.annotations.NullMarked;
