/** Tests of the module as a whole. */
@NullMarked
package io.egressgateway.node;

import org.jspecify.annotations.NullMarked;
