/** Tests of nettools on loopback. */
@NullMarked
package io.egressgateway.load.nettools;

import org.jspecify.annotations.NullMarked;
