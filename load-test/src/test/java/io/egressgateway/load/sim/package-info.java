/** Tests of the simulator, which are tests of the ownership protocol and of its checker. */
@NullMarked
package io.egressgateway.load.sim;

import org.jspecify.annotations.NullMarked;
