/**
 * What the whole product takes, time and memory, in a lab of its own with real processes. It asks
 * for nothing that the demo does not ask for, and looks on from outside.
 */
@NullMarked
package io.egressgateway.load.bench.cluster;

import org.jspecify.annotations.NullMarked;
