/** The oracles themselves: what they must see, and what they must not take for a fault. */
@NullMarked
package io.egressgateway.load.oracle;

import org.jspecify.annotations.NullMarked;
